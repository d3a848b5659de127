package org.libproc4j.freezer;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.libproc4j.testing.PidNamespace;
import org.libproc4j.testing.Signals;
import org.libproc4j.testing.Zoo;

/** What a freezer does when somebody signals it while everything stands still. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class FreezeSignalsIT {
  private static final int SIGPIPE = 13;
  private static final int SIGALRM = 14;

  /** What becomes of a JVM; those that it makes nothing of are left out. */
  private static final Map<Integer, String> ENDS =
      Map.of(
          Signals.SIGINT,
          "exited 130",
          Signals.SIGTERM,
          "exited 143",
          Signals.SIGHUP,
          "exited 129",
          SIGALRM,
          "killed 14",
          Signals.SIGUSR1,
          "killed 10");

  @Test
  void eachSignalThatWouldEndItThawsFirst() {
    List<Integer> signals =
        List.of(
            Signals.SIGINT,
            Signals.SIGTERM,
            Signals.SIGHUP,
            SIGPIPE,
            SIGALRM,
            Signals.SIGUSR1,
            Signals.SIGUSR2);
    try (Zoo zoo = Zoo.of(10)) {
      PidNamespace namespace = zoo.namespace();
      for (int i = 0; i < signals.size(); i++) {
        for (Backend backend : Backends.some(namespace, i)) {
          FreezingJvm freezer = new FreezingJvm(namespace);
          freezer.freeze("backend=" + backend);
          namespace.kill(freezer.pid(), signals.get(i));
          zoo.assertAsBefore();
          String end = ENDS.get(signals.get(i));
          if (end != null) {
            assertThat(namespace.awaitEnd(freezer.pid()))
                .as("signal %d, %s", signals.get(i), backend)
                .isEqualTo(end);
            namespace.awaitEmpty("freezer");
          } else {
            assertThat(freezer.ask("thaw").text())
                .as("signal %d", signals.get(i))
                .startsWith("SIGNAL");
            namespace.endInput(freezer.pid());
            assertThat(namespace.awaitEnd(freezer.pid())).isEqualTo("exited 0");
          }
        }
      }
    }
  }

  @Test
  void ctrlZIsIgnoredWhileFrozen() {
    try (Zoo zoo = Zoo.of(10)) {
      PidNamespace namespace = zoo.namespace();
      FreezingJvm freezer = new FreezingJvm(namespace);
      for (Backend backend : Backends.all(namespace)) {
        freezer.freeze("backend=" + backend);
        namespace.kill(freezer.pid(), Signals.SIGTSTP);
        namespace.assertStill(Duration.ofMillis(50));
        freezer.thaw();
        zoo.assertAsBefore();
      }
    }
  }
}
