package org.libproc4j.freezer;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.libproc4j.testing.PidNamespace;
import org.libproc4j.testing.Zoo;

/**
 * Machines of every size, with all that processes do in them, stand still with every backend and go
 * on as if nothing had been.
 */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class FreezeZooIT {
  private static final Duration STILL = Duration.ofMillis(500);

  static IntStream sizes() {
    return Backends.LONG ? IntStream.of(10, 300, 2000) : IntStream.of(10, 300);
  }

  @ParameterizedTest
  @MethodSource("sizes")
  void nothingMovesWhileFrozenAndAllMovesAfter(int processes) {
    try (Zoo zoo = Zoo.of(processes)) {
      FreezingJvm freezer = new FreezingJvm(zoo.namespace());
      for (Backend backend : Backends.all(zoo.namespace())) {
        long notices = zoo.notices();
        FreezingJvm.Answer frozen = freezer.freeze("signalChildren backend=" + backend);
        zoo.namespace().assertStill(STILL);
        assertThat(frozen.number("processes")).isGreaterThan(processes / 2);
        freezer.thaw();
        zoo.assertAsBefore();
        if (backend != Backend.SIGNAL) {
          assertThat(zoo.notices()).as("told to parents, %s", backend).isEqualTo(notices);
        }
      }
    }
  }

  @Test
  void manyThreadsStandStillAndTakeLittleMemory() {
    try (PidNamespace namespace = new PidNamespace()) {
      int processes =
          Backends.LONG ? 30 : 8; // nearly all that there can be where pid_max is 32,768
      int threads = Backends.LONG ? 1000 : 100;
      namespace.animal(namespace.cgroup("zoo"), "crowd", "" + processes, "1000000", "" + threads);
      namespace.awaitSlots(processes * threads);
      FreezingJvm freezer = new FreezingJvm(namespace);
      for (Backend backend : Backends.all(namespace)) {
        FreezingJvm.Answer frozen = freezer.freeze("backend=" + backend);
        assertThat(frozen.number("threads")).isEqualTo((long) processes * threads);
        namespace.assertStill(STILL);
        assertThat(Integer.parseInt(freezer.ask("heap").text())).isLessThan(64);
        freezer.thaw();
        namespace.awaitAllMove();
      }
    }
  }

  @Test
  void noClassOfOursIsLoadedFromTheFreezeToTheThaw() {
    try (Zoo zoo = Zoo.of(10)) {
      for (Backend backend : Backends.all(zoo.namespace())) {
        int mark = zoo.namespace().mark();
        FreezingJvm freezer =
            new FreezingJvm(
                zoo.namespace(), "export JAVA_TOOL_OPTIONS=-Xlog:class+load:stdout:none");
        assertThat(freezer.ask("prepare backend=" + backend).verb()).isEqualTo("prepared");
        assertThat(loaded(zoo.namespace().saidAfter(mark))).isNotEmpty();
        freezer.freeze("backend=" + backend);
        assertThat(loaded(freezer.said())).isEmpty();
        freezer.thaw();
        assertThat(loaded(freezer.said())).isEmpty();
      }
    }
  }

  private static List<String> loaded(List<String> said) {
    return said.stream()
        .filter(line -> line.matches("org\\.libproc4j\\..* source: (file|jar):.*"))
        .filter(line -> !line.contains("FreezeWorker"))
        .toList();
  }
}
