package org.libproc4j;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.libproc4j.internal.linux.Err;
import org.libproc4j.internal.linux.Libc;
import org.libproc4j.internal.ptrace.TracedProcess;
import org.libproc4j.procfs.Comm;
import org.libproc4j.procfs.ProcFs;
import org.libproc4j.procfs.ProcResult;
import org.libproc4j.procfs.Stat;
import org.libproc4j.procfs.Status;
import org.libproc4j.procfs.Syscall;
import org.libproc4j.procfs.TaskState;

/**
 * Why a grab fails. The kernel says EPERM for a dozen different things, so {@code /proc} is asked,
 * once, at this edge.
 */
final class GrabFailure {
  private GrabFailure() {}

  static GrabException noProcess(int pid) {
    return new GrabException(GrabError.G_NOPROC, "there is no process " + pid);
  }

  private static GrabException noDescriptor(int pid) {
    return new GrabException(
        GrabError.G_NOFD,
        "cannot grab process "
            + pid
            + ": no file descriptor is left; raise the limit (ulimit -n) or close some");
  }

  private static boolean isNoDescriptor(int errno) {
    return errno == Err.EMFILE || errno == Err.ENFILE;
  }

  /** A file of {@code /proc} cannot be read, of a process that is there and that we may look at. */
  static GrabException ofProc(Libc libc, int pid, UncheckedIOException failure) {
    int fd = libc.pidfdOpen(libc.getpid()); // any will do
    if (fd >= 0) {
      libc.close(fd);
    }
    return isNoDescriptor(-fd)
        ? noDescriptor(pid)
        : new GrabException(
            GrabError.G_STRANGE, "cannot grab process " + pid + ": " + failure.getMessage());
  }

  /** pidfd_open(2), or opening the list of threads, has failed. */
  static GrabException ofOpen(int pid, int errno) {
    if (isNoDescriptor(errno)) {
      return noDescriptor(pid);
    }
    Status status = status(pid);
    if (status != null && status.tgid() != pid) {
      return new GrabException(
          GrabError.G_NOPROC,
          pid
              + " is not a process but a thread of process "
              + status.tgid()
              + " ("
              + status.name()
              + "): grab that, and use lwp("
              + pid
              + ")");
    }
    if (errno == Err.ESRCH || errno == Err.ENOENT || errno == Err.EINVAL) {
      return noProcess(pid);
    }
    return strange(pid, "pidfd_open", errno);
  }

  /** What makes looking at a process senseless. */
  static void checkExaminable(Libc libc, int pid, int pidfd) throws GrabException {
    Stat stat = stat(pid);
    if (stat == null) {
      throw noProcess(pid);
    }
    if (libc.hasEnded(pidfd)) {
      throw ended(libc, pid, pidfd, stat);
    }
  }

  /** What can be told before anything is touched. */
  static void checkControllable(Libc libc, int pid, int pidfd) throws GrabException {
    if (pid == java.lang.ProcessHandle.current().pid()) {
      throw new GrabException(
          GrabError.G_SELF,
          "process " + pid + " is this JVM itself: no process can control itself");
    }
    Stat stat = stat(pid);
    if (stat == null) {
      throw noProcess(pid);
    }
    if (stat.isKernelThread()) {
      throw new GrabException(
          GrabError.G_SYS,
          "process " + pid + " (" + stat.comm() + ") is a kernel thread: it cannot be controlled");
    }
    checkExaminable(libc, pid, pidfd);
    checkUntraced(pid, stat);
    if (stat.ppid() == java.lang.ProcessHandle.current().pid() && !Creator.isOurs(pid)) {
      throw new GrabException(
          GrabError.G_BUSY,
          "process "
              + pid
              + " ("
              + stat.comm()
              + ") is a child of this JVM, started with ProcessBuilder: the JDK's reaper thread"
              + " would take its stops for its end. Start it with ProcessHandle.create() instead");
    }
  }

  private static void checkUntraced(int pid, Stat stat) throws GrabException {
    Status status = status(pid);
    if (status == null || status.tracerPid() == 0 || stat.state() == TaskState.ZOMBIE) {
      return; // a leader that has exited before its threads stays with whoever had it
    }
    throw busy(pid, stat.comm(), status.tracerPid());
  }

  private static GrabException busy(int pid, Comm name, int tracerTid) {
    Status tracer = status(tracerTid); // TracerPid is the id of the tracing thread
    int tracerPid = tracer == null ? tracerTid : tracer.tgid();
    boolean self = tracerPid == java.lang.ProcessHandle.current().pid();
    return new GrabException(
        GrabError.G_BUSY,
        self
            ? "process " + pid + " (" + name + ") is already grabbed by this JVM: release it first"
            : "process "
                + pid
                + " ("
                + name
                + ") is traced by process "
                + tracerPid
                + (tracer == null ? "" : " (" + nameOf(tracerPid) + ")")
                + ": Linux allows one tracer at a time; end that one first");
  }

  /** PTRACE_SEIZE of a thread has failed. */
  static GrabException ofSeize(
      Libc libc, int pid, int pidfd, TracedProcess.Culprit culprit, int errno) {
    int tid = culprit.tid();
    Stat stat = stat(pid);
    if (stat == null) {
      return noProcess(pid);
    }
    if (libc.hasEnded(pidfd)) {
      return ended(libc, pid, pidfd, stat);
    }
    if (isNoDescriptor(errno)) {
      return noDescriptor(pid);
    }
    if (errno != Err.EPERM) {
      return strange(
          pid, tid == 0 ? "listing its threads" : "ptrace(PTRACE_SEIZE, " + tid + ")", errno);
    }
    if (culprit.tracer() != 0) {
      return busy(pid, stat.comm(), culprit.tracer());
    }
    Status status = status(tid);
    return new GrabException(
        GrabError.G_PERM,
        "not permitted to control process "
            + pid
            + " ("
            + stat.comm()
            + "): ptrace(PTRACE_SEIZE, "
            + tid
            + ") failed with EPERM. "
            + advice(status));
  }

  private static String advice(@org.jspecify.annotations.Nullable Status target) {
    Status self = status((int) java.lang.ProcessHandle.current().pid());
    if (self != null && target != null && self.uid().effective() != target.uid().effective()) {
      return "It runs as user "
          + target.uid().effective()
          + ", we as "
          + self.uid().effective()
          + ": run as that user or as root, or with CAP_SYS_PTRACE";
    }
    String scope = yamaScope();
    return switch (scope) {
      case "1" ->
          "Yama's ptrace_scope is 1: without CAP_SYS_PTRACE only descendants can be traced; run as"
              + " root, create() the process, or have it call prctl(PR_SET_PTRACER)";
      case "2" -> "Yama's ptrace_scope is 2: run as root or with CAP_SYS_PTRACE";
      case "3" -> "Yama's ptrace_scope is 3: tracing is forbidden until the machine restarts";
      default ->
          "It may have privileges that we lack, be undumpable, or be in another user namespace:"
              + " run as root or with CAP_SYS_PTRACE in its namespace";
    };
  }

  private static String yamaScope() {
    try {
      return ProcFs.of().sysctl("kernel.yama.ptrace_scope").orElse(""); // a kernel without Yama
    } catch (UncheckedIOException e) {
      return ""; // not ours to read: the advice stays general
    }
  }

  /** The grab has not finished in time: who held out, and where. */
  static GrabException unfinished(int pid, List<Integer> holdouts, Duration limit) {
    String who =
        holdouts.isEmpty()
            ? "the kernel did not return from seizing it"
            : holdouts.stream()
                .map(tid -> describeThread(pid, tid))
                .collect(Collectors.joining(", "));
    return new GrabException(
        GrabError.G_STRANGE,
        "process " + pid + " did not stop within " + limit.toMillis() + " ms: " + who);
  }

  /** "thread 12 (name) in state D, waiting in kernel_clone, system call vfork". */
  static String describeThread(int pid, int tid) {
    ProcFs proc = ProcFs.of();
    StringBuilder text = new StringBuilder("thread ").append(tid);
    if (proc.thread(pid, tid).stat() instanceof ProcResult.Present<Stat>(var stat)) {
      text.append(" (").append(stat.comm()).append(") in state ").append(stat.stateCode());
    }
    proc.thread(pid, tid)
        .wchan()
        .toOptional()
        .flatMap(w -> w)
        .ifPresent(w -> text.append(", waiting in ").append(w));
    if (proc.thread(pid, tid).syscall()
        instanceof ProcResult.Present<Syscall>(Syscall.Blocked call)) {
      String name = SystemCall.name(call.nr()).orElse(String.valueOf(call.nr()));
      text.append(", system call ").append(name);
    }
    return text.toString();
  }

  /** Once it is reaped, what {@code /proc} says under its number is another process's. */
  private static GrabException ended(Libc libc, int pid, int pidfd, Stat stat) {
    return libc.pidfdSendSignal(pidfd, 0) == -Err.ESRCH ? noProcess(pid) : zombie(pid, stat);
  }

  private static GrabException zombie(int pid, Stat stat) {
    return new GrabException(
        GrabError.G_ZOMB,
        "process "
            + pid
            + " ("
            + stat.comm()
            + ") is a zombie: it has ended, and its parent "
            + stat.ppid()
            + " has not taken note");
  }

  /** There is no tracer for it. */
  static GrabException withoutTracer(int pid, ErrnoException failure) {
    return new GrabException(
        GrabError.G_STRANGE, "cannot grab process " + pid + ": " + failure.getMessage());
  }

  /** It was seized, and then no longer ours. */
  static GrabException lost(int pid, boolean byExec) {
    return new GrabException(
        GrabError.G_STRANGE,
        "cannot grab process "
            + pid
            + (byExec
                ? ": each time, it has executed another program before all its threads were seized"
                : ": its tracer was closed meanwhile"));
  }

  /** The wait for its threads' stops has failed. */
  static GrabException ofWait(int pid, int errno) {
    return strange(pid, "waiting for its threads to stop", errno);
  }

  private static GrabException strange(int pid, String call, int errno) {
    Errno error = Errno.of(errno);
    return new GrabException(
        GrabError.G_STRANGE,
        String.format(
            Locale.ROOT,
            "cannot grab process %d: %s failed with %s (%s)",
            pid,
            call,
            error,
            error.message()));
  }

  private static String nameOf(int pid) {
    return ProcFs.of().process(pid).comm().map(Comm::toString).orElse("?");
  }

  private static @org.jspecify.annotations.Nullable Stat stat(int pid) {
    return ProcFs.of().process(pid).stat() instanceof ProcResult.Present<Stat>(var stat)
        ? stat
        : null;
  }

  private static @org.jspecify.annotations.Nullable Status status(int pid) {
    return ProcFs.of().process(pid).status() instanceof ProcResult.Present<Status>(var status)
        ? status
        : null;
  }
}
