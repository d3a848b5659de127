package org.libproc4j.internal.ptrace;

import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;
import org.libproc4j.internal.linux.Libc;
import org.libproc4j.internal.linux.Signal;
import org.libproc4j.procfs.ProcFs;
import org.libproc4j.procfs.ProcResult;
import org.libproc4j.procfs.Stat;
import org.libproc4j.procfs.Status;
import org.libproc4j.procfs.Syscall;
import org.libproc4j.procfs.TaskState;

/**
 * The few things about a task that only {@code /proc} tells, each asked for on a rare path. While
 * this JVM can open no file, what was believed before stays so: the tracer must not end of it.
 */
final class TaskFacts {
  /** PF_EXITING, PF_DUMPCORE and PF_SIGNALED of the kernel's sched.h. */
  private static final long ENDING = 0x4 | 0x200 | 0x400;

  private static final int SECCOMP_MODE_FILTER = 2; // linux/seccomp.h

  private final ProcFs proc = ProcFs.of();

  /** Whether the thread has ended: a zombie, or not there any more. */
  boolean isOver(int pid, int tid) {
    return isOver(() -> proc.thread(pid, tid).stat(), true);
  }

  /**
   * Whether the leader has ended and is still there. While another thread's exec puts that thread
   * in the leader's place, there is none for a moment.
   */
  boolean isZombieLeader(int pid) {
    return isOver(() -> proc.thread(pid, pid).stat(), false);
  }

  private static boolean isOver(Supplier<ProcResult<Stat>> question, boolean ifVanished) {
    return ask(question)
        .map(
            answer ->
                switch (answer) {
                  case ProcResult.Present<Stat>(var stat) ->
                      stat.state() == TaskState.ZOMBIE || stat.state() == TaskState.DEAD;
                  case ProcResult.Vanished<?> v -> ifVanished;
                  case ProcResult.Denied<?> d -> false;
                })
        .orElse(false);
  }

  /** Whether the thread stands in a ptrace-stop, and was not woken from it to die. */
  boolean isInPtraceStop(int pid, int tid) {
    return ask(() -> proc.thread(pid, tid).stat())
        .map(
            answer ->
                answer instanceof ProcResult.Present<Stat>(var stat)
                    && stat.state() == TaskState.TRACING_STOP)
        .orElse(true);
  }

  /**
   * Whether a process whose leader has ended lives on in another thread, and is not just about to
   * end as a whole: then some thread has been sent the SIGKILL for that, and the others are ending.
   */
  boolean livesOn(TracedProcess p) {
    boolean[] killed = {false};
    boolean[] lives = {false};
    int r =
        p.tasks.list(
            tid -> {
              if (tid != p.pid()) {
                killed[0] |= isPending(p.pid(), tid, Signal.SIGKILL);
                lives[0] |=
                    ask(() -> proc.thread(p.pid(), tid).stat())
                        .map(answer -> lives(answer))
                        .orElse(true);
              }
            });
    return r < 0 || (lives[0] && !killed[0]);
  }

  private static boolean lives(ProcResult<Stat> answer) {
    return switch (answer) {
      case ProcResult.Present<Stat>(var stat) -> !stat.isZombie() && (stat.flags() & ENDING) == 0;
      case ProcResult.Vanished<?> v -> false;
      case ProcResult.Denied<?> d -> true;
    };
  }

  /** Empty if no file can be opened. */
  private static <T> Optional<ProcResult<T>> ask(Supplier<ProcResult<T>> question) {
    try {
      return Optional.of(question.get());
    } catch (UncheckedIOException e) {
      return Optional.empty();
    }
  }

  /** All processes that there are; none if that cannot be told now. */
  List<Integer> processes() {
    try {
      return proc.pids();
    } catch (UncheckedIOException e) {
      return List.of();
    }
  }

  /** The tid of a task's tracer; 0 for none. */
  int tracer(int tid) {
    return status(tid, Status::tracerPid);
  }

  /** The process that a task belongs to; 0 if it is gone. */
  int threadGroup(int tid) {
    return status(tid, Status::tgid);
  }

  private int status(int tid, ToIntFunction<Status> field) {
    return ask(() -> proc.process(tid).status())
        .flatMap(ProcResult::toOptional)
        .map(status -> field.applyAsInt(status))
        .orElse(0);
  }

  /** Whether a signal is pending for the thread or for its process. */
  boolean isPending(int pid, int tid, int signal) {
    return ask(() -> proc.thread(pid, tid).status())
        .flatMap(ProcResult::toOptional)
        .filter(status -> has(status.sigPnd() | status.shdPnd(), signal))
        .isPresent();
  }

  /**
   * Whether a stop signal is pending for a thread or its process.
   *
   * @param but one of the thread's own that does not count; 0 for none
   */
  boolean isStopPending(int pid, int tid, int but) {
    return ask(() -> proc.thread(pid, tid).status())
        .flatMap(ProcResult::toOptional)
        .filter(
            status ->
                IntStream.rangeClosed(1, Long.SIZE)
                    .filter(Signal::stops)
                    .anyMatch(
                        s -> has(status.shdPnd(), s) || (s != but && has(status.sigPnd(), s))))
        .isPresent();
  }

  /** Whether a thread could take a signal that is pending for its process. */
  boolean couldTake(int pid, int tid) {
    return ask(() -> proc.thread(pid, tid).status())
        .flatMap(ProcResult::toOptional)
        .filter(status -> (status.shdPnd() & ~status.sigBlk()) != 0)
        .isPresent();
  }

  private static boolean has(long mask, int signal) {
    return (mask & 1L << (signal - 1)) != 0;
  }

  /** Whether a seccomp filter watches the thread's system calls. */
  boolean isFiltered(int pid, int tid) {
    return ask(() -> proc.thread(pid, tid).status())
        .flatMap(ProcResult::toOptional)
        .map(status -> status.seccomp().orElse(0) == SECCOMP_MODE_FILTER)
        .orElse(true);
  }

  /** The system call that a stopped thread is in; −1 for none. */
  int syscall(int pid, int tid) {
    return ask(() -> proc.thread(pid, tid).syscall()).flatMap(ProcResult::toOptional).orElse(null)
            instanceof Syscall.Blocked blocked
        ? blocked.nr()
        : -1;
  }

  /** Whether the whole process has ended, by its pidfd. */
  boolean hasEnded(Libc libc, TracedProcess p) {
    return libc.hasEnded(p.pidfd);
  }
}
