package org.libproc4j.internal.ptrace;

import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.libproc4j.internal.linux.Libc;
import org.libproc4j.internal.linux.WakeSignal;

/**
 * Ends a tracer's blocked wait, from another thread.
 *
 * <p>A signal that arrives just before the tracer enters its wait is lost, so the sender repeats it
 * until the tracer has answered.
 */
final class Waker {
  private static final long SHORTEST_PARK_NANOS = 50_000;
  private static final long LONGEST_PARK_NANOS = 2_000_000;

  private final Libc libc;
  private final int tid;
  private final BooleanSupplier pending;
  private volatile boolean asked;
  private volatile boolean waiting;

  /**
   * For the calling thread, which is the tracer.
   *
   * @param pending whether there is anything to be woken for: it is made so before {@link #wake}
   */
  Waker(Libc libc, BooleanSupplier pending) {
    this.libc = libc;
    this.pending = pending;
    this.tid = libc.gettid();
    WakeSignal.unblock(libc);
  }

  /**
   * The tracer is about to block; false if it must not, because somebody has asked. Who asks for
   * what was done before the question came does not count: a wait given up is dear.
   */
  boolean enter() {
    waiting = true;
    if (asked) {
      asked = false; // before the look: what is made pending later is asked for later
      if (pending.getAsBoolean()) {
        waiting = false;
        return false;
      }
    }
    return true;
  }

  /** The tracer is back from its wait. */
  void leave() {
    waiting = false;
  }

  /** The tracer is about to look for what it is asked. */
  void answer() {
    if (asked) {
      asked = false;
    }
  }

  /** Returns when the tracer is not blocked, or has begun to answer. */
  void wake() {
    asked = true;
    long park = 0;
    while (isDeaf()) {
      libc.tgkill(libc.getpid(), tid, WakeSignal.NUMBER);
      if (!Spin.until(() -> !isDeaf(), Spin.LONG_NANOS) && park > 0) {
        LockSupport.parkNanos(park);
      }
      park = Math.clamp(2 * park, SHORTEST_PARK_NANOS, LONGEST_PARK_NANOS);
    }
  }

  private boolean isDeaf() {
    return waiting && asked;
  }
}
