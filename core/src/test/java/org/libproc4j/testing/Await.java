package org.libproc4j.testing;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waiting for a condition, with a limit. */
public final class Await {

  private static final long LOOK_EVERY_NANOS = 200_000;

  private Await() {}

  /**
   * Returns true as soon as the condition holds, false when it does not hold within the limit.
   * Works in an interrupted thread, and leaves its interrupt flag as it is.
   */
  public static boolean until(Duration limit, BooleanSupplier condition) {
    long start = System.nanoTime();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - start > limit.toNanos()) {
        // Whatever kept us from looking in time, a machine under load say, is not the target's
        // fault.
        return condition.getAsBoolean();
      }
      LockSupport.parkNanos(LOOK_EVERY_NANOS);
    }
    return true;
  }

  /** Lets a time pass that is as long whatever has woken this thread: for random moments. */
  public static void pass(long nanos) {
    long start = System.nanoTime();
    for (long left = nanos; left > 0; left = nanos - (System.nanoTime() - start)) {
      LockSupport.parkNanos(left);
    }
  }
}
