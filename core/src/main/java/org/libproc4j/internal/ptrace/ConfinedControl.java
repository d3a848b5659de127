package org.libproc4j.internal.ptrace;

import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.libproc4j.internal.linux.Err;
import org.libproc4j.internal.linux.InterruptHook;
import org.libproc4j.internal.linux.Libc;

/** The tracer is the thread that opened it, and every call is made there. */
public final class ConfinedControl extends Control {
  private static final long DEPARTURE_NANOS = 1_000_000_000L;

  private final Thread owner = Thread.currentThread();
  private final Engine engine;
  private final InterruptHook hook;
  private volatile boolean open = true;

  public ConfinedControl(Libc libc, Engine.Mechanism mechanism) {
    super(libc);
    if (owner.isVirtual()) {
      throw new IllegalStateException(
          "a virtual thread cannot be a tracer: Linux ties a tracee to one kernel thread;"
              + " use a shared tracer");
    }
    engine = new Engine(libc, mechanism, false, owner::isInterrupted);
    hook = new InterruptHook(engine.waker()::wake);
  }

  @Override
  public void checkThread() {
    if (!Thread.currentThread().equals(owner)) {
      throw new WrongThreadException(
          "this tracer is confined to " + owner + ": only that thread may call");
    }
  }

  @Override
  public boolean isAlive() {
    return open && owner.isAlive();
  }

  @Override
  public <R> R call(Function<Engine, R> operation) {
    if (!isAlive()) {
      throw new EndedException();
    }
    checkThread();
    return operation.apply(engine);
  }

  @Override
  public <R> R call(Function<Engine, R> operation, long deadline, R late) {
    return call(operation);
  }

  @Override
  public void direct(TracedProcess p) {
    if (isAlive()) {
      engine.direct(p);
    }
  }

  @Override
  public void direct(Tracee t) {
    if (isAlive()) {
      engine.direct(t);
    }
  }

  @Override
  public void refresh(TracedProcess p) {
    if (isAlive()) {
      engine.refresh(p);
    }
  }

  @Override
  public int await(TracedProcess p, long deadline) {
    int r = 0;
    boolean armed = arm(deadline);
    while (!settled(p) && (r = step(deadline, true)) == 0) {}
    disarm(armed);
    return settled(p) ? 0 : r;
  }

  @Override
  public int await(Tracee t, BooleanSupplier givenUp, long deadline) {
    int r = 0;
    boolean armed = arm(deadline);
    while (!settled(t) && !givenUp.getAsBoolean() && (r = step(deadline, true)) == 0) {}
    disarm(armed);
    return settled(t) ? 0 : r;
  }

  @Override
  public int setRun(TracedProcess p, int signal, boolean clearSignal, boolean step) {
    if (!isAlive()) {
      throw new EndedException();
    }
    checkThread();
    return engine.setRun(p, signal, clearSignal, step);
  }

  @Override
  public int awaitDeparture(TracedProcess p, long deadline) {
    int r = 0;
    boolean armed = arm(deadline);
    // Nobody lets a child of its go later that was attached with its birth.
    while ((p.fate() == Fate.CONTROLLED || engine.waits.hasStrays())
        && (r = step(deadline, false)) == 0) {}
    disarm(armed);
    return p.fate() != Fate.CONTROLLED ? 0 : r;
  }

  @Override
  public int awaitEnd(TracedProcess p, long deadline) {
    int r = 0;
    boolean armed = arm(deadline);
    while (p.fate() == Fate.CONTROLLED && (r = step(deadline, true)) == 0) {}
    disarm(armed);
    return p.fate() != Fate.CONTROLLED ? 0 : r;
  }

  private boolean arm(long deadline) {
    if (deadline == Deadline.NEVER) {
      return false;
    }
    engine.waits.limit(deadline);
    return true;
  }

  private void disarm(boolean armed) {
    if (armed) {
      engine.waits.limit(Deadline.NEVER);
    }
  }

  /** One wait; 0 to go on. */
  private int step(long deadline, boolean interruptible) {
    if (interruptible && owner.isInterrupted()) {
      return -Err.EINTR;
    }
    if (Deadline.passed(deadline)) {
      return -Err.ETIMEDOUT;
    }
    if (!interruptible) {
      int r = engine.waits.waitOnce();
      return r == -Err.EINTR ? 0 : r;
    }
    hook.before();
    int r;
    try {
      r = engine.waits.waitOnce();
    } finally {
      hook.after();
    }
    engine.waker().answer();
    return r == -Err.EINTR ? 0 : r;
  }

  @Override
  public void close() {
    if (!open) {
      return;
    }
    engine.letGoAll(LetGo.LOSE);
    long deadline = Deadline.in(DEPARTURE_NANOS);
    for (TracedProcess p : engine.processes.toArray(new TracedProcess[0])) {
      awaitDeparture(p, deadline);
      engine.departure().done(p);
    }
    open = false;
    engine.close();
  }

  @Override
  public void closeOwn() {
    close();
  }

  @Override
  public void dispose(TracedProcess p) {
    if (!owner.isAlive()) {
      p.tasks.close(); // the tracer's thread has ended without closing anything
    }
  }
}
