package org.libproc4j.internal.ptrace;

import java.util.function.BooleanSupplier;

/**
 * Looks again and again for a short time, before a thread goes to sleep: what a tracer does for a
 * caller takes some microseconds, and a sleeping thread's way back takes longer than that.
 */
final class Spin {
  /** For a caller that waits: a little longer than an idle processor takes to wake. */
  static final long LONG_NANOS = 60_000;

  /** For a tracer between two commands: its tracees' reports wait meanwhile. */
  static final long SHORT_NANOS = 20_000;

  private Spin() {}

  /** Whether the condition came to hold; other threads may have the processor meanwhile. */
  @SuppressWarnings("ThreadPriorityCheck") // on two processors, whom we wait for may need ours
  static boolean until(BooleanSupplier condition, long nanos) {
    long end = System.nanoTime() + nanos;
    do {
      if (condition.getAsBoolean()) {
        return true;
      }
      Thread.yield();
    } while (System.nanoTime() < end);
    return false;
  }
}
