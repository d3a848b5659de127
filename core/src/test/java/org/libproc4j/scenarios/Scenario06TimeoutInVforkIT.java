package org.libproc4j.scenarios;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.libproc4j.Errno;
import org.libproc4j.GrabError;
import org.libproc4j.GrabException;
import org.libproc4j.GrabOption;
import org.libproc4j.LwpHandle;
import org.libproc4j.ProcessHandle;
import org.libproc4j.ProcessState;
import org.libproc4j.StopRequest;
import org.libproc4j.Tracer;
import org.libproc4j.Way;
import org.libproc4j.testing.Meanwhile;
import org.libproc4j.testing.Target;

/** A vfork parent sleeps uninterruptibly until its child is gone: the stop comes when it wakes. */
@Timeout(60)
class Scenario06TimeoutInVforkIT {
  private static final int LIMIT_MILLIS = 50;

  /** A machine under load may look that late. */
  private static final int LATE_MILLIS = 1_000;

  @EachWay
  void aStopEndsOnTimeAndIsSeenWhenTheThreadWakes(Way way) throws Exception {
    try (Target target = Target.start("vforker", "4")) {
      try (Tracer tracer = way.open();
          ProcessHandle process = tracer.grab(target.pid(), GrabOption.NOSTOP)) {
        stopInVain(process);
        target.assertStill();
        assertThat(process.stop(StopRequest.PCNULL, 0)).isEqualTo(Errno.OK);
        assertThat(process.state()).isEqualTo(ProcessState.RUN);

        target.tell("exit 3");
        assertThat(process.awaitStop()).isEqualTo(Errno.OK);
        assertThat(process.state()).isEqualTo(ProcessState.STOP);
        target.assertStill();
      }
      target.awaitLine("child \\d+ ended 3");
      target.assertClean();
    }
  }

  @EachWay
  void theSleepingThreadAloneIsStoppedWhenItWakes(Way way) throws Exception {
    try (Target target = Target.start("vforker", "4")) {
      try (Tracer tracer = way.open();
          ProcessHandle process = tracer.grab(target.pid(), GrabOption.NOSTOP);
          LwpHandle leader = process.lwp(target.pid())) {
        assertThat(leader.stop(Duration.ofMillis(LIMIT_MILLIS))).isEqualTo(Errno.OK);
        assertThat(leader.state()).isEqualTo(ProcessState.RUN);
        target.tell("exec");
        assertThat(leader.awaitStop()).isEqualTo(Errno.OK);
        assertThat(leader.state()).isEqualTo(ProcessState.STOP);
        Listening.during(process, () -> target.awaitCounterMoves(1, 2, 3));
        assertThat(process.stop(StopRequest.PCNULL, 0)).isEqualTo(Errno.OK);
        assertThat(process.state()).isEqualTo(ProcessState.RUN);
      }
      target.awaitLine("child \\d+ ended 0");
      target.assertClean();
    }
  }

  @EachWay
  void aStopThatIsWithdrawnMeanwhileNeverComes(Way way) throws Exception {
    try (Target target = Target.start("vforker", "4")) {
      try (Tracer tracer = way.open();
          ProcessHandle process = tracer.grab(target.pid(), GrabOption.NOSTOP)) {
        stopInVain(process);
        assertThat(process.setRun()).isEqualTo(Errno.OK);
        target.awaitCounterMoves();
        target.tell("exit 3");
        // A confined tracer's target gets on when its owner calls.
        assertThat(process.awaitStop(Duration.ofMillis(LIMIT_MILLIS))).isEqualTo(Errno.OK);
        assertThat(process.state()).isEqualTo(ProcessState.RUN);
        target.awaitLine("child \\d+ ended 3");
        target.awaitCounterMoves();
      }
      target.assertClean();
    }
  }

  @EachSharedWay
  void releasedMeanwhileItRunsOnWhenItWakes(Way way) throws Exception {
    try (Target target = Target.start("vforker", "4")) {
      try (Tracer tracer = way.open()) {
        try (ProcessHandle process = tracer.grab(target.pid(), GrabOption.NOSTOP)) {
          stopInVain(process);
        }
        target.awaitCounterMoves();
        target.tell("exit 3");
        target.awaitLine("child \\d+ ended 3");
        target.awaitUntraced();
      }
      target.assertClean();
    }
  }

  @EachWay
  void theNextGrabByItsTracerWaitsUntilItWakes(Way way) throws Exception {
    try (Target target = Target.start("vforker", "4")) {
      try (Tracer tracer = way.open()) {
        try (ProcessHandle process = tracer.grab(target.pid(), GrabOption.NOSTOP)) {
          stopInVain(process);
        }
        try (Meanwhile _ = Meanwhile.blockedHere(() -> target.tell("exit 3"));
            ProcessHandle process = tracer.grab(target.pid())) {
          assertThat(process.state()).isEqualTo(ProcessState.STOP);
        }
      }
      target.awaitLine("child \\d+ ended 3");
      target.assertClean();
    }
  }

  @EachWay
  void ifItDoesNotWakeTheNextGrabIsRefused(Way way) throws Exception {
    try (Target target = Target.start("vforker", "4")) {
      try (Tracer tracer = way.open()) {
        try (ProcessHandle process = tracer.grab(target.pid(), GrabOption.NOSTOP)) {
          stopInVain(process);
        }
        assertThatThrownBy(() -> tracer.grab(target.pid(), Duration.ofMillis(LIMIT_MILLIS)))
            .isInstanceOfSatisfying(
                GrabException.class,
                e -> assertThat(e.error()).as(e.getMessage()).isEqualTo(GrabError.G_BUSY));
        target.tell("exit 3");
        tracer.grab(target.pid()).close();
      }
      target.awaitLine("child \\d+ ended 3");
      target.assertClean();
    }
  }

  /** Not so where nobody is left to take back the SIGSTOP that still waits for the thread. */
  @ParameterizedTest(name = "{0}")
  @EnumSource(
      value = Way.class,
      names = {"CONFINED_INTERRUPT", "SHARED_INTERRUPT", "SHARED_TGKILL"})
  void withTheEndOfItsTracersThreadItIsFree(Way way) throws Exception {
    try (Target target = Target.start("vforker", "4")) {
      try (Meanwhile _ =
          Meanwhile.run(
              () -> {
                try (Tracer tracer = way.open();
                    ProcessHandle process = tracer.grab(target.pid(), GrabOption.NOSTOP)) {
                  stopInVain(process);
                }
              })) {}
      target.tell("exit 3");
      target.awaitLine("child \\d+ ended 3");
      target.awaitUntraced();
      target.assertClean();
    }
  }

  private static void stopInVain(ProcessHandle process) {
    long begin = System.nanoTime();
    assertThat(process.stop(StopRequest.PCSTOP, LIMIT_MILLIS)).isEqualTo(Errno.OK);
    assertThat(process.state()).isEqualTo(ProcessState.RUN);
    assertThat(Duration.ofNanos(System.nanoTime() - begin))
        .isBetween(Duration.ofMillis(LIMIT_MILLIS), Duration.ofMillis(LIMIT_MILLIS + LATE_MILLIS));
  }
}
