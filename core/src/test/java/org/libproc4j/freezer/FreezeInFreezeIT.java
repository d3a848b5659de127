package org.libproc4j.freezer;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.libproc4j.testing.PidNamespace;
import org.libproc4j.testing.Zoo;

/**
 * What somebody else has frozen or stopped before stays so, and a second freeze changes nothing.
 */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class FreezeInFreezeIT {
  private static final Duration STILL = Duration.ofMillis(100);

  @Test
  void aFrozenCgroupStaysFrozenAndOnlyThat() {
    try (PidNamespace namespace = new PidNamespace()) {
      Assumptions.assumeTrue(namespace.hasCgroups(), "no cgroup v2 that may be divided here");
      String mine = namespace.cgroup("zoo/users/one");
      namespace.animal(mine, "crowd", "3", "20000", "2");
      namespace.awaitSlots(6);
      namespace.setFreeze("zoo/users", true);
      namespace.awaitFrozen("zoo/users");
      long[] frozen = namespace.counters();
      namespace.animal(namespace.cgroup("zoo"), "crowd", "3", "20000");
      namespace.await("three more", () -> namespace.slots() == 9);
      FreezingJvm freezer = new FreezingJvm(namespace);
      for (Backend backend : Backends.all(namespace)) {
        freezer.freeze("backend=" + backend);
        namespace.assertStill(STILL);
        freezer.thaw();
        namespace.awaitMove(6, 7, 8);
        assertThat(namespace.frozenCgroups()).as("%s", backend).containsExactly("zoo/users");
        assertThat(namespace.counters()).as("%s", backend).startsWith(frozen);
        assertThat(namespace.stopped()).as("%s", backend).isEmpty();
      }
      namespace.setFreeze("zoo/users", false);
      namespace.awaitAllMove();
    }
  }

  @Test
  void aSecondFreezeOfTheSameJvmFailsAndTheFirstHolds() {
    try (Zoo zoo = Zoo.of(10)) {
      FreezingJvm freezer = new FreezingJvm(zoo.namespace());
      for (Backend backend : Backends.all(zoo.namespace())) {
        String command = "backend=" + backend;
        freezer.freeze(command);
        FreezingJvm.Answer second = freezer.ask("freeze " + command);
        assertThat(second.verb()).isEqualTo("failed");
        assertThat(second.text()).startsWith("java.lang.IllegalStateException: ");
        zoo.namespace().assertStill(STILL);
        freezer.thaw();
        zoo.assertAsBefore();
      }
    }
  }

  @Test
  void anotherFreezerFreezesTheFirstTooAndWhatThatHoldsStaysHeld() {
    try (Zoo zoo = Zoo.of(10)) {
      for (Backend backend : Backends.all(zoo.namespace())) {
        if (backend != Backend.SIGNAL) {
          FreezingJvm first = new FreezingJvm(zoo.namespace());
          FreezingJvm second = new FreezingJvm(zoo.namespace());
          first.freeze("exclude=" + second.pid() + " backend=" + backend);
          second.freeze("backend=" + backend);
          zoo.namespace().assertStill(STILL);
          second.thaw();
          zoo.namespace().assertStill(STILL);
          first.thaw();
          zoo.assertAsBefore();
        }
      }
    }
  }
}
