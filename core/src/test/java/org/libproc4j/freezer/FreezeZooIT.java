package org.libproc4j.freezer;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.libproc4j.testing.Zoo;

/**
 * Machines of every size, with all that processes do in them, stand still with every backend and go
 * on as if nothing had been.
 */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class FreezeZooIT {
  private static final Duration STILL = Duration.ofMillis(500);

  @ParameterizedTest
  @ValueSource(ints = {10, 300})
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
}
