package org.libproc4j.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.libproc4j.Errno;
import org.libproc4j.ProcessHandle;
import org.libproc4j.testing.Target;

/** Something that happens in another thread while the test's own is busy, or blocked. */
final class Meanwhile implements AutoCloseable {
  @FunctionalInterface
  interface Action {
    void run() throws Exception;
  }

  private final Thread thread;
  private final AtomicReference<Throwable> failure = new AtomicReference<>();

  private Meanwhile(Action action) {
    thread =
        Thread.ofPlatform()
            .name("meanwhile")
            .start(
                () -> {
                  try {
                    action.run();
                  } catch (Throwable t) {
                    failure.set(t); // it is thrown again by close
                  }
                });
  }

  /** Begins at once. */
  static Meanwhile run(Action action) {
    return new Meanwhile(action);
  }

  /** Begins when the target has counted on a little, so that the caller is likely to be blocked. */
  static Meanwhile soon(Target target, Action action) {
    return run(
        () -> {
          target.awaitCounterMoves();
          action.run();
        });
  }

  /**
   * Does something while the process is listened to, which without a call nobody does where its
   * tracer is confined. It is neither stopped nor set running.
   */
  static void listening(ProcessHandle process, Action action) throws InterruptedException {
    try (Meanwhile meanwhile = run(action)) {
      while (meanwhile.thread.isAlive()) {
        assertThat(process.awaitStop(Duration.ofMillis(10))).isEqualTo(Errno.OK);
      }
    }
  }

  Thread thread() {
    return thread;
  }

  /** Waits until it is over, and fails if it failed. */
  @Override
  public void close() {
    boolean interrupted = Thread.interrupted();
    boolean ended;
    try {
      ended = thread.join(Duration.ofSeconds(30));
    } catch (InterruptedException e) {
      throw new AssertionError("interrupted while it went on: " + thread, e);
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    if (!ended) {
      AssertionError hung = new AssertionError("it does not end: " + thread);
      hung.setStackTrace(thread.getStackTrace());
      throw hung;
    }
    Throwable t = failure.get();
    if (t != null) {
      throw new AssertionError("what happened meanwhile failed: " + t, t);
    }
  }
}
