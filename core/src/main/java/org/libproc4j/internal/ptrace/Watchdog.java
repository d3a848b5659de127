package org.libproc4j.internal.ptrace;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Frees tracers from a deadlock in the kernel. While an exec waits for a seized sibling that has
 * died and was not reaped, PTRACE_SEIZE of another thread of that process blocks, and no signal
 * ends it; but any thread of ours may reap the dead one.
 *
 * <p>One daemon thread looks after all tracers that are seizing, and ends some time after the last
 * of them is done.
 */
final class Watchdog implements Runnable {
  /** A seizure takes microseconds; one that takes this long is looked at, again and again. */
  private static final long PATIENCE_NANOS = 20_000_000;

  private static final long IDLE_NANOS = 50_000_000;

  /** When each has begun. */
  private static final Map<Engine, Long> SEIZING = new ConcurrentHashMap<>();

  private static final Object LOCK = new Object();

  /** Held while ends are reaped for somebody. */
  private static final Object REAPING = new Object();

  private static @Nullable Thread thread;

  private Watchdog() {}

  /**
   * The calling tracer begins to seize.
   *
   * @return whether it had not yet: then it says when it is done
   */
  static boolean watch(Engine engine) {
    synchronized (LOCK) {
      if (SEIZING.putIfAbsent(engine, System.nanoTime()) != null) {
        return false;
      }
      if (thread == null) {
        thread = Thread.ofPlatform().daemon().name("libproc4j-watchdog").start(new Watchdog());
      }
      return true;
    }
  }

  /** The calling tracer is done: from now on nothing is reaped for it. */
  static void unwatch(Engine engine) {
    synchronized (REAPING) {
      SEIZING.remove(engine);
    }
  }

  @Override
  public void run() {
    long idleSince = System.nanoTime();
    while (true) {
      LockSupport.parkNanos(this, PATIENCE_NANOS);
      for (Engine engine : SEIZING.keySet()) {
        reapFor(engine);
        idleSince = System.nanoTime();
      }
      synchronized (LOCK) {
        if (SEIZING.isEmpty() && System.nanoTime() - idleSince > IDLE_NANOS) {
          thread = null;
          return;
        }
      }
    }
  }

  private static void reapFor(Engine engine) {
    synchronized (REAPING) {
      @Nullable Long since = SEIZING.get(engine);
      if (since != null && System.nanoTime() - since > PATIENCE_NANOS) {
        engine.reapForTracer();
      }
    }
  }
}
