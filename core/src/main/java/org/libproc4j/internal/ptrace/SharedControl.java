package org.libproc4j.internal.ptrace;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.libproc4j.internal.linux.Err;
import org.libproc4j.internal.linux.FailedCallException;
import org.libproc4j.internal.linux.Libc;

/** The tracer is a daemon thread of its own, which always listens and serves any thread. */
public final class SharedControl extends Control {
  private static final AtomicInteger COUNTER = new AtomicInteger();

  private static final long DEPARTURE_NANOS = 1_000_000_000L;

  private final ConcurrentLinkedQueue<Command<?>> commands = new ConcurrentLinkedQueue<>();
  private final Engine.Mechanism mechanism;
  private final Thread thread;
  private final CountDownLatch started = new CountDownLatch(1);
  private final CountDownLatch closed = new CountDownLatch(1);

  private volatile @Nullable Engine engine;
  private volatile @Nullable Throwable startFailure;
  private volatile boolean ending;
  private volatile boolean endWhenEmpty;
  private volatile boolean ended;

  /** An operation on its way to the tracer and back. */
  private static final class Command<R> {
    private final Function<Engine, R> operation;
    private final Runnable tellCaller;
    private volatile boolean done;
    private @Nullable R result;
    private @Nullable Throwable failure;

    Command(Function<Engine, R> operation, Runnable tellCaller) {
      this.operation = operation;
      this.tellCaller = tellCaller;
    }

    void run(Engine engine) {
      try {
        result = operation.apply(engine);
      } catch (Throwable t) {
        failure = t; // it is thrown again where the caller is
      }
      finish();
    }

    void fail(Throwable why) {
      failure = why;
      finish();
    }

    private void finish() {
      done = true;
      tellCaller.run();
    }

    boolean failed() {
      return done && failure != null;
    }

    @SuppressWarnings("NullAway") // an operation's result is as nullable as its type says
    R get() {
      if (failure == null) {
        return result;
      }
      if (failure instanceof EndedException) {
        throw new EndedException();
      }
      if (failure instanceof RuntimeException e) {
        e.addSuppressed(new Throwable("called from here"));
        throw e;
      }
      throw new IllegalStateException("the tracer failed", failure);
    }
  }

  /** Starts a tracer. */
  public SharedControl(Libc libc, Engine.Mechanism mechanism) {
    super(libc);
    this.mechanism = mechanism;
    thread =
        Thread.ofPlatform()
            .daemon()
            .name("libproc4j-tracer-" + COUNTER.incrementAndGet())
            .unstarted(this::run);
    thread.start();
    boolean interrupted = false;
    while (true) {
      try {
        started.await();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    if (startFailure instanceof FailedCallException e) {
      throw new FailedCallException(e.call(), e.errno());
    }
    if (startFailure != null) {
      throw new IllegalStateException("the tracer could not start", startFailure);
    }
  }

  // ---- the tracer's thread

  private void run() {
    Engine e;
    try {
      e = new Engine(libc(), mechanism, true, this::isWanted);
    } catch (Throwable t) {
      startFailure = t;
      ended = true;
      started.countDown();
      closed.countDown();
      return;
    }
    engine = e;
    started.countDown();
    try {
      serve(e);
    } finally {
      ended = true;
      abandon(e);
      for (Command<?> c; (c = commands.poll()) != null; ) {
        c.fail(new EndedException());
      }
      closed.countDown();
      takeBackOwnStops(e);
      e.close();
    }
  }

  private void serve(Engine e) {
    while (true) {
      boolean ran = runCommands(e);
      if (e.takeWokeCaller() || ran) {
        spinForCommand(e);
        continue;
      }
      if (ending) {
        return;
      }
      if (e.isEmpty() && !e.waits.hasStrays()) {
        if (endWhenEmpty) {
          return;
        }
        park(e);
        continue;
      }
      int r = e.waits.waitOnce();
      if (r < 0 && r != -Err.EINTR) {
        failWaiters(e);
        Waits.pause();
      }
    }
  }

  private boolean isWanted() {
    return !commands.isEmpty() || ending || endWhenEmpty;
  }

  private boolean runCommands(Engine e) {
    e.waker().answer();
    boolean any = false;
    for (Command<?> c; (c = commands.poll()) != null; any = true) {
      c.run(e);
    }
    return any;
  }

  /** Calls come in pairs, stop and run; but nobody who has yet to stop is kept waiting. */
  private void spinForCommand(Engine e) {
    if (e.awaitsStop()) {
      return;
    }
    boolean _ = Spin.until(() -> !commands.isEmpty(), Spin.SHORT_NANOS);
  }

  /** Without tracees there is nothing to wait for but commands. */
  private void park(Engine e) {
    while (commands.isEmpty() && !ending && !endWhenEmpty) {
      LockSupport.park(this);
      Thread.interrupted();
    }
    e.waker().answer();
  }

  /** Waiting itself failed: whoever waits is told, rather than left waiting. */
  private static void failWaiters(Engine e) {
    for (TracedProcess p : e.processes) {
      if (p.isAwaited()) {
        p.odd();
        p.waiters.wake();
      }
    }
  }

  /** What the tracer holds runs on; what it cannot detach in time the kernel does at its end. */
  private void abandon(Engine e) {
    e.letGoAll(LetGo.LOSE);
    long deadline = Deadline.in(DEPARTURE_NANOS);
    int _ = e.waits.limit(deadline); // without one, all are waited for
    while (!e.processes.isEmpty() && !Deadline.passed(deadline)) {
      e.waker().answer();
      insistOnWaiting(e);
    }
    for (TracedProcess p : e.processes.toArray(new TracedProcess[0])) {
      e.departure().done(p);
    }
  }

  /**
   * A SIGSTOP of ours that waits for a thread in an uninterruptible sleep would stop its process if
   * the tracer ended now.
   */
  private void takeBackOwnStops(Engine e) {
    int _ = e.waits.limit(Deadline.NEVER);
    while (e.hasOwnStops()) {
      e.waker().answer();
      insistOnWaiting(e);
    }
  }

  private static void insistOnWaiting(Engine e) {
    int r = e.waits.waitOnce();
    if (r < 0 && r != -Err.EINTR) {
      Waits.pause();
    }
  }

  // ---- the callers' threads

  @Override
  public void checkThread() {}

  @Override
  public boolean isAlive() {
    return !ended && !ending;
  }

  @Override
  public <R> R call(Function<Engine, R> operation) {
    Command<R> command = submit(operation, unparkCaller());
    awaitDone(command, Deadline.NEVER);
    return command.get();
  }

  @Override
  public <R> R call(Function<Engine, R> operation, long deadline, R late) {
    Command<R> command = submit(operation, unparkCaller());
    awaitDone(command, deadline);
    return command.done ? command.get() : late;
  }

  private static Runnable unparkCaller() {
    Thread caller = Thread.currentThread();
    return () -> LockSupport.unpark(caller);
  }

  private <R> Command<R> submit(Function<Engine, R> operation, Runnable tellCaller) {
    if (Thread.currentThread().equals(thread)) {
      throw new IllegalStateException("a tracer's thread cannot wait for itself");
    }
    Command<R> command = new Command<>(operation, tellCaller);
    commands.add(command);
    if (ended && commands.remove(command)) {
      command.fail(new EndedException()); // nobody serves the queue any more
    }
    wake();
    return command;
  }

  private void awaitDone(Command<?> command, long deadline) {
    boolean _ = Spin.until(() -> command.done, Spin.LONG_NANOS);
    boolean interrupted = false;
    while (!command.done && !Deadline.passed(deadline)) {
      if (deadline == Deadline.NEVER) {
        LockSupport.park(this);
      } else {
        LockSupport.parkNanos(this, deadline - System.nanoTime());
      }
      interrupted |= Thread.interrupted();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void wake() {
    Engine e = engine;
    if (e != null) {
      e.waker().wake();
    }
    LockSupport.unpark(thread);
  }

  @Override
  public void direct(TracedProcess p) {
    tell(e -> e.direct(p));
  }

  @Override
  public void direct(Tracee t) {
    tell(e -> e.direct(t));
  }

  @Override
  public void refresh(TracedProcess p) {
    tell(e -> e.refresh(p));
  }

  /** A tracer that has ended has nothing to do: the state says what became of its processes. */
  private void tell(Consumer<Engine> operation) {
    if (isAlive()) {
      try {
        call(
            e -> {
              operation.accept(e);
              return Boolean.TRUE;
            });
      } catch (EndedException e) {
        assert !isAlive();
      }
    }
  }

  @Override
  public int stop(TracedProcess p, long deadline) {
    return stop(p, e -> e.direct(p), () -> settled(p), deadline);
  }

  @Override
  public int stop(Tracee t, BooleanSupplier givenUp, long deadline) {
    return stop(
        t.process(), e -> e.direct(t), () -> settled(t) || givenUp.getAsBoolean(), deadline);
  }

  /** Waits once, for the directive and the stop together: to wake a caller costs more than both. */
  private int stop(
      TracedProcess p, Consumer<Engine> direct, BooleanSupplier settled, long deadline) {
    if (!isAlive()) {
      return p.waiters.await(settled, deadline);
    }
    Command<Boolean> directive =
        submit(
            e -> {
              direct.accept(e);
              return true;
            },
            p.waiters::wake);
    int r =
        p.waiters.await(
            () -> directive.failed() || (directive.done && settled.getAsBoolean()), deadline);
    if (r == -Err.EINTR) {
      // To give the directive was no wait; one that is met at once is not interrupted.
      int _ = p.waiters.awaitDeaf(() -> directive.done, deadline);
      r = settled.getAsBoolean() ? 0 : r;
    }
    if (directive.failed()) {
      try {
        boolean _ = directive.get();
      } catch (EndedException e) {
        return p.waiters.await(settled, deadline);
      }
    }
    return r;
  }

  @Override
  public int await(TracedProcess p, long deadline) {
    return p.waiters.await(() -> settled(p), deadline);
  }

  @Override
  public int await(Tracee t, BooleanSupplier givenUp, long deadline) {
    return t.process().waiters.await(() -> settled(t) || givenUp.getAsBoolean(), deadline);
  }

  @Override
  public int setRun(TracedProcess p, int signal, boolean clearSignal, boolean step) {
    return call(e -> e.setRun(p, signal, clearSignal, step));
  }

  @Override
  public int awaitDeparture(TracedProcess p, long deadline) {
    return p.waiters.awaitDeaf(() -> p.fate() != Fate.CONTROLLED, deadline);
  }

  @Override
  public int awaitEnd(TracedProcess p, long deadline) {
    return p.waiters.await(() -> p.fate() != Fate.CONTROLLED, deadline);
  }

  /**
   * A thread that has not been detached yet sleeps uninterruptibly. The end of the tracer's thread
   * releases it, unless a SIGSTOP of ours waits for it: that has to be taken back first.
   */
  @Override
  public void closeOwn() {
    if (mechanism == Engine.Mechanism.TGKILL) {
      endWhenEmpty = true;
      wake();
    } else {
      close();
    }
  }

  @Override
  public void dispose(TracedProcess p) {}

  @Override
  public void close() {
    ending = true;
    wake();
    boolean interrupted = false;
    long deadline = Deadline.in(2 * DEPARTURE_NANOS); // it may be stuck in the kernel
    while (closed.getCount() > 0 && !Deadline.passed(deadline)) {
      try {
        boolean _ = closed.await(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
