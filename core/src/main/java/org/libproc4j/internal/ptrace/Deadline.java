package org.libproc4j.internal.ptrace;

import java.time.Duration;

/** Points in time by {@link System#nanoTime}. */
public final class Deadline {
  /** No limit. */
  public static final long NEVER = Long.MAX_VALUE;

  private static final Duration CENTURY = Duration.ofDays(36_500);

  private Deadline() {}

  /** So many nanoseconds from now. */
  public static long in(long nanos) {
    return after(System.nanoTime(), nanos);
  }

  /** So many nanoseconds after a point in time. */
  static long after(long start, long nanos) {
    long at = start + nanos;
    return at == NEVER ? NEVER - 1 : at;
  }

  /** So long from now; a limit of centuries is none. */
  public static long in(Duration limit) {
    return limit.compareTo(CENTURY) > 0 ? NEVER : in(limit.toNanos());
  }

  /** Whether it is over. */
  public static boolean passed(long deadline) {
    return deadline != NEVER && deadline - System.nanoTime() <= 0;
  }

  static long earlier(long a, long b) {
    if (a == NEVER || b == NEVER) {
      return a == NEVER ? b : a;
    }
    return a - b < 0 ? a : b;
  }
}
