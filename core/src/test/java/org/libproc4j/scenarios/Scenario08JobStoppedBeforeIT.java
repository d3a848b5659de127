package org.libproc4j.scenarios;

import static org.assertj.core.api.Assertions.assertThat;
import static org.libproc4j.testing.Signals.SIGCONT;
import static org.libproc4j.testing.Signals.SIGSTOP;
import static org.libproc4j.testing.Signals.SIGTSTP;

import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.libproc4j.Errno;
import org.libproc4j.GrabOption;
import org.libproc4j.ProcessHandle;
import org.libproc4j.ProcessState;
import org.libproc4j.StopReason;
import org.libproc4j.Tracer;
import org.libproc4j.Way;
import org.libproc4j.testing.Snapshot;
import org.libproc4j.testing.Target;

/** What job control stopped before is as before in the end, and its parent is told nothing. */
@Timeout(60)
class Scenario08JobStoppedBeforeIT {
  private static final int ROUNDS = 10;

  static Stream<Arguments> threadsAndWays() {
    return Stream.of(1, 8)
        .flatMap(threads -> Stream.of(Way.values()).map(way -> Arguments.of(threads, way)));
  }

  @FunctionalInterface
  private interface Use {
    void of(Target target, ProcessHandle process) throws Exception;
  }

  private static void leavesItStopped(int threads, Way way, Use use, GrabOption... options)
      throws Exception {
    try (Target target = Target.start("signals", "" + threads)) {
      for (int i = 1; i <= ROUNDS; i++) {
        int signal = i % 2 == 0 ? SIGTSTP : SIGSTOP;
        target.send(signal);
        target.awaitAllInState("T");
        Snapshot before = target.snapshot();
        try (Tracer tracer = way.open();
            ProcessHandle process = tracer.grab(target.pid(), options)) {
          assertThat(process.awaitStop()).isEqualTo(Errno.OK);
          assertThat(process.state()).isEqualTo(ProcessState.STOP);
          assertThat(process.status().representative().reason()).contains(StopReason.JOBCONTROL);
          assertThat(process.status().representative().what()).hasValue(signal);
          use.of(target, process);
        }
        target.awaitAllInState("T"); // a detached thread takes its place in the stop by itself
        target.assertParentToldNothing(before);
        if (i == ROUNDS) {
          target.assertClean(before);
        }
        target.send(SIGCONT);
        target.awaitSignals(i);
      }
      assertThat(target.signals()).hasSize(ROUNDS);
      target.assertClean();
    }
  }

  @ParameterizedTest(name = "{0} threads, {1}")
  @MethodSource("threadsAndWays")
  void grabbedAndReleased(int threads, Way way) throws Exception {
    leavesItStopped(threads, way, (target, process) -> {});
  }

  @ParameterizedTest(name = "{0} threads, {1}")
  @MethodSource("threadsAndWays")
  void grabbedWithoutStoppingAndReleased(int threads, Way way) throws Exception {
    leavesItStopped(threads, way, (target, process) -> {}, GrabOption.NOSTOP);
  }

  @ParameterizedTest(name = "{0} threads, {1}")
  @MethodSource("threadsAndWays")
  void stoppedSetRunAndStoppedAgain(int threads, Way way) throws Exception {
    leavesItStopped(
        threads,
        way,
        (target, process) -> {
          for (int i = 0; i < 3; i++) {
            assertThat(process.stop()).isEqualTo(Errno.OK);
            assertThat(process.state()).isEqualTo(ProcessState.STOP);
            assertThat(process.setRun()).isEqualTo(Errno.OK);
            assertThat(process.state()).isEqualTo(ProcessState.RUN);
          }
          assertThat(process.stop()).isEqualTo(Errno.OK);
          assertThat(process.setRun()).isEqualTo(Errno.OK);
          assertThat(process.requestStop()).isEqualTo(Errno.OK);
        });
  }

  @ParameterizedTest(name = "{0} threads, {1}")
  @MethodSource("threadsAndWays")
  void heldBackFromASigcontUntilItIsReleased(int threads, Way way) throws Exception {
    try (Target target = Target.start("signals", "" + threads)) {
      for (int i = 1; i <= ROUNDS; i++) {
        target.send(SIGSTOP);
        target.awaitAllInState("T");
        Snapshot before = target.snapshot();
        GrabOption[] options =
            i % 2 == 0 ? new GrabOption[] {GrabOption.NOSTOP} : new GrabOption[0];
        try (Tracer tracer = way.open();
            ProcessHandle process = tracer.grab(target.pid(), options)) {
          assertThat(process.stop()).isEqualTo(Errno.OK);
          target.send(SIGCONT);
          assertThat(process.awaitStop()).isEqualTo(Errno.OK);
          assertThat(process.state()).isEqualTo(ProcessState.STOP);
          long[] counters = target.counters();
          target.snapshot();
          assertThat(target.counters()).isEqualTo(counters);
          assertThat(target.signals()).hasSize(i - 1);
        }
        target.awaitSignals(i);
        assertThat(target.parentEvents().size()).isEqualTo(before.parentEvents().size() + 1);
      }
      assertThat(target.signals()).hasSize(ROUNDS);
      target.assertClean();
    }
  }
}
