package org.libproc4j.internal.ptrace;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.libproc4j.internal.linux.Err;

/** Threads that wait for a tracer to change something. */
final class Waiters {
  private record Waiter(Thread thread, BooleanSupplier condition) {}

  private final ConcurrentLinkedQueue<Waiter> waiting = new ConcurrentLinkedQueue<>();

  /**
   * Waits until the condition holds.
   *
   * @param condition asked by the tracer's thread as well
   * @param deadline by {@link System#nanoTime}, or {@link Deadline#NEVER}
   * @return 0, −ETIMEDOUT, or −EINTR with the thread's interrupt flag still set
   */
  int await(BooleanSupplier condition, long deadline) {
    Waiter self = new Waiter(Thread.currentThread(), condition);
    waiting.add(self);
    try {
      if (Spin.until(condition, Spin.LONG_NANOS)) {
        return 0;
      }
      while (true) {
        if (condition.getAsBoolean()) {
          return 0;
        }
        if (self.thread.isInterrupted()) {
          return -Err.EINTR;
        }
        if (deadline == Deadline.NEVER) {
          LockSupport.park(this);
        } else {
          long left = deadline - System.nanoTime();
          if (left <= 0) {
            return -Err.ETIMEDOUT;
          }
          LockSupport.parkNanos(this, left);
        }
      }
    } finally {
      waiting.remove(self);
    }
  }

  /** As {@link #await}, but deaf to interrupts: the flag is set again afterwards. */
  int awaitDeaf(BooleanSupplier condition, long deadline) {
    boolean interrupted = false;
    int r;
    while ((r = await(condition, deadline)) == -Err.EINTR) {
      interrupted |= Thread.interrupted();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return r;
  }

  boolean isEmpty() {
    return waiting.isEmpty();
  }

  /**
   * Wakes those whose condition holds now: a process of a thousand threads changes a thousand times
   * before it is stopped.
   *
   * @return whether there were any
   */
  boolean wake() {
    if (waiting.isEmpty()) {
      return false;
    }
    boolean any = false;
    for (Waiter waiter : waiting) {
      if (waiter.condition.getAsBoolean()) {
        any = true;
        LockSupport.unpark(waiter.thread);
      }
    }
    return any;
  }
}
