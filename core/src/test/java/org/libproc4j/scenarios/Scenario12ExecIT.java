package org.libproc4j.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.libproc4j.Errno;
import org.libproc4j.LwpHandle;
import org.libproc4j.ProcessHandle;
import org.libproc4j.ProcessState;
import org.libproc4j.StopReason;
import org.libproc4j.TraceEvent;
import org.libproc4j.Tracer;
import org.libproc4j.Way;
import org.libproc4j.testing.Target;

/** Another program in the same process: the handle follows it, the old threads are gone. */
@Timeout(60)
class Scenario12ExecIT {
  private static final int ROUNDS = 5;

  static Stream<Arguments> threadsAndWays() {
    return Stream.of("leader", "other")
        .flatMap(by -> Stream.of(Way.values()).map(way -> Arguments.of(by, way)));
  }

  @ParameterizedTest(name = "by the {0}, {1}")
  @MethodSource("threadsAndWays")
  void whileRunningUnderControl(String by, Way way) throws Exception {
    try (Target target = Target.start("execer", "6")) {
      try (Tracer tracer = way.open();
          ProcessHandle process = tracer.grab(target.pid())) {
        for (int i = 1; i <= ROUNDS; i++) {
          LwpHandle sibling = process.lwp(target.tid(2));
          assertThat(process.setRun()).isEqualTo(Errno.OK);
          int mark = target.mark();
          target.tell(by);
          Listening.during(process, () -> target.awaitLine(mark, "ready"));
          assertThat(target.generation()).isEqualTo(i);
          assertThat(process.stop()).isEqualTo(Errno.OK);
          assertThat(process.state()).isEqualTo(ProcessState.STOP);
          assertThat(process.lwpIds()).hasSize(6).hasSameElementsAs(target.tids());
          assertThat(sibling.state()).isEqualTo(ProcessState.UNDEAD);
          assertThat(sibling.stop()).isEqualTo(Errno.ENOENT);
          target.assertStill();
        }
      }
      target.assertClean();
    }
  }

  @ParameterizedTest(name = "by the {0}, {1}")
  @MethodSource("threadsAndWays")
  void whileSomeThreadsAreHeld(String by, Way way) throws Exception {
    try (Target target = Target.start("execer", "6")) {
      try (Tracer tracer = way.open();
          ProcessHandle process = tracer.grab(target.pid())) {
        for (int i = 1; i <= ROUNDS; i++) {
          assertThat(process.setRun()).isEqualTo(Errno.OK);
          try (LwpHandle one = process.lwp(target.tid(2));
              LwpHandle two = process.lwp(target.tid(3))) {
            assertThat(one.stop()).isEqualTo(Errno.OK);
            assertThat(two.stop()).isEqualTo(Errno.OK);
            int mark = target.mark();
            target.tell(by);
            Listening.during(process, () -> target.awaitLine(mark, "ready"));
            assertThat(one.stop()).isEqualTo(Errno.ENOENT);
            assertThat(two.state()).isEqualTo(ProcessState.UNDEAD);
          }
          assertThat(process.stop()).isEqualTo(Errno.OK);
          assertThat(process.lwpIds()).hasSize(6).hasSameElementsAs(target.tids());
        }
      }
      target.assertClean();
    }
  }

  @ParameterizedTest(name = "by the {0}, {1}")
  @MethodSource("threadsAndWays")
  void asAChosenEvent(String by, Way way) throws Exception {
    try (Target target = Target.start("execer", "6")) {
      try (Tracer tracer = way.open();
          ProcessHandle process = tracer.grab(target.pid())) {
        assertThat(process.traceEvents(TraceEvent.EXEC)).isEqualTo(Errno.OK);
        assertThat(process.setRun()).isEqualTo(Errno.OK);
        target.tell(by);
        assertThat(process.awaitStop()).isEqualTo(Errno.OK);
        assertThat(process.state()).isEqualTo(ProcessState.STOP);
        assertThat(process.lwpIds()).containsExactly(target.pid());
        assertThat(process.status().representative().reason()).contains(StopReason.EXEC);
        assertThat(target.generation()).isZero();
      }
      target.awaitLine("executed 1");
      target.awaitLine(target.mark() - 1, "ready");
      target.assertClean();
    }
  }

  @ParameterizedTest(name = "by the {0}, {1}")
  @MethodSource("threadsAndWays")
  void whileStoppedAndSetRunningAgainAndAgain(String by, Way way) throws Exception {
    try (Target target = Target.start("execer", "6")) {
      for (int i = 1; i <= ROUNDS; i++) {
        int generation = i;
        int mark = target.mark();
        try (Tracer tracer = way.open();
            ProcessHandle process = tracer.grab(target.pid())) {
          assertThat(process.setRun()).isEqualTo(Errno.OK);
          target.tell(by);
          while (target.generation() < generation) {
            assertThat(process.stop()).isEqualTo(Errno.OK);
            assertThat(process.state()).isEqualTo(ProcessState.STOP);
            assertThat(process.lwpIds()).hasSameElementsAs(target.tids());
            assertThat(process.setRun()).isEqualTo(Errno.OK);
          }
        }
        target.awaitLine(mark, "ready");
      }
      target.assertClean();
    }
  }
}
