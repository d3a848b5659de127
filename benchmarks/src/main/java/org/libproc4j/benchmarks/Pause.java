package org.libproc4j.benchmarks;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Rests between measurements. */
final class Pause {
  private Pause() {}

  static void millis(int millis) {
    long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    for (long left; (left = until - System.nanoTime()) > 0; ) {
      LockSupport.parkNanos(left);
    }
  }

  /**
   * Leaves the processor to others meanwhile, and does not let it rest, nor its caches cool down.
   */
  @SuppressWarnings("ThreadPriorityCheck") // what is on this processor too is to run
  static void awake(int millis) {
    long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    while (until - System.nanoTime() > 0) {
      Thread.yield();
    }
  }
}
