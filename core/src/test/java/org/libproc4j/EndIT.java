package org.libproc4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.libproc4j.Errno.EAGAIN;
import static org.libproc4j.Errno.EBADF;
import static org.libproc4j.Errno.EINTR;
import static org.libproc4j.Errno.EINVAL;
import static org.libproc4j.Errno.ENOENT;
import static org.libproc4j.Errno.ESRCH;
import static org.libproc4j.Errno.ETIMEDOUT;
import static org.libproc4j.Errno.OK;
import static org.libproc4j.ProcessState.UNDEAD;
import static org.libproc4j.testing.Signals.SIGKILL;
import static org.libproc4j.testing.Signals.SIGTERM;
import static org.libproc4j.testing.Signals.SIGUSR1;

import java.time.Duration;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.libproc4j.testing.Await;
import org.libproc4j.testing.Leaks;
import org.libproc4j.testing.LoggedSignal;
import org.libproc4j.testing.Meanwhile;
import org.libproc4j.testing.Target;

/** The end of a process: waiting for it, what is told of it, and bringing it about. */
@Timeout(60)
@SuppressWarnings("try") // closing early, so that what is left can be looked at, is the point
class EndIT {
  private static final int NONE = -1;
  private static final int SELF = (int) java.lang.ProcessHandle.current().pid();

  static Stream<Arguments> ends() {
    return Stream.of(Way.values())
        .flatMap(
            way ->
                Stream.of(
                    Arguments.of(way, "exit 0", 0, NONE),
                    Arguments.of(way, "exit 3", 3, NONE),
                    Arguments.of(way, "last 4", 4, NONE), // the leader exits first
                    Arguments.of(way, "raise 15", 128 + 15, 15),
                    Arguments.of(way, "raise 9", 128 + 9, 9),
                    Arguments.of(way, "fault", 128 + 11, 11)));
  }

  @ParameterizedTest(name = "{1}: status {2}, signal {3} ({0})")
  @MethodSource("ends")
  void isTold(Way way, String command, int status, int signal) throws GrabException {
    try (Target target = Target.start("exiter", "4");
        Scene scene = Scene.ofProcess(target, way, 0)) {
      assertThat(scene.process.exitStatus()).isEmpty();
      assertThat(scene.process.endedBy()).isEmpty();
      target.tell(command);
      assertThat(scene.process.awaitEnd()).isEqualTo(OK);
      assertThat(scene.process.state()).isEqualTo(UNDEAD);
      assertThat(scene.process.exitStatus()).hasValue(status);
      assertThat(scene.process.endedBy())
          .isEqualTo(signal == NONE ? OptionalInt.empty() : OptionalInt.of(signal));
      assertThat(scene.process.awaitEnd()).isEqualTo(OK); // and again
      assertThat(scene.process.awaitEnd(Duration.ofSeconds(Long.MAX_VALUE))).isEqualTo(OK);
      assertThat(target.awaitEnd())
          .isEqualTo(signal == NONE ? "exited " + status : "killed " + signal);
      scene.close();
      assertThat(scene.process.exitStatus()).hasValue(status); // the handle remembers
      scene.assertCleanEnd();
    }
  }

  // ---- awaitEnd

  @ParameterizedTest
  @EnumSource
  void waitsUntilItEnds(Way way) throws GrabException {
    try (Target target = Target.start("exiter", "3");
        Scene scene = Scene.ofProcess(target, way, 0)) {
      try (Meanwhile _ = Meanwhile.blockedHere(() -> target.tell("exit 5"))) {
        assertThat(scene.process.awaitEnd()).isEqualTo(OK);
      }
      assertThat(scene.process.exitStatus()).hasValue(5);
      scene.assertCleanEnd();
    }
  }

  @ParameterizedTest
  @EnumSource
  void waitsNoLongerThanItIsTold(Way way) throws GrabException {
    try (Target target = Target.start("threads", "2", "sleep");
        Scene scene = Scene.ofProcess(target, way, 0)) {
      long start = System.nanoTime();
      assertThat(scene.process.awaitEnd(Duration.ofMillis(20))).isEqualTo(ETIMEDOUT);
      assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(20_000_000);
      for (Duration bad : new Duration[] {Duration.ZERO, Duration.ofMillis(-1)}) {
        assertThatIllegalArgumentException().isThrownBy(() -> scene.process.awaitEnd(bad));
      }
      scene.awaitRunning();
      scene.assertClean();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aWaitEndsWhenItsThreadIsInterrupted(Way way) throws GrabException {
    try (Target target = Target.start("threads", "2", "sleep");
        Scene scene = Scene.ofProcess(target, way, 0)) {
      Thread caller = Thread.currentThread();
      try (Meanwhile _ = Meanwhile.blockedHere(caller::interrupt)) {
        assertThat(scene.process.awaitEnd()).isEqualTo(EINTR);
        assertThat(Thread.interrupted()).isTrue();
      }
      scene.assertClean();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"SHARED_INTERRUPT", "SHARED_TGKILL"})
  void aWaitEndsWithTheReleaseOrTheTracer(Way way) throws GrabException {
    try (Target target = Target.start("threads", "2", "sleep");
        Scene scene = Scene.ofProcess(target, way, 0)) {
      try (Meanwhile _ = Meanwhile.blockedHere(scene.process::close)) {
        assertThat(scene.process.awaitEnd()).isEqualTo(EBADF);
      }
      scene.assertClean();
    }
    try (Target target = Target.start("threads", "2", "sleep");
        Scene scene = Scene.ofProcess(target, way, 0)) {
      try (Meanwhile _ = Meanwhile.blockedHere(scene.tracer::close)) {
        assertThat(scene.process.awaitEnd()).isEqualTo(EAGAIN);
      }
      assertThat(scene.process.awaitEnd()).isEqualTo(EAGAIN);
      scene.assertClean();
    }
  }

  @Test
  void canBeWaitedForWithoutControl() throws GrabException {
    try (Target target = Target.start("exiter", "3")) {
      Leaks leaks = Leaks.baseline();
      try (ProcessHandle process = ProcessHandle.grab(target.pid(), GrabOption.RDONLY)) {
        assertThat(process.awaitEnd(Duration.ofMillis(1))).isEqualTo(ETIMEDOUT);
        Thread caller = Thread.currentThread();
        try (Meanwhile _ = Meanwhile.blockedHere(caller::interrupt)) {
          assertThat(process.awaitEnd()).isEqualTo(EINTR);
          assertThat(Thread.interrupted()).isTrue();
        }
        try (Meanwhile _ = Meanwhile.blockedHere(() -> target.tell("exit 5"))) {
          assertThat(process.awaitEnd()).isEqualTo(OK);
        }
        assertThat(process.state()).isEqualTo(UNDEAD);
        assertThat(process.exitStatus()).isEmpty(); // its parent's to know
        assertThatExceptionOfType(ErrnoException.class)
            .isThrownBy(process::status)
            .extracting(ErrnoException::errno)
            .isEqualTo(ENOENT);
      }
      leaks.assertNone();
      target.assertCleanEnd();
    }
  }

  @Test
  void aWaitWithoutControlEndsWithTheRelease() throws GrabException {
    try (Target target = Target.start("threads", "2", "sleep")) {
      Leaks leaks = Leaks.baseline();
      ProcessHandle process = ProcessHandle.grab(target.pid(), GrabOption.RDONLY);
      try (Meanwhile _ = Meanwhile.blockedHere(process::close)) {
        assertThat(process.awaitEnd()).isEqualTo(EBADF);
      }
      leaks.assertNone();
      target.assertClean();
    }
  }

  // ---- kill

  @ParameterizedTest
  @EnumSource
  void killSendsToTheProcess(Way way) throws GrabException {
    try (Target target = Target.start("signals", "2");
        Scene scene = Scene.ofProcess(target, way, 0)) {
      assertThat(scene.process.kill(0)).isEqualTo(OK);
      assertThat(scene.process.kill(SIGUSR1)).isEqualTo(OK);
      scene.awaitRunning();
      assertThat(target.awaitSignals(1).getFirst())
          .extracting(LoggedSignal::signal, LoggedSignal::code, LoggedSignal::senderPid)
          .containsExactly(SIGUSR1, LoggedSignal.SI_USER, SELF);
      for (int bad : new int[] {-1, 65, Integer.MAX_VALUE}) {
        assertThat(scene.process.kill(bad)).isEqualTo(EINVAL);
      }
      assertThat(scene.process.stop()).isEqualTo(OK);
      assertThat(scene.process.kill(SIGKILL)).isEqualTo(OK); // also while it is stopped
      assertThat(scene.process.awaitEnd()).isEqualTo(OK);
      assertThat(scene.process.endedBy()).hasValue(SIGKILL);
      target.awaitEnd();
      assertThat(Await.until(Target.LIMIT, () -> target.tids().isEmpty())).isTrue();
      assertThat(scene.process.kill(SIGKILL)).isEqualTo(ESRCH);
      assertThat(scene.process.kill(0)).isEqualTo(ESRCH);
      scene.assertCleanEnd();
      assertThat(scene.process.kill(-1)).isEqualTo(EBADF);
    }
  }

  @ParameterizedTest
  @EnumSource
  void killOfAThreadSendsToItAlone(Way way) throws GrabException {
    try (Target target = Target.start("signals", "3");
        Scene scene = Scene.ofThread(target, way, 2)) {
      LwpHandle lwp = (LwpHandle) scene.handle;
      assertThat(lwp.kill(0)).isEqualTo(OK);
      assertThat(lwp.kill(SIGTERM)).isEqualTo(OK);
      scene.awaitRunning();
      LoggedSignal signal = target.awaitSignals(1).getFirst();
      assertThat(signal)
          .isEqualTo(
              new LoggedSignal(SIGTERM, LoggedSignal.SI_TKILL, SELF, scene.tid, signal.value()));
      assertThat(lwp.kill(65)).isEqualTo(EINVAL);
      lwp.close();
      assertThat(lwp.kill(0)).isEqualTo(EBADF);
      scene.assertClean();
    }
    try (Target target = Target.start("exiter", "4");
        Scene scene = Scene.ofThread(target, way, 1)) {
      target.tell("worker 1");
      scene.awaitState(UNDEAD);
      assertThat(((LwpHandle) scene.handle).kill(0)).isEqualTo(ENOENT);
      scene.assertClean();
    }
  }
}
