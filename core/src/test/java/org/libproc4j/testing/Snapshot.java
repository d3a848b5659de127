package org.libproc4j.testing;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How a target was at one moment, for {@link Target#assertClean(Snapshot)} to compare with. A test
 * whose target is meant to be different afterwards says so by {@link #butStopped} and the like.
 *
 * @param jobStopped whether job control held it
 * @param sigPnd signals pending for one thread, by its tid; a thread that is missing has none
 * @param shdPnd signals pending for the process
 * @param parentEvents what its parent had been told
 * @param parentSignals how many SIGCHLDs its parent had received
 * @param leaks what this JVM held
 */
public record Snapshot(
    boolean jobStopped,
    Map<Integer, Long> sigPnd,
    long shdPnd,
    List<String> parentEvents,
    long parentSignals,
    Leaks leaks) {

  /** The same, but job control holds it or does not. */
  public Snapshot butStopped(boolean stopped) {
    return new Snapshot(stopped, sigPnd, shdPnd, parentEvents, parentSignals, leaks);
  }

  /** The same, but with these signals ({@link Signals#bit}) pending for the process. */
  public Snapshot butShdPnd(long mask) {
    return new Snapshot(jobStopped, sigPnd, mask, parentEvents, parentSignals, leaks);
  }

  /** The same, but with these signals pending for one thread. */
  public Snapshot butSigPnd(int tid, long mask) {
    Map<Integer, Long> changed = new HashMap<>(sigPnd);
    changed.put(tid, mask);
    return new Snapshot(
        jobStopped, Map.copyOf(changed), shdPnd, parentEvents, parentSignals, leaks);
  }
}
