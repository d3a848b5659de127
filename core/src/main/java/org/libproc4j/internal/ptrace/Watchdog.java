package org.libproc4j.internal.ptrace;

import java.util.Set;
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

  private static final Set<Engine> SEIZING = ConcurrentHashMap.newKeySet();
  private static final Object LOCK = new Object();
  private static @Nullable Thread thread;

  private Watchdog() {}

  /** The calling tracer begins to seize. */
  static void watch(Engine engine) {
    synchronized (LOCK) {
      SEIZING.add(engine);
      if (thread == null) {
        thread = Thread.ofPlatform().daemon().name("libproc4j-watchdog").start(new Watchdog());
      }
    }
  }

  /** The calling tracer is done. */
  static void unwatch(Engine engine) {
    SEIZING.remove(engine);
  }

  @Override
  public void run() {
    long idleSince = System.nanoTime();
    while (true) {
      LockSupport.parkNanos(this, PATIENCE_NANOS);
      for (Engine engine : SEIZING) {
        engine.reapForTracer();
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
}
