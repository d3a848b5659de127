package org.libproc4j.freezer;

import java.time.Duration;
import java.util.Optional;

/**
 * How long the freezer goes on: until the deadline at most, and until somebody wants everything
 * thawed. Times are those of {@link System#nanoTime}.
 */
final class Patience {
  /** The deadline has passed. */
  static final String LATE = "the machine was not frozen by the deadline";

  private final long deadline;
  private final long perProcess;
  private volatile Optional<ThawCause> end = Optional.empty();

  Patience(long start, Duration deadline, Duration perProcess) {
    this.deadline = start + deadline.toNanos();
    this.perProcess = perProcess.toNanos();
  }

  /** Everything is to be thawed. Only the first cause counts. */
  synchronized void end(ThawCause cause) {
    if (end.isEmpty()) {
      end = Optional.of(cause);
    }
    notifyAll();
  }

  /** Waits for the end, or the deadline. */
  synchronized ThawCause awaitEnd() {
    for (long left; end.isEmpty() && (left = left()) > 0; ) {
      try {
        wait(left / 1_000_000, (int) (left % 1_000_000));
      } catch (InterruptedException e) {
        end(ThawCause.REQUEST); // nobody but the JVM's end interrupts this thread
      }
    }
    return end.orElse(ThawCause.DEADLINE);
  }

  /** Why the freeze is not to go on, if so. */
  void check() throws Setback {
    if (end.isPresent()) {
      throw new Setback(
          switch (end.get()) {
            case SIGNAL -> "a signal came";
            case EXIT -> "the JVM is about to exit";
            default -> "the calling thread was interrupted";
          });
    }
    if (left() <= 0) {
      throw new Setback(LATE);
    }
  }

  /** Whether the freeze is not to go on. */
  boolean isOver() {
    return end.isPresent() || left() <= 0;
  }

  /** When a process that is directed to stop now must have done so. */
  long forOneFromNow() {
    long now = System.nanoTime();
    return deadline - now < perProcess ? deadline : now + perProcess;
  }

  private long left() {
    return deadline - System.nanoTime();
  }
}
