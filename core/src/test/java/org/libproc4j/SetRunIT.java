package org.libproc4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.libproc4j.Errno.EBADF;
import static org.libproc4j.Errno.EBUSY;
import static org.libproc4j.Errno.EINVAL;
import static org.libproc4j.Errno.ENOENT;
import static org.libproc4j.Errno.OK;
import static org.libproc4j.ProcessState.RUN;
import static org.libproc4j.ProcessState.STOP;
import static org.libproc4j.ProcessState.UNDEAD;
import static org.libproc4j.testing.Signals.SIGCONT;
import static org.libproc4j.testing.Signals.SIGKILL;
import static org.libproc4j.testing.Signals.SIGSTOP;
import static org.libproc4j.testing.Signals.SIGTERM;
import static org.libproc4j.testing.Signals.SIGTRAP;
import static org.libproc4j.testing.Signals.SIGUSR1;

import java.util.List;
import java.util.regex.MatchResult;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.libproc4j.testing.LoggedSignal;
import org.libproc4j.testing.Snapshot;
import org.libproc4j.testing.Target;

/** {@code setRun} of a process and of a thread. */
@Timeout(60)
class SetRunIT {
  private static final int SELF = (int) java.lang.ProcessHandle.current().pid();

  // ---- what becomes of the current signal

  /** A process of two threads, with its leader stopped on its way to SIGUSR1's handler. */
  private static Scene onSignal(Target target, Way way) throws GrabException {
    Scene scene = Scene.ofProcess(target, way, 0);
    assertThat(scene.process.traceSignals(SIGUSR1)).isEqualTo(OK);
    target.sendTo(target.pid(), SIGUSR1);
    assertThat(scene.process.awaitStop()).isEqualTo(OK);
    LwpStatus representative = scene.process.status().representative();
    assertThat(representative.id()).isEqualTo(target.pid());
    assertThat(representative.reason()).contains(StopReason.SIGNALLED);
    assertThat(representative.what()).hasValue(SIGUSR1);
    assertThat(representative.currentSignal()).hasValue(SIGUSR1);
    assertThat(target.signals()).isEmpty();
    return scene;
  }

  @ParameterizedTest
  @EnumSource
  void signal0DeliversTheCurrentSignal(Way way) throws GrabException {
    try (Target target = Target.start("signals", "2");
        Scene scene = onSignal(target, way)) {
      assertThat(scene.process.setRun(0)).isEqualTo(OK);
      scene.awaitState(RUN);
      scene.awaitRunning();
      assertThat(target.awaitSignals(1)).extracting(LoggedSignal::signal).containsExactly(SIGUSR1);
      assertThat(target.signals().getFirst().senderPid()).isEqualTo(target.parentPid());
      scene.assertClean();
    }
  }

  @ParameterizedTest
  @EnumSource
  void prcsigDiscardsTheCurrentSignal(Way way) throws GrabException {
    try (Target target = Target.start("signals", "2");
        Scene scene = onSignal(target, way)) {
      target.expectDiscarded(SIGUSR1);
      assertThat(scene.process.setRun(0, RunFlag.PRCSIG)).isEqualTo(OK);
      scene.awaitRunning();
      assertThat(target.signals()).isEmpty();
      scene.assertClean();
      assertThat(target.signals()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void anotherSignalReplacesTheCurrentOne(Way way) throws GrabException {
    try (Target target = Target.start("signals", "2");
        Scene scene = onSignal(target, way)) {
      target.expectDiscarded(SIGUSR1);
      assertThat(scene.process.setRun(SIGTERM)).isEqualTo(OK);
      scene.awaitRunning();
      assertThat(target.awaitSignals(1)).extracting(LoggedSignal::signal).containsExactly(SIGTERM);
      scene.assertClean();
      assertThat(target.signals()).hasSize(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void ofAThreadReplacesOrDiscardsItsCurrentSignal(Way way) throws GrabException {
    try (Target target = Target.start("signals", "2");
        Scene scene = onSignal(target, way);
        LwpHandle leader = scene.process.lwp(target.pid())) {
      assertThat(leader.setRun(SIGTERM)).isEqualTo(OK);
      assertThat(leader.state()).isEqualTo(RUN);
      assertThat(target.awaitSignals(1)).extracting(LoggedSignal::signal).containsExactly(SIGTERM);
      target.assertStill(1);
      target.sendTo(target.pid(), SIGUSR1);
      assertThat(leader.awaitStop()).isEqualTo(OK);
      assertThat(leader.status().currentSignal()).hasValue(SIGUSR1);
      target.expectDiscarded(SIGUSR1);
      assertThat(leader.setRun(0, RunFlag.PRCSIG)).isEqualTo(OK);
      target.awaitCounterMoves(0);
      assertThat(target.signals()).hasSize(1);
      scene.assertClean();
    }
  }

  @ParameterizedTest
  @EnumSource
  void elsewhereTheSignalIsSentToTheRepresentative(Way way) throws GrabException {
    try (Target target = Target.start("signals", "3");
        Scene scene = Scene.ofProcess(target, way, 0)) {
      assertThat(scene.process.stop()).isEqualTo(OK);
      int representative = scene.process.status().representative().id();
      assertThat(scene.process.setRun(SIGUSR1)).isEqualTo(OK);
      scene.awaitRunning();
      LoggedSignal signal = target.awaitSignals(1).getFirst();
      assertThat(signal)
          .isEqualTo(
              new LoggedSignal(
                  SIGUSR1, LoggedSignal.SI_TKILL, SELF, representative, signal.value()));
      scene.assertClean();
    }
  }

  @ParameterizedTest
  @EnumSource
  void ofAThreadElsewhereTheSignalIsSentToIt(Way way) throws GrabException {
    try (Target target = Target.start("signals", "3");
        Scene scene = Scene.ofThread(target, way, 2)) {
      LwpHandle lwp = (LwpHandle) scene.handle;
      assertThat(lwp.stop()).isEqualTo(OK);
      assertThat(lwp.setRun(SIGUSR1)).isEqualTo(OK);
      scene.awaitRunning();
      LoggedSignal signal = target.awaitSignals(1).getFirst();
      assertThat(signal)
          .isEqualTo(
              new LoggedSignal(SIGUSR1, LoggedSignal.SI_TKILL, SELF, scene.tid, signal.value()));
      scene.assertClean();
    }
  }

  // ---- what runs, and what does not

  @ParameterizedTest
  @EnumSource
  void everyStoppedThreadRunsThoseStoppedOneByOneToo(Way way) throws GrabException {
    try (Target target = Target.start("threads", "4", "sleep");
        Scene scene = Scene.ofThread(target, way, 1);
        LwpHandle other = scene.process.lwp(target.tid(2))) {
      assertThat(scene.handle.stop()).isEqualTo(OK);
      assertThat(other.stop()).isEqualTo(OK);
      assertThat(scene.process.state()).isEqualTo(RUN);
      assertThat(scene.process.setRun()).isEqualTo(OK);
      assertThat(scene.handle.state()).isEqualTo(RUN);
      assertThat(other.state()).isEqualTo(RUN);
      scene.awaitRunning();
      scene.assertClean();
    }
  }

  @ParameterizedTest
  @EnumSource
  void ofAThreadRunsItAlone(Way way) throws GrabException {
    try (Target target = Target.start("threads", "4", "sleep");
        Scene scene = Scene.ofThread(target, way, 1)) {
      assertThat(scene.process.stop()).isEqualTo(OK);
      assertThat(((LwpHandle) scene.handle).setRun()).isEqualTo(OK);
      assertThat(scene.handle.state()).isEqualTo(RUN);
      assertThat(scene.process.state()).isEqualTo(RUN);
      target.awaitCounterMoves(1);
      target.assertStill(0, 2, 3);
      assertThat(scene.process.setRun()).isEqualTo(OK); // the others
      scene.awaitRunning();
      scene.assertClean();
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatIsNeitherStoppedNorDirectedToIsBusy(Way way) throws GrabException {
    try (Target target = Target.start("threads", "3", "sleep");
        Scene scene = Scene.ofThread(target, way, 1)) {
      LwpHandle lwp = (LwpHandle) scene.handle;
      assertThat(scene.process.setRun()).isEqualTo(EBUSY);
      assertThat(lwp.setRun()).isEqualTo(EBUSY);
      try (LwpHandle other = scene.process.lwp(target.tid(2))) {
        assertThat(other.stop()).isEqualTo(OK);
        assertThat(lwp.setRun(SIGKILL)).isEqualTo(EBUSY); // nothing is sent either
      }
      assertThat(scene.process.setRun()).isEqualTo(OK);
      assertThat(scene.process.setRun(0, RunFlag.PRSTEP)).isEqualTo(EBUSY);
      scene.awaitRunning();
      scene.assertClean();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aPendingDirectiveIsWithdrawn(Way way) throws GrabException {
    try (Target target = Target.start("vforker", "2")) {
      target.awaitState(target.pid(), "D");
      try (Scene scene = Scene.ofThread(target, way, 0)) {
        assertThat(scene.process.requestStop()).isEqualTo(OK);
        assertThat(scene.process.setRun()).isEqualTo(OK);
        assertThat(scene.process.state()).isEqualTo(RUN);
        scene.awaitRunning();
        assertThat(scene.handle.requestStop()).isEqualTo(OK);
        assertThat(((LwpHandle) scene.handle).setRun()).isEqualTo(OK);
        target.tell("exit 0");
        scene.awaitLine("child .* ended 0");
        assertThat(scene.handle.stop(StopRequest.PCNULL, 0)).isEqualTo(OK);
        assertThat(scene.handle.state()).isEqualTo(RUN);
        assertThat(scene.process.state()).isEqualTo(RUN);
        scene.assertClean();
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void aJobStoppedProcessGoesBackToJobControl(Way way) throws GrabException {
    try (Target target = Target.start("threads", "3", "sleep")) {
      target.send(SIGSTOP);
      target.awaitAllInState("T");
      Snapshot before = target.snapshot();
      try (Scene scene = Scene.ofProcess(target, way, 0)) {
        assertThat(scene.process.stop()).isEqualTo(OK);
        LwpStatus representative = scene.process.status().representative();
        assertThat(representative.reason()).contains(StopReason.JOBCONTROL);
        assertThat(representative.what()).hasValue(SIGSTOP);
        assertThat(scene.process.setRun()).isEqualTo(OK);
        assertThat(scene.process.state()).isEqualTo(RUN);
        assertThat(scene.process.setRun()).isEqualTo(EBUSY);
        target.assertStill();
        assertThat(scene.process.stop(StopRequest.PCNULL, 0)).isEqualTo(OK);
        assertThat(scene.process.state()).isEqualTo(RUN);
        target.send(SIGCONT);
        scene.awaitRunning();
        scene.assertClean(before.butStopped(false));
      }
    }
  }

  // ---- one instruction

  @ParameterizedTest
  @EnumSource
  void prstepRunsOneInstruction(Way way) throws GrabException {
    try (Target target = Target.start("stepper");
        Scene scene = Scene.ofProcess(target, way, 0)) {
      MatchResult loop = target.awaitLine("loop (\\d+) (\\d+)");
      long start = Long.parseLong(loop.group(1));
      long end = Long.parseLong(loop.group(2));
      assertThat(scene.process.stop()).isEqualTo(OK);
      long turns = target.counter(0);
      long at = position(scene);
      int passed = 0;
      for (int step = 0; step < 7 * 10; step++) {
        assertThat(scene.process.setRun(0, RunFlag.PRSTEP)).isEqualTo(OK);
        assertThat(scene.process.awaitStop()).isEqualTo(OK);
        assertThat(scene.process.state()).isEqualTo(STOP);
        LwpStatus status = scene.process.status().representative();
        assertThat(status.reason()).contains(StopReason.FAULTED);
        assertThat(status.what()).hasValue(SIGTRAP);
        assertThat(status.currentSignal()).isEmpty();
        long next = position(scene);
        assertThat(next).isNotEqualTo(at);
        if (isX86()) {
          assertThat(next).isGreaterThanOrEqualTo(start).isLessThan(end);
        }
        passed += next == start ? 1 : 0;
        at = next;
      }
      if (isX86()) {
        assertThat(passed).isEqualTo(10); // the loop has seven instructions
        assertThat(target.counter(0) - turns).isEqualTo(10);
      }
      assertThat(scene.process.setRun()).isEqualTo(OK);
      scene.awaitRunning();
      scene.assertClean();
    }
  }

  private static boolean isX86() {
    return List.of("amd64", "x86_64").contains(System.getProperty("os.arch"));
  }

  private static long position(Scene scene) {
    return scene.process.status().representative().instructionPointer().orElseThrow();
  }

  @ParameterizedTest
  @EnumSource
  void prstepRunsOneThreadAlone(Way way) throws GrabException {
    try (Target target = Target.start("threads", "3");
        Scene scene = Scene.ofThread(target, way, 1)) {
      LwpHandle lwp = (LwpHandle) scene.handle;
      assertThat(scene.process.stop()).isEqualTo(OK);
      long[] before = target.counters();
      for (int step = 0; step < 20; step++) {
        assertThat(lwp.setRun(0, RunFlag.PRSTEP)).isEqualTo(OK);
        assertThat(lwp.awaitStop()).isEqualTo(OK);
        assertThat(lwp.status().reason()).contains(StopReason.FAULTED);
      }
      assertThat(scene.process.setRun(0, RunFlag.PRSTEP)).isEqualTo(OK);
      assertThat(scene.process.awaitStop()).isEqualTo(OK);
      assertThat(scene.process.state()).isEqualTo(STOP);
      assertThat(target.counter(0)).isBetween(before[0], before[0] + 1);
      assertThat(target.counter(2)).isEqualTo(before[2]);
      target.assertStill();
      scene.assertClean();
    }
  }

  @ParameterizedTest
  @EnumSource
  void prstepCanStepIntoAHandler(Way way) throws GrabException {
    try (Target target = Target.start("signals");
        Scene scene = onSignal(target, way)) {
      long before = position(scene);
      assertThat(scene.process.setRun(0, RunFlag.PRSTEP)).isEqualTo(OK);
      assertThat(scene.process.awaitStop()).isEqualTo(OK);
      assertThat(position(scene)).isNotEqualTo(before);
      assertThat(target.signals()).isEmpty(); // the handler's first instruction at most
      assertThat(scene.process.setRun()).isEqualTo(OK);
      assertThat(target.awaitSignals(1)).extracting(LoggedSignal::signal).containsExactly(SIGUSR1);
      scene.assertClean();
    }
  }

  /** A step over a call that blocks is not done until the call is: its trap is still to come. */
  @ParameterizedTest
  @EnumSource
  void aStepThatBlocksEndsWithAStop(Way way) throws GrabException {
    try (Target target = Target.start("idle", "read");
        Scene scene = Scene.ofProcess(target, way, 0)) {
      for (int i = 0; i < 3; i++) {
        stepIntoBlockedCall(scene);
        assertThat(scene.process.stop()).isEqualTo(OK);
        assertThat(scene.process.state()).isEqualTo(STOP);
      }
      scene.assertClean();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aStepThatBlocksEndsWithARelease(Way way) throws GrabException {
    try (Target target = Target.start("idle", "read");
        Scene scene = Scene.ofProcess(target, way, 0)) {
      stepIntoBlockedCall(scene);
      scene.assertClean();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aStepThatBlocksIsWithdrawnByASetRun(Way way) throws GrabException {
    try (Target target = Target.start("stopper", "2");
        Scene scene = Scene.ofThread(target, way, 0)) {
      LwpHandle leader = (LwpHandle) scene.handle;
      assertThat(scene.process.stop()).isEqualTo(OK);
      assertThat(leader.setRun(0, RunFlag.PRSTEP)).isEqualTo(OK);
      assertThat(scene.process.setRun()).isEqualTo(OK);
      target.tell("ping");
      scene.awaitLine("pong");
      assertThat(scene.process.state()).isEqualTo(RUN);
      scene.assertClean();
    }
  }

  private static void stepIntoBlockedCall(Scene scene) {
    assertThat(scene.process.stop()).isEqualTo(OK);
    assertThat(scene.process.setRun(0, RunFlag.PRSTEP)).isEqualTo(OK);
    assertThat(scene.process.stop(StopRequest.PCWSTOP, 1)).isEqualTo(OK);
    assertThat(scene.process.state()).isEqualTo(RUN);
  }

  // ---- checks, in the order of those of stop

  @ParameterizedTest
  @EnumSource
  void badSignalsAreInvalidAndNothingIsDone(Way way) throws GrabException {
    try (Target target = Target.start("threads", "2", "sleep");
        Scene scene = Scene.ofThread(target, way, 1)) {
      LwpHandle lwp = (LwpHandle) scene.handle;
      assertThat(scene.process.stop()).isEqualTo(OK);
      for (int signal : List.of(-1, 65, Integer.MAX_VALUE, Integer.MIN_VALUE)) {
        assertThat(scene.process.setRun(signal)).isEqualTo(EINVAL);
        assertThat(lwp.setRun(signal)).isEqualTo(EINVAL);
      }
      assertThat(scene.process.state()).isEqualTo(STOP);
      target.assertStill();
      lwp.close();
      assertThat(lwp.setRun(-1)).isEqualTo(EBADF);
      scene.process.close();
      assertThat(scene.process.setRun(-1)).isEqualTo(EBADF);
      scene.assertClean();
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatIsLostOrEndedSaysSo(Way way) throws GrabException {
    try (Target target = Target.start("threads", "2", "sleep");
        Scene scene = Scene.ofThread(target, way, 1)) {
      LwpHandle lwp = (LwpHandle) scene.handle;
      scene.tracer.close();
      assertThat(scene.process.setRun()).isEqualTo(Errno.EAGAIN);
      assertThat(lwp.setRun()).isEqualTo(Errno.EAGAIN);
      assertThat(scene.process.setRun(-1)).isEqualTo(EINVAL);
      scene.assertClean();
    }
    try (Target target = Target.start("threads", "2", "sleep");
        Scene scene = Scene.ofThread(target, way, 1)) {
      LwpHandle lwp = (LwpHandle) scene.handle;
      assertThat(scene.process.stop()).isEqualTo(OK);
      target.send(SIGKILL);
      scene.awaitProcess(UNDEAD);
      assertThat(scene.process.setRun()).isEqualTo(ENOENT);
      assertThat(lwp.setRun()).isEqualTo(ENOENT);
      scene.assertCleanEnd();
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatWasKilledUnnoticedHasEnded(Way way) throws GrabException {
    try (Target target = Target.start("threads", "2", "sleep");
        Scene scene = Scene.ofProcess(target, way, 1)) {
      assertThat(scene.process.stop()).isEqualTo(OK);
      target.send(SIGKILL);
      assertThat(scene.process.setRun()).isIn(OK, ENOENT);
      assertThat(scene.process.awaitStop()).isEqualTo(ENOENT);
      assertThat(scene.process.endedBy()).hasValue(SIGKILL);
      scene.assertCleanEnd();
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatWasGrabbedReadOnlyIsNotOursToRun(Way way) throws GrabException {
    try (Target target = Target.start("threads", "2", "sleep");
        Tracer tracer = way.open();
        ProcessHandle process = tracer.grab(target.pid(), GrabOption.RDONLY)) {
      assertThat(process.setRun()).isEqualTo(EBADF);
    }
  }
}
