package org.libproc4j.internal.ptrace;

import org.libproc4j.internal.linux.Libc;
import org.libproc4j.procfs.ProcFs;
import org.libproc4j.procfs.ProcResult;
import org.libproc4j.procfs.Stat;
import org.libproc4j.procfs.Status;
import org.libproc4j.procfs.Syscall;
import org.libproc4j.procfs.TaskState;

/** The few things about a task that only {@code /proc} tells, each asked for on a rare path. */
final class TaskFacts {
  private final ProcFs proc = ProcFs.of();

  /** Whether the thread has ended: a zombie, or not there any more. */
  boolean isOver(int pid, int tid) {
    return isOver(proc.thread(pid, tid).stat(), true);
  }

  /**
   * Whether the leader has ended and is still there. While another thread's exec puts that thread in
   * the leader's place, there is none for a moment.
   */
  boolean isZombieLeader(int pid) {
    return isOver(proc.thread(pid, pid).stat(), false);
  }

  private static boolean isOver(ProcResult<Stat> result, boolean ifVanished) {
    return switch (result) {
      case ProcResult.Present<Stat>(var stat) ->
          stat.state() == TaskState.ZOMBIE || stat.state() == TaskState.DEAD;
      case ProcResult.Vanished<?> v -> ifVanished;
      case ProcResult.Denied<?> d -> false;
    };
  }

  /** Whether the thread stands in a ptrace-stop, and was not woken from it to die. */
  boolean isInPtraceStop(int pid, int tid) {
    return proc.thread(pid, tid).stat() instanceof ProcResult.Present<Stat>(var stat)
        && stat.state() == TaskState.TRACING_STOP;
  }

  /** The tid of a task's tracer; 0 for none. */
  int tracer(int tid) {
    return status(tid, Status::tracerPid);
  }

  /** The process that a task belongs to; 0 if it is gone. */
  int threadGroup(int tid) {
    return status(tid, Status::tgid);
  }

  private int status(int tid, java.util.function.ToIntFunction<Status> field) {
    return proc.process(tid).status() instanceof ProcResult.Present<Status>(var status)
        ? field.applyAsInt(status)
        : 0;
  }

  /** Whether a signal is pending for the thread or for its process. */
  boolean isPending(int pid, int tid, int signal) {
    return proc.thread(pid, tid).status() instanceof ProcResult.Present<Status>(var status)
        && ((status.sigPnd() | status.shdPnd()) & 1L << (signal - 1)) != 0;
  }

  /** The system call that a stopped thread is in; −1 for none. */
  int syscall(int pid, int tid) {
    return proc.thread(pid, tid).syscall()
            instanceof ProcResult.Present<Syscall>(Syscall.Blocked blocked)
        ? blocked.nr()
        : -1;
  }

  /** Whether the whole process has ended, by its pidfd. */
  boolean hasEnded(Libc libc, TracedProcess p) {
    return libc.hasEnded(p.pidfd);
  }
}
