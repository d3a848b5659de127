package org.libproc4j.internal.ptrace;

import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.libproc4j.internal.linux.Libc;

/** The way from a caller to a tracer. */
public abstract sealed class Control permits ConfinedControl, SharedControl {
  /** The tracer has ended: what it held runs on, and nobody serves calls any more. */
  public static final class EndedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    EndedException() {
      super("the tracer has ended");
    }
  }

  private final Libc libc;

  Control(Libc libc) {
    this.libc = libc;
  }

  /** The way to the kernel, also for what is done without the tracer. */
  public final Libc libc() {
    return libc;
  }

  /** Throws WrongThreadException where the calling thread may not call. */
  public abstract void checkThread();

  /** Whether calls are still served. */
  public abstract boolean isAlive();

  /**
   * Runs an operation on the tracer's thread and returns what it returns.
   *
   * @throws EndedException if the tracer has ended
   */
  public abstract <R> R call(Function<Engine, R> operation);

  /**
   * As {@link #call}, for at most some time.
   *
   * @return the result, or {@code late} if there is none by then; the operation may still run
   */
  public abstract <R> R call(Function<Engine, R> operation, long deadline, R late);

  /** As {@link Engine#direct(TracedProcess)}. */
  public abstract void direct(TracedProcess p);

  /** As {@link Engine#direct(Tracee)}. */
  public abstract void direct(Tracee t);

  /** As {@link Engine#refresh}. */
  public abstract void refresh(TracedProcess p);

  /** Directs, then waits for the process to stop or end: results as {@link #await}. */
  public int stop(TracedProcess p, long deadline) {
    direct(p);
    return await(p, deadline);
  }

  /** Directs, then waits for the thread to stop or end. */
  public int stop(Tracee t, BooleanSupplier givenUp, long deadline) {
    direct(t);
    return await(t, givenUp, deadline);
  }

  /** Waits for a process to stop or end; 0, −ETIMEDOUT, −EINTR, or why waiting failed. */
  public abstract int await(TracedProcess p, long deadline);

  /** Waits for a thread to stop or end, or for its handle to be given up. */
  public abstract int await(Tracee t, BooleanSupplier givenUp, long deadline);

  /** As {@link Engine#setRun(TracedProcess, int, boolean, boolean)}. */
  public abstract int setRun(TracedProcess p, int signal, boolean clearSignal, boolean step);

  /** Waits until a process is no longer held; 0 or −ETIMEDOUT, deaf to interrupts. */
  public abstract int awaitDeparture(TracedProcess p, long deadline);

  /** Waits until a process has ended; 0, −ETIMEDOUT or −EINTR. */
  public abstract int awaitEnd(TracedProcess p, long deadline);

  /**
   * Gives up a process while the tracer is stuck with it: the tracer will let it go. What stops in
   * the meantime is let go at once; of the rest, nobody may have directed it to stop.
   */
  public final void abandon(TracedProcess p) {
    p.letGo = LetGo.RUN;
    boolean _ =
        call(
            e -> {
              e.letGoAbandoned(p);
              return true;
            },
            System.nanoTime(),
            false);
  }

  /** Has everybody look again who waits for a process. */
  public final void wakeWaiters(TracedProcess p) {
    p.waiters.wake();
  }

  /** Ends a tracer that served one process alone, which it has let go. */
  public abstract void closeOwn();

  /** Frees what a tracer that has ended left open for a process. */
  public abstract void dispose(TracedProcess p);

  /** Lets everything go and ends the tracer. */
  public abstract void close();

  static boolean settled(TracedProcess p) {
    return p.stopped() || over(p);
  }

  static boolean settled(Tracee t) {
    return t.stopped() || t.gone() || over(t.process());
  }

  private static boolean over(TracedProcess p) {
    // Of a tracer that ends, a waiter learns by the fate.
    boolean released = p.letGo != null && p.letGo != LetGo.LOSE;
    return released || p.fate() != Fate.CONTROLLED || p.isOdd();
  }
}
