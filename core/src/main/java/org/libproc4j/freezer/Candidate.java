package org.libproc4j.freezer;

import org.libproc4j.procfs.Comm;
import org.libproc4j.procfs.ProcessId;
import org.libproc4j.procfs.Stat;
import org.libproc4j.procfs.TaskState;

/**
 * A process as proc_pid_stat(5) shows it, to decide by: {@link
 * Freezer#exclude(java.util.function.Predicate)}.
 *
 * @param pid its id
 * @param ppid the id of its parent
 * @param pgrp the id of its process group
 * @param session the id of its session
 * @param comm its name, which is any bytes that it chose
 * @param state its leader's state, which says nothing about the other threads
 * @param threads how many threads it has
 * @param startTime when it started, in clock ticks (100 a second) since boot
 */
public record Candidate(
    int pid,
    int ppid,
    int pgrp,
    int session,
    Comm comm,
    TaskState state,
    int threads,
    long startTime) {

  static Candidate of(Stat stat) {
    return new Candidate(
        stat.pid(),
        stat.ppid(),
        stat.pgrp(),
        stat.session(),
        stat.comm(),
        stat.state(),
        stat.numThreads(),
        stat.startTime());
  }

  /**
   * Which process this is.
   *
   * @return its identity
   */
  public ProcessId processId() {
    return new ProcessId(pid, startTime);
  }
}
