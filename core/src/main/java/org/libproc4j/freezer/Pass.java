package org.libproc4j.freezer;

import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.libproc4j.procfs.Snapshot;
import org.libproc4j.procfs.StatField;

/**
 * One look at all processes.
 *
 * @param pids all that were listed; parents before their children where their states were read
 * @param snapshot their states, where some backend needs to know more than the number
 * @param children those that this JVM started itself
 * @param complete false if process ids began anew meanwhile, so that a process may have hidden
 *     behind the listing
 * @param urgent births may outrun it: who is new in it is to be stopped at once
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares passes
record Pass(
    int[] pids,
    @Nullable Snapshot snapshot,
    Set<Integer> children,
    boolean complete,
    boolean urgent) {
  private static final long UNKNOWN = -1;

  /** When a process had started that was there then; negative if it was not. */
  long startTime(int pid) {
    return value(pid, StatField.START_TIME);
  }

  /** How many threads it had; negative if it was not there. */
  int threads(int pid) {
    return (int) value(pid, StatField.NUM_THREADS);
  }

  /** Whether it has but one thread, which job control has stopped. */
  boolean isStoppedAlone(int pid) {
    return threads(pid) == 1 && value(pid, StatField.STATE) == 'T';
  }

  private long value(int pid, StatField field) {
    int row = snapshot == null ? -1 : snapshot.row(pid);
    return snapshot == null || row < 0 ? UNKNOWN : snapshot.value(row, field);
  }
}
