package org.libproc4j.scenarios;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.libproc4j.Errno;
import org.libproc4j.GrabError;
import org.libproc4j.GrabException;
import org.libproc4j.ProcessHandle;
import org.libproc4j.ProcessState;
import org.libproc4j.Tracer;
import org.libproc4j.Way;
import org.libproc4j.testing.DescriptorLimit;
import org.libproc4j.testing.Leaks;
import org.libproc4j.testing.Target;

/**
 * More threads, targets and files than anybody should have, and other namespaces.
 *
 * <p>{@code -Dlibproc4j.test.threads} and {@code -Dlibproc4j.test.targets} for fewer.
 */
@Timeout(value = 300)
class HardLimitsIT {
  private static final int THREADS = Integer.getInteger("libproc4j.test.threads", 10_000);
  private static final int TARGETS = Integer.getInteger("libproc4j.test.targets", 1_000);
  private static final int ROUNDS = 2;

  /** On a busy machine it may be long before so many have had their turn. */
  private static final Duration LONG = Duration.ofMinutes(2);

  /** One target for all ways: to start so many threads takes longer than to stop them. */
  @Test
  void tenThousandThreadsInOneTarget() throws Exception {
    try (Target target = Target.start("threads", "" + THREADS, "sleep")) {
      for (Way way : Way.values()) {
        try (Tracer tracer = way.open();
            ProcessHandle process = tracer.grab(target.pid(), LONG)) {
          // As sets: a list of so many is compared element by element.
          assertThat(process.lwpIds()).hasSize(THREADS);
          assertThat(Set.copyOf(process.lwpIds())).isEqualTo(Set.copyOf(target.tids()));
          for (int i = 0; i < ROUNDS; i++) {
            assertThat(process.setRun()).isEqualTo(Errno.OK);
            assertThat(process.stop()).isEqualTo(Errno.OK);
            assertThat(process.state()).isEqualTo(ProcessState.STOP);
          }
          long[] held = target.counters();
          assertThat(target.states().values()).hasSize(THREADS).containsOnly('t');
          assertThat(target.counters()).isEqualTo(held);
        }
        target.assertClean();
      }
    }
  }

  @Test
  void aThousandTargetsUnderOneTracer() throws Exception {
    try (Target family = Target.start("family", "" + TARGETS)) {
      for (Way way : Way.values()) {
        holdAll(family, way);
        family.assertClean();
      }
    }
  }

  @SuppressWarnings("try") // that the tracer is closed early is part of the test
  private static void holdAll(Target family, Way way) throws Exception {
    try (Tracer tracer = way.open()) {
      List<ProcessHandle> all = new ArrayList<>();
      for (int slot : family.movingSlots()) {
        all.add(tracer.grab(family.tid(slot), LONG));
      }
      assertThat(all).hasSize(TARGETS);
      family.assertStill();
      for (int i = 0; i < ROUNDS; i++) {
        for (ProcessHandle process : all) {
          assertThat(process.setRun()).isEqualTo(Errno.OK);
        }
        family.awaitCounterMoves();
        for (ProcessHandle process : all) {
          assertThat(process.requestStop()).isEqualTo(Errno.OK);
        }
        for (ProcessHandle process : all) {
          assertThat(process.awaitStop()).isEqualTo(Errno.OK);
          assertThat(process.state()).isEqualTo(ProcessState.STOP);
        }
      }
      family.assertStill();
      // One by one, with all the others under control, and the rest with their tracer.
      for (ProcessHandle process : all.subList(0, TARGETS / 2)) {
        process.close();
      }
      family.awaitCounterMoves(1);
      family.assertStill(TARGETS);
      tracer.close();
      all.forEach(ProcessHandle::close);
    }
  }

  @EachWay
  void aGrabThatRunsOutOfDescriptorsHoldsNothing(Way way) throws Exception {
    try (Target target = Target.start("threads", "3", "sleep");
        Tracer tracer = way.open()) {
      // These two load the classes that are needed when no file can be opened.
      tracer.grab(target.pid()).close();
      assertThatThrownBy(() -> tracer.grab(0)).isInstanceOf(GrabException.class);
      Leaks leaks = Leaks.baseline();
      int refusals = 0;
      try (DescriptorLimit limit = new DescriptorLimit(256)) {
        for (boolean grabbed = false; !grabbed; refusals++) {
          limit.leave(refusals);
          try (ProcessHandle process = tracer.grab(target.pid())) {
            grabbed = true;
            assertThat(process.state()).isEqualTo(ProcessState.STOP);
          } catch (GrabException e) {
            limit.leaveAll();
            assertThat(e.error()).as(e.getMessage()).isEqualTo(GrabError.G_NOFD);
          } finally {
            limit.leaveAll();
          }
          assertThat(target.tracerPid()).isZero();
          target.assertClean(target.snapshot());
        }
      }
      assertThat(refusals).isGreaterThan(2);
      leaks.assertNone();
    }
  }

  // ---- namespaces

  static Stream<Arguments> namespacesAndWays() {
    return Stream.of(
            "--pid --fork --kill-child --mount-proc",
            "--user --map-root-user --fork --kill-child",
            "--user --map-root-user --pid --fork --kill-child --mount-proc")
        .flatMap(options -> Stream.of(Way.values()).map(way -> Arguments.of(options, way)));
  }

  @ParameterizedTest(name = "unshare {0}, {1}")
  @MethodSource("namespacesAndWays")
  void aTargetInOtherNamespaces(String options, Way way) throws Exception {
    List<String> command = new ArrayList<>(List.of("/usr/bin/env", "unshare"));
    command.addAll(List.of(options.split(" ", -1)));
    command.addAll(List.of(Target.directory().resolve("threads").toString(), "4", "mixed"));
    try (Target nest = startUnshared(command)) {
      int pid = nest.descendants().getFirst();
      try (Tracer tracer = way.open();
          ProcessHandle process = tracer.grab(pid, LONG)) {
        nest.assertStill();
        assertThat(process.lwpIds()).hasSize(4).contains(pid);
        for (int i = 0; i < 10 * ROUNDS; i++) {
          assertThat(process.setRun()).isEqualTo(Errno.OK);
          nest.awaitCounterMoves();
          assertThat(process.stop()).isEqualTo(Errno.OK);
          assertThat(process.state()).isEqualTo(ProcessState.STOP);
          long[] held = nest.counters();
          assertThat(process.lwpIds()).hasSize(4);
          assertThat(nest.counters()).isEqualTo(held);
        }
      }
      nest.assertClean();
    }
  }

  private static Target startUnshared(List<String> command) throws IOException {
    return Target.startProgram("ready", command.toArray(new String[0]));
  }
}
