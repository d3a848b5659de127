package org.libproc4j;

import java.util.List;
import java.util.Optional;
import org.libproc4j.internal.linux.ExitWatch;
import org.libproc4j.internal.linux.Libc;
import org.libproc4j.procfs.ProcFs;
import org.libproc4j.procfs.ProcResult;
import org.libproc4j.procfs.Stat;
import org.libproc4j.procfs.TaskState;

/** What can be said of a process without control over it: from its pidfd and {@code /proc}. */
final class Onlooker {
  private final ProcFs proc = ProcFs.of();
  private final Libc libc;
  private final int pid;
  private final int pidfd;
  private final ExitWatch watch;

  Onlooker(Libc libc, int pid, int pidfd) {
    this.libc = libc;
    this.pid = pid;
    this.pidfd = pidfd;
    this.watch = new ExitWatch(libc, pidfd);
  }

  /** 0 when it has ended, −ETIMEDOUT, −EINTR, −EBADF once given up, or −errno. */
  int awaitEnd(long deadline) {
    return watch.await(deadline);
  }

  /** The pidfd is about to be closed. */
  void giveUp() {
    watch.giveUp();
  }

  boolean ended() {
    return libc.hasEnded(pidfd);
  }

  /** STOP when job control or another tracer has stopped every thread, else RUN; UNDEAD. */
  ProcessState state() {
    if (ended()) {
      return ProcessState.UNDEAD;
    }
    boolean any = false;
    for (int tid : lwpIds()) {
      switch (taskState(tid)) {
        case STOPPED, TRACING_STOP -> any = true;
        case ZOMBIE, DEAD -> {}
        default -> {
          return ProcessState.RUN;
        }
      }
    }
    return any ? ProcessState.STOP : ProcessState.RUN;
  }

  List<Integer> lwpIds() {
    return proc.process(pid).tasks().orElse(List.of());
  }

  LwpStatus lwp(int tid) {
    return switch (taskState(tid)) {
      case STOPPED ->
          Statuses.stoppedElsewhere(tid, ProcessState.STOP, Optional.of(StopReason.JOBCONTROL));
      case TRACING_STOP -> Statuses.unstopped(tid, ProcessState.STOP);
      case ZOMBIE, DEAD -> Statuses.unstopped(tid, ProcessState.UNDEAD);
      default -> Statuses.unstopped(tid, ProcessState.RUN);
    };
  }

  private TaskState taskState(int tid) {
    return proc.thread(pid, tid).stat() instanceof ProcResult.Present<Stat>(var stat)
        ? stat.state()
        : TaskState.DEAD;
  }
}
