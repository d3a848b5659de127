package org.libproc4j.benchmarks;

import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import oshi.software.os.OSProcess;
import oshi.software.os.OperatingSystem;

/** Libraries that can do the same, though without the kernel's flags; those that are there. */
final class Others {
  private static final String OSHI = "OSHI (oshi-core)";
  private static final String OSHI_FFM = "OSHI (oshi-core-ffm)";
  private static final String PSUTIL = "psutil";

  /** In oshi-core-ffm, which the build adds with {@code -Poshi-ffm}. */
  private static final String FFM_SYSTEM_INFO = "oshi.ffm.SystemInfo";

  private static final List<String> PYTHONS = List.of("python3", "/usr/bin/python3");

  private Others() {}

  /** By their names; says on standard error who is missing. */
  static Map<String, Sweeper> present() {
    System.setProperty("slf4j.internal.verbosity", "ERROR"); // OSHI's log goes nowhere
    Map<String, Sweeper> all = new LinkedHashMap<>();
    OperatingSystem oshi = new oshi.SystemInfo().getOperatingSystem();
    all.put(OSHI, Sweeper.of(() -> count(oshi)));
    try {
      Object info = Class.forName(FFM_SYSTEM_INFO).getConstructor().newInstance();
      OperatingSystem ffm =
          (OperatingSystem) info.getClass().getMethod("getOperatingSystem").invoke(info);
      all.put(OSHI_FFM, Sweeper.of(() -> count(ffm)));
    } catch (ReflectiveOperationException e) {
      missing(OSHI_FFM, "build with -Poshi-ffm");
    }
    psutil()
        .ifPresentOrElse(
            helper -> all.put(PSUTIL, Sweeper.of(helper)),
            () -> missing(PSUTIL, "on Debian: apt-get install python3-psutil"));
    return all;
  }

  /** By the first Python that has it. */
  private static Optional<Helper> psutil() {
    for (String python : PYTHONS) {
      try {
        Helper helper = Helper.startScript(python, "-c", "psutil-sweep.py");
        helper.answer(); // its version: it has found its library
        return Optional.of(helper);
      } catch (UncheckedIOException | IllegalStateException e) {
        // There is no such Python, or it lacks psutil.
      }
    }
    return Optional.empty();
  }

  private static void missing(String who, String remedy) {
    System.err.println("bench: " + who + " is not measured: it is not installed (" + remedy + ")");
  }

  private static int count(OperatingSystem os) {
    List<OSProcess> processes = os.getProcesses(null, null, 0);
    int found = 0;
    for (OSProcess process : processes) {
      boolean read =
          process.getProcessID() > 0
              && process.getParentProcessID() >= 0
              && process.getState() != null
              && process.getStartTime() > 0
              && process.getName() != null;
      found += read ? 1 : 0;
    }
    return found;
  }
}
