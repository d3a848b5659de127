package org.libproc4j.freezer;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a freeze did.
 *
 * @param backend the backend that was asked for, or that {@link Backend#AUTO} chose
 * @param held how many processes each backend holds, or held; with {@link Backend#CGROUP} counts
 *     also, whatever the backend, whom somebody else has frozen by a control group of version 1
 * @param threads how many threads they have
 * @param mended how many of them were in a call that would have returned EINTR because of the
 *     freeze, and will go on instead. This takes the right to trace them; who is frozen by a
 *     control group of version 1 is left out
 * @param noticed how many of the others were seen to notice it all the same, or may: {@link
 *     org.libproc4j.StopTrace} says of what
 * @param passes how often all processes were looked at; the last time found nothing new
 * @param skipped what was not to be frozen, and why
 * @param failed what could not be frozen; empty unless {@link Freezer#partialOk} or the freeze
 *     failed
 * @param times what the time went into
 * @param scheduling what the thread that freezes and thaws got: {@code SCHED_FIFO}, {@code nice
 *     -20} or {@code ordinary}
 * @param thawed why the hold ended; empty while it lasts
 */
public record FreezeReport(
    Backend backend,
    Map<Backend, Integer> held,
    int threads,
    int mended,
    int noticed,
    int passes,
    List<Skipped> skipped,
    List<Holdout> failed,
    Map<Phase, Duration> times,
    String scheduling,
    Optional<ThawCause> thawed) {

  /** A report. */
  public FreezeReport {
    held = Map.copyOf(held);
    skipped = List.copyOf(skipped);
    failed = List.copyOf(failed);
    times = Map.copyOf(times);
  }

  /** Of a freeze that never began. */
  static FreezeReport ofNothing(Backend backend) {
    return new FreezeReport(
        backend,
        Map.of(),
        0,
        0,
        0,
        0,
        List.of(),
        List.of(),
        Map.of(),
        "ordinary",
        Optional.empty());
  }

  /**
   * How many processes are frozen, or were.
   *
   * @return the sum over all backends
   */
  public int processes() {
    return held.values().stream().mapToInt(Integer::intValue).sum();
  }

  /**
   * How long it took until all was verified to stand still.
   *
   * @return the time of {@link Phase#STOP}, {@link Phase#SETTLE} and {@link Phase#VERIFY}
   */
  public Duration freezeTime() {
    return time(Phase.STOP).plus(time(Phase.SETTLE)).plus(time(Phase.VERIFY));
  }

  /**
   * How long it took to let all go.
   *
   * @return the time of {@link Phase#THAW}; zero while all is held
   */
  public Duration thawTime() {
    return time(Phase.THAW);
  }

  private Duration time(Phase phase) {
    return times.getOrDefault(phase, Duration.ZERO);
  }
}
