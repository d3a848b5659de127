package org.libproc4j.freezer;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.libproc4j.procfs.ByteString;
import org.libproc4j.procfs.ProcFs;
import org.libproc4j.procfs.ProcResult;
import org.libproc4j.procfs.Status;

/** What this JVM may do, as far as it can be told beforehand; it is found out once. */
final class Rights {
  private static final int CAP_SYS_PTRACE = 19;

  /** Yama's setting under which nobody traces. */
  private static final String NOBODY = "3";

  private final ProcFs proc;
  private final int self;
  private @Nullable Boolean traceAll;

  Rights(ProcFs proc, int self) {
    this.proc = proc;
    this.self = self;
  }

  /** What AUTO means here. */
  Backend choose(Backend wanted) {
    if (wanted != Backend.AUTO) {
      return wanted;
    }
    return mayTraceAll() ? Backend.TRACE : Backend.SIGNAL;
  }

  /** What holds those that a backend cannot reach. */
  Backend forTheRest(Backend backend) {
    return backend == Backend.CGROUP ? choose(Backend.AUTO) : backend;
  }

  private boolean mayTraceAll() {
    Boolean known = traceAll;
    if (known == null) {
      traceAll = known = findWhetherWeMayTraceAll();
    }
    return known;
  }

  private boolean findWhetherWeMayTraceAll() {
    return !proc.sysctl("kernel.yama.ptrace_scope").equals(Optional.of(NOBODY))
        && proc.process(self).status() instanceof ProcResult.Present<Status>(var status)
        && (status.capEff() >> CAP_SYS_PTRACE & 1) != 0;
  }

  /** Refuses where some processes would not be seen, and where nothing could free the machine. */
  void check(Freezer freezer) throws Setback {
    if (self == 1) {
      throw new Setback(
          "this JVM is pid 1, which no timer can kill if it hangs: start it below an init"
              + " (docker run --init)");
    }
    if (!freezer.isPartialOk() && !mayTraceAll() && hidesProcesses()) {
      throw new Setback(
          proc.root()
              + " is mounted with hidepid, and hides other users' processes from us: run as root,"
              + " or allow a partial freeze");
    }
  }

  private boolean hidesProcesses() {
    ByteString root = ByteString.of(proc.root().toString());
    return proc.process(self).mounts().orElseThrow().stream()
        .filter(mount -> mount.mountPoint().equals(root))
        .reduce((_, last) -> last)
        .stream()
        .flatMap(mount -> mount.superOptions().stream())
        .anyMatch(o -> o.startsWith("hidepid=") && !o.matches("hidepid=(0|off)"));
  }
}
