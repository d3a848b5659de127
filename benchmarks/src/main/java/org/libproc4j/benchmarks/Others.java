package org.libproc4j.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import oshi.software.os.OSProcess;
import oshi.software.os.OperatingSystem;

/** Libraries that can do the same, though without the kernel's flags; those that are there. */
final class Others {
  private static final String OSHI = "OSHI (oshi-core)";
  private static final String OSHI_FFM = "OSHI (oshi-core-ffm)";
  private static final String OSHI_PROPERTIES =
      "/META-INF/maven/com.github.oshi/oshi-core/pom.properties";

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
            helper -> all.put(Peer.PSUTIL.called, Sweeper.of(helper)),
            () -> missing(Peer.PSUTIL.called, "on Debian: apt-get install python3-psutil"));
    return all;
  }

  /** Run by the first Python that has it. */
  static Optional<Helper> psutil() {
    return PYTHONS.stream()
        .filter(python -> psutilOf(python).isPresent())
        .findFirst()
        .map(
            python -> {
              Helper helper = Helper.startScript(python, "-c", "psutil-peer.py");
              helper.answer(); // its version
              return helper;
            });
  }

  static Optional<String> psutilVersion() {
    return PYTHONS.stream().map(Others::psutilOf).flatMap(Optional::stream).findFirst();
  }

  private static Optional<String> psutilOf(String python) {
    return Command.output(List.of(python, "-c", "import psutil; print(psutil.__version__)"))
        .flatMap(Versions::parse);
  }

  static String oshiVersion() {
    try (InputStream in = oshi.SystemInfo.class.getResourceAsStream(OSHI_PROPERTIES)) {
      Properties properties = new Properties();
      properties.load(Objects.requireNonNull(in, OSHI_PROPERTIES));
      return properties.getProperty("version", "");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
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
