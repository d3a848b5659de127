package org.libproc4j.freezer;

import java.util.Optional;
import org.libproc4j.procfs.ByteString;
import org.libproc4j.procfs.ProcFs;
import org.libproc4j.procfs.ProcResult;
import org.libproc4j.procfs.Status;

/** What this JVM may do, as far as it can be told beforehand. */
final class Rights {
  private static final int CAP_SYS_PTRACE = 19;

  /** Yama's setting under which nobody traces. */
  private static final String NOBODY = "3";

  private Rights() {}

  /** What AUTO means here. */
  static Backend choose(Backend wanted, ProcFs proc, int self) {
    if (wanted != Backend.AUTO) {
      return wanted;
    }
    return mayTraceAll(proc, self) ? Backend.TRACE : Backend.SIGNAL;
  }

  /** What holds those that a backend cannot reach. */
  static Backend forTheRest(Backend backend, ProcFs proc, int self) {
    return backend == Backend.CGROUP ? choose(Backend.AUTO, proc, self) : backend;
  }

  private static boolean mayTraceAll(ProcFs proc, int self) {
    return !proc.sysctl("kernel.yama.ptrace_scope").equals(Optional.of(NOBODY))
        && proc.process(self).status() instanceof ProcResult.Present<Status>(var status)
        && (status.capEff() >> CAP_SYS_PTRACE & 1) != 0;
  }

  /** Refuses where some processes would not be seen, and where nothing could free the machine. */
  static void check(Freezer freezer, ProcFs proc, int self) throws Setback {
    if (self == 1) {
      throw new Setback(
          "this JVM is pid 1, which no timer can kill if it hangs: start it below an init"
              + " (docker run --init)");
    }
    if (!freezer.isPartialOk() && !mayTraceAll(proc, self) && hidesProcesses(proc, self)) {
      throw new Setback(
          proc.root()
              + " is mounted with hidepid, and hides other users' processes from us: run as root,"
              + " or allow a partial freeze");
    }
  }

  private static boolean hidesProcesses(ProcFs proc, int self) {
    ByteString root = ByteString.of(proc.root().toString());
    return proc.process(self).mounts().orElseThrow().stream()
        .filter(mount -> mount.mountPoint().equals(root))
        .reduce((_, last) -> last)
        .stream()
        .flatMap(mount -> mount.superOptions().stream())
        .anyMatch(o -> o.startsWith("hidepid=") && !o.matches("hidepid=(0|off)"));
  }
}
