package org.libproc4j.testing;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Something that another thread does while the calling thread is busy, or blocked in a call.
 *
 * {@snippet :
 * try (Meanwhile _ = Meanwhile.blockedHere(() -> target.send(SIGKILL))) {
 *   assertThat(process.awaitStop()).isEqualTo(Errno.ENOENT);
 * }
 * }
 */
public final class Meanwhile implements AutoCloseable {
  /** Longer than any wait of the harness that an action may be in. */
  private static final Duration LONGEST = Target.LIMIT.multipliedBy(3);

  /** What is done; it may throw what it likes. */
  @FunctionalInterface
  public interface Action {
    /** Does it. */
    void run() throws Exception;
  }

  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
  private final Thread thread;
  private final @Nullable Thread blocked;

  private Meanwhile(Action action, @Nullable Thread blocked) {
    this.blocked = blocked;
    thread = Thread.ofPlatform().daemon().name("meanwhile").start(() -> perform(action));
  }

  /** Begins at once. */
  public static Meanwhile run(Action action) {
    return new Meanwhile(action, null);
  }

  /** Begins when the target has counted on a little, so that the caller is likely to be blocked. */
  public static Meanwhile soon(Target target, Action action) {
    return run(
        () -> {
          target.awaitCounterMoves();
          action.run();
        });
  }

  /**
   * Begins as soon as the calling thread sleeps in the kernel; if it fails, that thread is
   * interrupted.
   */
  public static Meanwhile blockedHere(Action action) {
    int callerTid = ProcFiles.ownTid();
    return new Meanwhile(
        () -> {
          if (!Await.until(Target.LIMIT, () -> sleeps(callerTid))) {
            throw new AssertionError("the call did not block");
          }
          action.run();
        },
        Thread.currentThread());
  }

  private void perform(Action action) {
    try {
      action.run();
    } catch (Throwable t) {
      failure.set(t); // it is thrown again by close
      if (blocked != null) {
        blocked.interrupt(); // what it waits for may never come
      }
    }
  }

  private static boolean sleeps(int tid) {
    int self = (int) ProcessHandle.current().pid();
    return ProcFiles.Stat.ofTask(self, tid).filter(stat -> stat.state() == 'S').isPresent();
  }

  /** Whether the action goes on. */
  public boolean goesOn() {
    return thread.isAlive();
  }

  /** Waits until the action is done; fails if it failed, or does not end. */
  @Override
  public void close() {
    boolean interrupted = false;
    long deadline = System.nanoTime() + LONGEST.toNanos();
    while (thread.isAlive() && System.nanoTime() < deadline) {
      try {
        boolean _ = thread.join(Duration.ofNanos(Math.max(1, deadline - System.nanoTime())));
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    Throwable thrown = failure.get();
    if (thrown != null && blocked != null) {
      boolean _ = Thread.interrupted(); // that was us
    } else if (interrupted) {
      Thread.currentThread().interrupt();
    }
    if (thrown != null) {
      throw new AssertionError("what was to happen meanwhile failed: " + thrown, thrown);
    }
    if (thread.isAlive()) {
      AssertionError hung = new AssertionError("what was to happen meanwhile does not end");
      hung.setStackTrace(thread.getStackTrace());
      throw hung;
    }
  }
}
