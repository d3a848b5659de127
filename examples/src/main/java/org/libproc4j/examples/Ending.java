package org.libproc4j.examples;

import java.util.OptionalInt;
import org.libproc4j.procfs.ProcFs;
import org.libproc4j.procfs.ProcResult;
import org.libproc4j.procfs.ProcessFiles;
import org.libproc4j.procfs.Stat;
import org.libproc4j.procfs.TaskState;

/**
 * How a process ended.
 *
 * @param waitStatus as its parent sees it; empty where we cannot know
 */
record Ending(OptionalInt waitStatus) {
  /**
   * Looks at a process that has ended. The kernel shows its status to those who may trace it, and
   * only until its parent has taken note.
   */
  static Ending of(int pid, long startTime) {
    ProcessFiles files = ProcFs.of().process(pid);
    if (files.stat() instanceof ProcResult.Present<Stat>(var stat)
        && stat.startTime() == startTime
        && stat.state() == TaskState.ZOMBIE
        && stat.exitCode().isPresent()) {
      // Zero is also what those see who may not know; they may not read this file either.
      if (stat.exitCode().getAsInt() != 0 || files.syscall().isPresent()) {
        return new Ending(stat.exitCode());
      }
    }
    return new Ending(OptionalInt.empty());
  }

  @Override
  public String toString() {
    if (waitStatus.isEmpty()) {
      return "ended, only its parent knows how";
    }
    int status = waitStatus.getAsInt();
    int signal = status & 0x7f;
    return signal == 0
        ? "exited with status " + (status >> 8 & 0xff)
        : "killed by signal "
            + signal
            + " ("
            + SignalNames.of(signal)
            + ")"
            + ((status & 0x80) != 0 ? ", core dumped" : "");
  }
}
