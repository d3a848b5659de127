package org.libproc4j.examples;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.IntFunction;
import org.libproc4j.procfs.Link;
import org.libproc4j.procfs.ProcFs;
import org.libproc4j.procfs.ProcResult;
import org.libproc4j.procfs.Stat;
import org.libproc4j.procfs.Status;
import org.libproc4j.procfs.Syscall;
import org.libproc4j.procfs.TaskState;

/** What it would disturb to stop a thread and set it running again. */
final class Risks {
  /** Calls that the kernel does not resume after a stop, although no handler has run: signal(7). */
  private static final Set<String> INTERRUPTED =
      Set.of(
          "epoll_wait",
          "epoll_pwait",
          "epoll_pwait2",
          "semop",
          "semtimedop",
          "io_getevents",
          "io_uring_enter",
          "rt_sigtimedwait");

  /** Calls that are interrupted on a socket with a time limit, and the argument that names it. */
  private static final Map<String, Integer> SOCKET_CALLS =
      Map.ofEntries(
          Map.entry("read", 0),
          Map.entry("readv", 0),
          Map.entry("recvfrom", 0),
          Map.entry("recvmsg", 0),
          Map.entry("recvmmsg", 0),
          Map.entry("accept", 0),
          Map.entry("accept4", 0),
          Map.entry("connect", 0),
          Map.entry("write", 0),
          Map.entry("writev", 0),
          Map.entry("sendto", 0),
          Map.entry("sendmsg", 0),
          Map.entry("sendfile", 0));

  private static final Set<String> WRITES = Set.of("write", "writev");
  private static final Set<String> BIRTHS = Set.of("vfork", "clone", "clone3");
  private static final int SECCOMP_FILTER = 2;

  /** A stop of ours is made invisible: docs/invisible-stops.md. */
  private static final String MENDED = ", but not after a stop of ours";

  private static final String FILTERED = ", unless its seccomp filter is seen to let it pass again";

  private Risks() {}

  /**
   * Finds them.
   *
   * @param descriptor what a file descriptor of the process is, as its link in {@code fd} says
   */
  static List<String> of(
      Stat stat, Status status, ProcResult<Syscall> syscall, IntFunction<String> descriptor) {
    List<String> risks = new ArrayList<>();
    if (stat.isKernelThread()) {
      return List.of("a kernel thread cannot be stopped");
    }
    if (stat.state() == TaskState.ZOMBIE || stat.state() == TaskState.DEAD) {
      return List.of(); // there is nothing to stop
    }
    if (status.tracerPid() != 0) {
      risks.add(
          "traced by " + Tracing.describe(status.tracerPid()) + ", so nobody else can stop it");
    }
    boolean filtered = status.seccomp().equals(OptionalInt.of(SECCOMP_FILTER));
    if (filtered) {
      risks.add("a seccomp filter: one that forbids restart_syscall kills it after a stop");
    }
    String call =
        syscall instanceof ProcResult.Present<Syscall>(Syscall.Blocked blocked)
            ? ThreadReport.nameOf(blocked.nr())
            : "";
    if (stat.state() == TaskState.DISK_SLEEP) {
      risks.add(
          BIRTHS.contains(call)
              ? "waits for its vfork child, and cannot stop before that has executed or ended"
              : "in uninterruptible sleep, and cannot stop before it wakes");
    } else if (syscall.isDenied()) {
      risks.add("not known: its system call is not ours to see");
    } else if (syscall instanceof ProcResult.Present<Syscall>(Syscall.Blocked blocked)) {
      addCall(risks, call, blocked, descriptor, filtered ? FILTERED : MENDED);
    }
    return List.copyOf(risks);
  }

  private static void addCall(
      List<String> risks,
      String call,
      Syscall.Blocked blocked,
      IntFunction<String> descriptor,
      String exception) {
    if (INTERRUPTED.contains(call)) {
      risks.add(call + " would fail with EINTR" + exception);
    }
    Integer argument = SOCKET_CALLS.get(call);
    if (argument == null) {
      return;
    }
    String what = descriptor.apply(blocked.args().get(argument).intValue());
    if (what.startsWith("socket:")) {
      risks.add(
          call
              + " would fail with EINTR if its socket has a time limit (SO_RCVTIMEO, SO_SNDTIMEO)"
              + exception);
    } else if (WRITES.contains(call) && what.startsWith("pipe:")) {
      risks.add(call + " to a pipe would return short if it is half done");
    }
  }

  /** What a file descriptor is: "socket:[4711]", "pipe:[4712]", a path; empty if unknown. */
  static String target(int pid, int fd) {
    return ProcFs.of()
        .process(pid)
        .fd(fd)
        .orElse(Optional.empty()) // not ours to see
        .map(Link::toString)
        .orElse("");
  }
}
