package org.libproc4j.freezer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.libproc4j.procfs.ProcFs;
import org.libproc4j.procfs.ProcResult;
import org.libproc4j.procfs.ProcessFiles;
import org.libproc4j.procfs.Status;

/** What this JVM may do, as far as it can be told beforehand. */
final class Rights {
  private static final int CAP_SYS_PTRACE = 19;
  private static final Path YAMA = Path.of("/proc/sys/kernel/yama/ptrace_scope");
  private static final int FIELD_OF_MOUNT_POINT = 4;

  private Rights() {}

  /** What AUTO means here. */
  static Backend choose(Backend wanted, ProcessFiles self) {
    if (wanted != Backend.AUTO) {
      return wanted;
    }
    return mayTraceAll(self) ? Backend.TRACE : Backend.SIGNAL;
  }

  private static boolean mayTraceAll(ProcessFiles self) {
    try {
      if (Files.exists(YAMA) && Files.readString(YAMA).strip().equals("3")) {
        return false;
      }
    } catch (IOException e) {
      return false;
    }
    return self.status() instanceof ProcResult.Present<Status>(var status)
        && (status.capEff() >> CAP_SYS_PTRACE & 1) != 0;
  }

  /** Refuses where some processes would not be seen, and where nothing could free the machine. */
  static void check(Freezer freezer, ProcFs proc, int self) throws Setback {
    if (self == 1) {
      throw new Setback(
          "this JVM is pid 1, which no timer can kill if it hangs: start it below an init"
              + " (docker run --init)");
    }
    if (!freezer.isPartialOk() && hidesProcesses(proc.root()) && !mayTraceAll(proc.process(self))) {
      throw new Setback(
          proc.root()
              + " is mounted with hidepid, and hides other users' processes from us: run as root,"
              + " or allow a partial freeze");
    }
  }

  private static boolean hidesProcesses(Path root) throws Setback {
    try (var lines = Files.lines(Path.of("/proc/self/mountinfo"))) {
      return lines
          .map(line -> line.split(" ", -1))
          .filter(fields -> fields[FIELD_OF_MOUNT_POINT].equals(root.toString()))
          .map(fields -> fields[fields.length - 1])
          .reduce((_, last) -> last)
          .stream()
          .flatMap(options -> Arrays.stream(options.split(",", -1)))
          .anyMatch(o -> o.startsWith("hidepid=") && !o.matches("hidepid=(0|off)"));
    } catch (IOException e) {
      throw new Setback("/proc/self/mountinfo cannot be read: " + e.getMessage());
    }
  }
}
