package org.libproc4j.scenarios;

import static org.assertj.core.api.Assertions.assertThat;
import static org.libproc4j.testing.Signals.SIGRTMIN;

import java.io.BufferedReader;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.libproc4j.ProcessHandle;
import org.libproc4j.testing.LoggedSignal;
import org.libproc4j.testing.Target;

/**
 * A JVM that grabs, stops, runs and releases is killed with SIGKILL at random moments: the target
 * runs, and no signal is lost that somebody sent meanwhile.
 *
 * <p>{@code -Dlibproc4j.test.kills=1000} for longer, {@code -Dlibproc4j.test.seed} to replay.
 */
@Timeout(value = 1, unit = TimeUnit.HOURS)
class Scenario16KilledTracerIT {
  private static final int KILLS = Integer.getInteger("libproc4j.test.kills", 8);
  private static final long SEED = Long.getLong("libproc4j.test.seed", System.nanoTime());
  private static final int LATEST_NANOS = 3_000_000;
  private static final int SIGNALS = 4;

  @Test
  void theTargetRunsAndNoSignalIsLost() throws Exception {
    Random random = new Random(SEED);
    try (Target target = Target.start("signals", "4")) {
      target.ask("allow", "allowed");
      for (int kill = 1; kill <= KILLS; kill++) {
        Process worker = start(target.pid());
        try (BufferedReader output = worker.inputReader(StandardCharsets.US_ASCII)) {
          assertThat(output.readLine()).isEqualTo("ready");
          for (int i = 0; i < SIGNALS; i++) {
            target.queueTo(target.tid(0), SIGRTMIN, (long) (kill - 1) * SIGNALS + i);
          }
          LockSupport.parkNanos(random.nextInt(LATEST_NANOS)); // any moment is as good as another
        } finally {
          worker.destroyForcibly().waitFor();
        }
        target.awaitUntraced();
        target.assertComputes();
        assertThat(target.awaitSignals(kill * SIGNALS))
            .as("seed %d, kill %d", SEED, kill)
            .extracting(LoggedSignal::value)
            .containsExactlyElementsOf(LongStream.range(0, (long) kill * SIGNALS).boxed().toList());
      }
      target.assertClean();
    }
  }

  private static Process start(int pid) throws Exception {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            classPath(),
            Worker.class.getName(),
            "" + pid)
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  /** Where the library is, whether these tests run on the class path or on the module path. */
  private static String classPath() {
    return Stream.of(
            ProcessHandle.class.getName(),
            "org.libproc4j.linux.linux_h",
            "org.libproc4j.procfs.ProcFs",
            Worker.class.getName())
        .map(Scenario16KilledTracerIT::location)
        .distinct()
        .collect(Collectors.joining(File.pathSeparator));
  }

  private static String location(String className) {
    try {
      Class<?> type =
          Class.forName(className, false, Scenario16KilledTracerIT.class.getClassLoader());
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
    } catch (ReflectiveOperationException | java.net.URISyntaxException e) {
      throw new AssertionError(e);
    }
  }
}
