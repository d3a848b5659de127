package org.libproc4j.examples;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A point in time, or never. */
record Deadline(boolean never, long nanoTime) {
  /** So long from now; null for never. */
  static Deadline after(@Nullable Duration time) {
    return time == null
        ? new Deadline(true, 0)
        : new Deadline(false, System.nanoTime() + time.toNanos());
  }

  /** How long it is until then; never is very long. */
  long nanosLeft() {
    return never ? Long.MAX_VALUE : Math.max(0, nanoTime - System.nanoTime());
  }
}
