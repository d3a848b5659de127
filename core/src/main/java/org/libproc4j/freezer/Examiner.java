package org.libproc4j.freezer;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;
import org.libproc4j.SystemCall;
import org.libproc4j.internal.linux.Libc;
import org.libproc4j.procfs.Cgroup;
import org.libproc4j.procfs.Comm;
import org.libproc4j.procfs.ProcFs;
import org.libproc4j.procfs.ProcResult;
import org.libproc4j.procfs.Stat;
import org.libproc4j.procfs.Status;
import org.libproc4j.procfs.Syscall;
import org.libproc4j.procfs.ThreadFiles;

/** Finds out about a thread what a person needs to know, and why it cannot be traced. */
final class Examiner {
  private final ProcFs proc;
  private final List<Hierarchy> hierarchies;

  /**
   * Of this {@code /proc}.
   *
   * @param hierarchies all control groups that can be frozen
   */
  Examiner(ProcFs proc, List<Hierarchy> hierarchies) {
    this.proc = proc;
    this.hierarchies = hierarchies;
  }

  /** A thread that held out, as it is now. */
  Holdout holdout(int pid, int tid, String reason) {
    ThreadFiles thread = proc.thread(pid, tid);
    Optional<Stat> stat = thread.stat().toOptional();
    return new Holdout(
        pid,
        tid,
        stat.map(Stat::comm).orElse(Comm.of("")),
        stat.map(Stat::stateCode).orElse('?'),
        thread.wchan().toOptional().flatMap(channel -> channel),
        systemCall(thread),
        kernelStack(thread),
        reason);
  }

  private static Optional<String> systemCall(ThreadFiles thread) {
    return thread.syscall() instanceof ProcResult.Present<Syscall>(Syscall.Blocked call)
        ? Optional.of(SystemCall.name(call.nr()).orElse(String.valueOf(call.nr())))
        : Optional.empty();
  }

  private static Optional<String> kernelStack(ThreadFiles thread) {
    return thread
        .kernelStack()
        .toOptional() // it may have gone, or not be ours to read
        .flatMap(stack -> stack)
        .filter(stack -> !stack.isEmpty())
        .map(stack -> String.join("\n", stack));
  }

  Optional<Stat> stat(int pid, int tid) {
    return proc.thread(pid, tid).stat().toOptional();
  }

  Comm comm(int pid) {
    return proc.process(pid).comm().toOptional().orElse(Comm.of(""));
  }

  /** The process that traces a thread; 0 if none does that we can see. */
  int tracer(int pid, int tid) {
    int thread =
        proc.thread(pid, tid).status() instanceof ProcResult.Present<Status>(var status)
            ? status.tracerPid()
            : 0;
    return thread != 0
            && proc.process(thread).status() instanceof ProcResult.Present<Status>(var status)
        ? status.tgid()
        : thread;
  }

  /** Whether this JVM traces a thread. */
  boolean isOurs(int pid, int tid) {
    return tracer(pid, tid) == java.lang.ProcessHandle.current().pid();
  }

  /** Why PTRACE_SEIZE says EPERM. */
  String whyNotTraced(int pid, int tid) {
    int tracer = tracer(pid, tid);
    if (isOurs(pid, tid)) {
      return "this JVM has it under control already: release it first";
    }
    if (tracer != 0) {
      return "process " + tracer + " (" + comm(tracer) + ") traces it";
    }
    return "no permission to trace it" + userOf(pid, tid);
  }

  /** Whose a thread is, to be appended. */
  String userOf(int pid, int tid) {
    Optional<Status> status = proc.thread(pid, tid).status().toOptional();
    return status.map(s -> ": it runs as user " + s.uid().effective()).orElse("");
  }

  /**
   * Whether a thread waits for its vfork child, which is held. It executes nothing until that child
   * runs on, and what it was directed to is then the first that it does.
   */
  boolean awaitsHeldChild(int pid, int tid, IntPredicate held) {
    ThreadFiles thread = proc.thread(pid, tid);
    if (!(thread.stat() instanceof ProcResult.Present<Stat>(var stat)) || stat.stateCode() != 'D') {
      return false;
    }
    String channel = thread.wchan().toOptional().flatMap(c -> c).orElse("");
    boolean awaits =
        channel.startsWith("kernel_clone")
            || channel.startsWith("wait_for_vfork")
            || systemCall(thread).filter(call -> call.equals("vfork")).isPresent();
    List<Integer> children = awaits ? thread.children().orElse(List.of()) : List.of();
    return !children.isEmpty() && children.stream().allMatch(held::test);
  }

  /** Whether a control group's freeze of somebody else has it: it cannot move, nor stop. */
  boolean isFrozen(int pid, int tid) {
    ThreadFiles thread = proc.thread(pid, tid);
    if (thread.wchan().toOptional().flatMap(c -> c).filter("__refrigerator"::equals).isPresent()) {
      return true;
    }
    List<Cgroup> places = thread.cgroup().toOptional().orElse(List.of());
    return hierarchies.stream().anyMatch(hierarchy -> isFrozen(hierarchy, places));
  }

  private static boolean isFrozen(Hierarchy hierarchy, List<Cgroup> places) {
    return hierarchy
        .directory(places)
        .filter(group -> hierarchy.version().isFrozen(Libc.SYSTEM, group))
        .isPresent();
  }

  /** The directory of a process's control group; empty if that is not shown. */
  Optional<Path> cgroup(int pid, Hierarchy hierarchy) {
    return proc.process(pid).cgroup().toOptional().flatMap(hierarchy::directory);
  }
}
