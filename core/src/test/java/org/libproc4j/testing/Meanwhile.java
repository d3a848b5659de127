package org.libproc4j.testing;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Something that another thread does while the calling thread is blocked in a call.
 *
 * {@snippet :
 * try (Meanwhile _ = Meanwhile.blockedHere(() -> target.send(SIGKILL))) {
 *   assertThat(process.awaitStop()).isEqualTo(Errno.ENOENT);
 * }
 * }
 */
public final class Meanwhile implements AutoCloseable {
  /** What is done; it may throw what it likes. */
  @FunctionalInterface
  public interface Action {
    /** Does it. */
    void run() throws Exception;
  }

  private final Thread caller = Thread.currentThread();
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
  private final Thread thread;

  private Meanwhile(Action action, int callerTid) {
    thread = Thread.ofPlatform().daemon().name("meanwhile").start(() -> run(action, callerTid));
  }

  /** Runs the action as soon as the calling thread sleeps in the kernel. */
  public static Meanwhile blockedHere(Action action) {
    return new Meanwhile(action, ProcFiles.ownTid());
  }

  private void run(Action action, int callerTid) {
    try {
      if (!Await.until(Target.LIMIT, () -> sleeps(callerTid))) {
        throw new AssertionError("the call did not block");
      }
      action.run();
    } catch (Throwable t) {
      failure.set(t);
      caller.interrupt(); // what it waits for may never come
    }
  }

  private static boolean sleeps(int tid) {
    int self = (int) ProcessHandle.current().pid();
    return ProcFiles.Stat.ofTask(self, tid).filter(stat -> stat.state() == 'S').isPresent();
  }

  /** Waits until the action is done; fails if it failed. */
  @Override
  public void close() {
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    Throwable thrown = failure.get();
    if (thrown != null) {
      boolean _ = Thread.interrupted(); // ours
      throw new AssertionError("what was to happen meanwhile failed", thrown);
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
