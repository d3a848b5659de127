package org.libproc4j.scenarios;

import static org.assertj.core.api.Assertions.assertThat;
import static org.libproc4j.testing.Signals.SIGKILL;
import static org.libproc4j.testing.Signals.SIGSTOP;

import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.libproc4j.Errno;
import org.libproc4j.LwpHandle;
import org.libproc4j.ProcessHandle;
import org.libproc4j.ProcessState;
import org.libproc4j.ReleaseOption;
import org.libproc4j.StopRequest;
import org.libproc4j.Tracer;
import org.libproc4j.Way;
import org.libproc4j.testing.Meanwhile;
import org.libproc4j.testing.Target;

/** SIGKILL at any moment: ENOENT and UNDEAD, and the real parent can reap at once. */
@Timeout(60)
class Scenario10KilledMeanwhileIT {
  private static final int ROUNDS = 5;

  static Stream<Arguments> threadsAndWays() {
    return Stream.of(1, 8)
        .flatMap(threads -> Stream.of(Way.values()).map(way -> Arguments.of(threads, way)));
  }

  /** What is done with a process that runs under control; it must be killed in there. */
  @FunctionalInterface
  private interface Use {
    void of(Target target, ProcessHandle process) throws Exception;
  }

  private static void killed(int threads, Way way, Use use) throws Exception {
    for (int i = 0; i < ROUNDS; i++) {
      try (Target target = Target.start("threads", "" + threads, "sleep")) {
        try (Tracer tracer = way.open();
            ProcessHandle process = tracer.grab(target.pid())) {
          assertThat(process.setRun()).isEqualTo(Errno.OK);
          use.of(target, process);
          if (way.isShared()) {
            // Nobody has to call for it.
            assertThat(target.awaitEnd()).isEqualTo("killed 9");
          }
          assertThat(process.awaitStop()).isEqualTo(Errno.ENOENT);
          assertThat(process.state()).isEqualTo(ProcessState.UNDEAD);
          assertThat(target.awaitEnd()).isEqualTo("killed 9");
          assertThat(process.stop()).isEqualTo(Errno.ENOENT);
          assertThat(process.stop(StopRequest.PCNULL, 0)).isEqualTo(Errno.OK);
          assertThat(process.setRun()).isEqualTo(Errno.ENOENT);
          assertThat(process.endedBy()).hasValue(SIGKILL);
          assertThat(process.exitStatus()).hasValue(128 + SIGKILL);
        }
        target.assertCleanEnd();
      }
    }
  }

  @ParameterizedTest(name = "{0} threads, {1}")
  @MethodSource("threadsAndWays")
  void whileRunningUnderControl(int threads, Way way) throws Exception {
    killed(threads, way, (target, process) -> target.send(SIGKILL));
  }

  @ParameterizedTest(name = "{0} threads, {1}")
  @MethodSource("threadsAndWays")
  void whileDirectedAndNotYetStopped(int threads, Way way) throws Exception {
    killed(
        threads,
        way,
        (target, process) -> {
          assertThat(process.requestStop()).isEqualTo(Errno.OK);
          target.send(SIGKILL);
        });
  }

  @ParameterizedTest(name = "{0} threads, {1}")
  @MethodSource("threadsAndWays")
  void whileStopped(int threads, Way way) throws Exception {
    killed(
        threads,
        way,
        (target, process) -> {
          assertThat(process.stop()).isEqualTo(Errno.OK);
          target.send(SIGKILL);
        });
  }

  @ParameterizedTest(name = "{0} threads, {1}")
  @MethodSource("threadsAndWays")
  void whileWaitedFor(int threads, Way way) throws Exception {
    killed(
        threads,
        way,
        (target, process) -> {
          try (Meanwhile _ = Meanwhile.soon(target, () -> target.send(SIGKILL))) {
            assertThat(process.awaitStop()).isEqualTo(Errno.ENOENT);
          }
        });
  }

  @ParameterizedTest(name = "{0} threads, {1}")
  @MethodSource("threadsAndWays")
  void whileStoppedAndSetRunningAgainAndAgain(int threads, Way way) throws Exception {
    killed(
        threads,
        way,
        (target, process) -> {
          try (Meanwhile _ = Meanwhile.soon(target, () -> target.send(SIGKILL))) {
            while (process.stop().isOk()) {
              assertThat(process.setRun()).isIn(Errno.OK, Errno.ENOENT);
            }
          }
        });
  }

  @EachWay
  void whileOneThreadIsHeldAndWaitedFor(Way way) throws Exception {
    killed(
        8,
        way,
        (target, process) -> {
          try (LwpHandle held = process.lwp(target.tid(1));
              LwpHandle waited = process.lwp(target.tid(2));
              Meanwhile _ =
                  Meanwhile.run(
                      () -> {
                        target.awaitCounterMoves(2);
                        target.send(SIGKILL);
                      })) {
            assertThat(held.stop()).isIn(Errno.OK, Errno.ENOENT);
            assertThat(waited.awaitStop()).isEqualTo(Errno.ENOENT);
            assertThat(waited.state()).isEqualTo(ProcessState.UNDEAD);
            assertThat(held.awaitStop()).isIn(Errno.OK, Errno.ENOENT);
          }
        });
  }

  @EachWay
  void ofAJobStoppedProcess(Way way) throws Exception {
    killed(
        4,
        way,
        (target, process) -> {
          target.send(SIGSTOP);
          assertThat(process.awaitStop()).isEqualTo(Errno.OK);
          target.send(SIGKILL);
        });
  }

  @EachWay
  void byItsRelease(Way way) throws Exception {
    try (Target target = Target.start("threads", "8", "sleep")) {
      try (Tracer tracer = way.open();
          ProcessHandle process = tracer.grab(target.pid())) {
        process.release(ReleaseOption.KILL);
        assertThat(target.awaitEnd()).isEqualTo("killed 9");
      }
      target.assertCleanEnd();
    }
  }
}
