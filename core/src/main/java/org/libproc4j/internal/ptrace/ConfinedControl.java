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
    int r = arm(deadline);
    while (r == 0 && !settled(p)) {
      r = step(deadline, true);
    }
    disarm(deadline);
    return settled(p) ? 0 : r;
  }

  @Override
  public int await(Tracee t, BooleanSupplier givenUp, long deadline) {
    int r = arm(deadline);
    while (r == 0 && !settled(t) && !givenUp.getAsBoolean()) {
      r = step(deadline, true);
    }
    disarm(deadline);
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
    return depart(() -> p.fate() != Fate.CONTROLLED, deadline);
  }

  /** Nobody lets a child go later that was attached with its birth. */
  private int depart(BooleanSupplier left, long deadline) {
    if (left.getAsBoolean() && !engine.waits.hasStrays()) {
      return 0;
    }
    int r = 0;
    int _ = arm(deadline); // better late than not
    while (r == 0 && !(left.getAsBoolean() && !engine.waits.hasStrays())) {
      r = step(deadline, false);
    }
    disarm(deadline);
    return left.getAsBoolean() ? 0 : r;
  }

  @Override
  public int awaitEnd(TracedProcess p, long deadline) {
    int r = arm(deadline);
    while (r == 0 && p.fate() == Fate.CONTROLLED) {
      r = step(deadline, true);
    }
    disarm(deadline);
    return p.fate() != Fate.CONTROLLED ? 0 : r;
  }

  private int arm(long deadline) {
    return deadline == Deadline.NEVER ? 0 : engine.waits.limit(deadline);
  }

  private void disarm(long deadline) {
    if (deadline != Deadline.NEVER) {
      int _ = engine.waits.limit(Deadline.NEVER);
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
      if (r < 0 && r != -Err.EINTR) {
        Waits.pause(); // it has to go, whatever happens
      }
      return 0;
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
    int _ = depart(() -> true, deadline);
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
