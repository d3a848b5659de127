package org.libproc4j.freezer;

import java.util.Arrays;
import java.util.Set;
import org.libproc4j.internal.linux.Err;
import org.libproc4j.internal.linux.FailedCallException;
import org.libproc4j.procfs.internal.StatLine;

/** What the {@code stat} of each of many processes said. */
final class States {
  /** It has gone, or is hidden from us. */
  private static final Set<Integer> IS_NOT_THERE =
      Set.of(Err.ENOENT, Err.ESRCH, Err.EACCES, Err.EPERM);

  private final int[] pids;
  private final char[] states;
  private final int[] parents;
  private final int[] threads;
  private final long[] startTimes;

  private States(int[] pids) {
    this.pids = pids.clone();
    Arrays.sort(this.pids);
    states = new char[pids.length];
    parents = new int[pids.length];
    threads = new int[pids.length];
    startTimes = new long[pids.length];
  }

  /**
   * Of those that are there yet, and that we may look at.
   *
   * @throws FailedCallException if one cannot be looked at for another reason
   */
  static States of(Crew crew, int... pids) {
    States all = new States(pids);
    crew.each(
        pids.length,
        (row, proc) -> {
          StatLine line = new StatLine();
          int r = proc.stat(all.pids[row], line);
          if (r == 0) {
            all.states[row] = line.state();
            all.parents[row] = line.ppid();
            all.threads[row] = line.threads();
            all.startTimes[row] = line.startTime();
          } else if (!IS_NOT_THERE.contains(-r)) {
            throw new FailedCallException("a look at process " + all.pids[row], -r);
          }
        });
    return all;
  }

  /** How many were asked for: rows are by process id. */
  int size() {
    return pids.length;
  }

  /** Where a process is; negative if it was not there. */
  int row(int pid) {
    int row = Arrays.binarySearch(pids, pid);
    return row >= 0 && isThere(row) ? row : -1;
  }

  boolean isThere(int row) {
    return states[row] != 0;
  }

  int pid(int row) {
    return pids[row];
  }

  /** The kernel's letter. */
  char state(int row) {
    return states[row];
  }

  int parent(int row) {
    return parents[row];
  }

  int threads(int row) {
    return threads[row];
  }

  /** In clock ticks since boot. */
  long startTime(int row) {
    return startTimes[row];
  }
}
