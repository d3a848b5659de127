package org.libproc4j.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.libproc4j.Errno;
import org.libproc4j.GrabOption;
import org.libproc4j.LwpHandle;
import org.libproc4j.ProcessHandle;
import org.libproc4j.ProcessState;
import org.libproc4j.Tracer;
import org.libproc4j.Way;
import org.libproc4j.testing.Target;

/** Threads that are born and end all the time: PCSTOP stops every one, and none is born after. */
@Timeout(120)
class Scenario04ShortLivedThreadsIT {
  private static final int ROUNDS = 20;
  private static final Duration SECOND = Duration.ofSeconds(1);

  static Stream<Arguments> targetsAndWays() {
    return Stream.of("chain", "storm 8")
        .flatMap(target -> Stream.of(Way.values()).map(way -> Arguments.of(target, way)));
  }

  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("targetsAndWays")
  void itStopsWithinASecondAndNothingRunsWhileHeld(String program, Way way) throws Exception {
    try (Target target = start(program)) {
      long best = Long.MAX_VALUE;
      try (Tracer tracer = way.open();
          ProcessHandle process = tracer.grab(target.pid())) {
        for (int i = 0; i < ROUNDS; i++) {
          assertThat(process.setRun()).isEqualTo(Errno.OK);
          target.awaitCounterMoves();
          long begin = System.nanoTime();
          assertThat(process.stop(Target.LIMIT)).isEqualTo(Errno.OK);
          best = Math.min(best, System.nanoTime() - begin);
          assertHeld(target, process);
        }
        target.assertStill();
        assertHeld(target, process);
      }
      // The best of all, so that it says something on a busy machine too.
      assertThat(Duration.ofNanos(best)).as("the quickest of the stops").isLessThan(SECOND);
      target.assertClean();
    }
  }

  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("targetsAndWays")
  void itIsGrabbedAndReleasedAgainAndAgain(String program, Way way) throws Exception {
    try (Target target = start(program)) {
      for (int i = 0; i < ROUNDS; i++) {
        try (Tracer tracer = way.open();
            ProcessHandle process = tracer.grab(target.pid())) {
          assertHeld(target, process);
        }
        target.awaitCounterMoves();
      }
      target.assertClean();
    }
  }

  @EachWay
  void aThreadThatAnnouncesItselfToNoTracerIsStoppedToo(Way way) throws Exception {
    try (Target target = Target.start("untraced")) {
      try (Tracer tracer = way.open();
          ProcessHandle process = tracer.grab(target.pid())) {
        for (int i = 1; i <= ROUNDS; i++) {
          assertThat(process.setRun()).isEqualTo(Errno.OK);
          target.ask("thread", "thread \\d+ " + i);
          assertThat(process.stop()).isEqualTo(Errno.OK);
          assertHeld(target, process);
          assertThat(process.lwpIds()).hasSize(i + 1);
        }
        target.assertStill();
      }
      target.assertClean();
    }
  }

  @EachWay
  void aThreadThatWasBornUnseenIsListedAndHeldAlone(Way way) throws Exception {
    try (Target target = Target.start("untraced")) {
      try (Tracer tracer = way.open();
          ProcessHandle process = tracer.grab(target.pid(), GrabOption.NOSTOP)) {
        for (int i = 1; i <= ROUNDS; i++) {
          int tid = Integer.parseInt(target.ask("thread", "thread (\\d+) " + i).group(1));
          assertThat(process.lwpIds()).contains(tid).hasSize(i + 1);
          if (i == 1) {
            continue; // nobody else counts yet
          }
          try (LwpHandle lwp = process.lwp(tid)) {
            assertThat(lwp.stop()).isEqualTo(Errno.OK);
            long held = target.counter(i);
            target.awaitCounterMoves(target.movingSlotsBut(i));
            assertThat(target.counter(i)).isEqualTo(held);
            assertThat(lwp.setRun()).isEqualTo(Errno.OK);
          }
        }
        assertThat(process.status().lwpCount()).isEqualTo(ROUNDS + 1);
      }
      target.assertClean();
    }
  }

  private static Target start(String program) {
    String[] words = program.split(" ", 2);
    return words.length == 1 ? Target.start(words[0]) : Target.start(words[0], words[1]);
  }

  private static void assertHeld(Target target, ProcessHandle process) {
    long[] counters = target.counters();
    assertThat(process.state()).isEqualTo(ProcessState.STOP);
    assertThat(process.lwpIds()).hasSameElementsAs(target.tids());
    assertThat(target.states().values()).containsOnly('t');
    assertThat(target.counters()).isEqualTo(counters);
  }
}
