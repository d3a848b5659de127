package org.libproc4j.freezer;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One look at all processes.
 *
 * @param pids all that were listed; parents before their children where their states were read
 * @param states their states, where some backend needs to know more than the number
 * @param children those that this JVM started itself
 * @param complete false if process ids began anew meanwhile, so that a process may have hidden
 *     behind the listing
 * @param urgent births may outrun it: who is new in it is to be stopped at once
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares passes
record Pass(
    int[] pids, @Nullable States states, Set<Integer> children, boolean complete, boolean urgent) {
  private static final int UNKNOWN = -1;

  /** When a process had started that was there then; negative if it was not. */
  long startTime(int pid) {
    int row = row(pid);
    return states == null || row < 0 ? UNKNOWN : states.startTime(row);
  }

  /** How many threads it had; negative if it was not there. */
  int threads(int pid) {
    int row = row(pid);
    return states == null || row < 0 ? UNKNOWN : states.threads(row);
  }

  /** Whether it has but one thread, which job control has stopped. */
  boolean isStoppedAlone(int pid) {
    int row = row(pid);
    return states != null && row >= 0 && states.threads(row) == 1 && states.state(row) == 'T';
  }

  private int row(int pid) {
    return states == null ? UNKNOWN : states.row(pid);
  }
}
