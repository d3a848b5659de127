package org.libproc4j;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.tuple;
import static org.libproc4j.Errno.ENOENT;
import static org.libproc4j.Errno.OK;
import static org.libproc4j.ProcessState.STOP;
import static org.libproc4j.testing.Signals.SIGCONT;
import static org.libproc4j.testing.Signals.SIGKILL;
import static org.libproc4j.testing.Signals.SIGRTMIN;
import static org.libproc4j.testing.Signals.SIGSTOP;
import static org.libproc4j.testing.Signals.SIGTSTP;
import static org.libproc4j.testing.Signals.SIGUSR1;

import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.libproc4j.linux.linux_h;
import org.libproc4j.procfs.ProcFs;
import org.libproc4j.testing.Jvm;
import org.libproc4j.testing.Leaks;
import org.libproc4j.testing.LoggedSignal;
import org.libproc4j.testing.Snapshot;
import org.libproc4j.testing.Target;

/** How a process is left: as it was found, stopped, or dead; and what its handle does then. */
@Timeout(60)
@SuppressWarnings("try") // closing early, so that what is left can be looked at, is the point
class ReleaseIT {
  @ParameterizedTest
  @EnumSource
  void byDefaultItIsLeftAsItWasFound(Way way) throws GrabException {
    try (Target target = Target.start("threads", "3", "sleep")) {
      Snapshot before = target.snapshot();
      try (Scene scene = Scene.ofProcess(target, way, 0)) {
        assertThat(scene.process.stop()).isEqualTo(OK);
        scene.process.release();
        assertThat(target.tracerPid()).isZero(); // when release returns
        scene.assertClean(before);
        target.assertParentToldNothing(before);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void aSignalThatItWasAboutToReceiveIsDelivered(Way way) throws GrabException {
    try (Target target = Target.start("signals", "2");
        Scene scene = Scene.ofProcess(target, way, 0)) {
      assertThat(scene.process.traceSignals(SIGUSR1)).isEqualTo(OK);
      target.queue(SIGUSR1, 42);
      assertThat(scene.process.awaitStop()).isEqualTo(OK);
      scene.process.close();
      assertThat(target.awaitSignals(1))
          .extracting(LoggedSignal::signal, LoggedSignal::senderPid, LoggedSignal::value)
          .containsExactly(tuple(SIGUSR1, target.parentPid(), 42L));
      scene.assertClean();
    }
  }

  // ---- HANG

  @ParameterizedTest
  @EnumSource
  void hangLeavesItStoppedAndItsParentIsTold(Way way) throws GrabException {
    for (boolean stopped : new boolean[] {true, false}) {
      try (Target target = Target.start("threads", "3", "sleep")) {
        Snapshot before = target.snapshot();
        try (Scene scene = Scene.ofProcess(target, way, 0)) {
          if (stopped) {
            assertThat(scene.process.stop()).isEqualTo(OK);
          }
          scene.process.release(ReleaseOption.HANG);
          assertThat(target.states().values()).containsOnly('T'); // when release returns
          scene.assertClean(before.butStopped(true));
          target.awaitParentEvent("stopped 19");
          target.send(SIGCONT);
          target.assertClean();
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void hangOfAJobStoppedProcessTellsItsParentNothingNew(Way way) throws GrabException {
    try (Target target = Target.start("threads", "3", "sleep")) {
      target.send(SIGTSTP);
      target.awaitAllInState("T");
      target.awaitParentEvent("stopped 20");
      Snapshot before = target.snapshot();
      try (Scene scene = Scene.ofProcess(target, way, 0)) {
        assertThat(scene.process.stop()).isEqualTo(OK);
        scene.process.release(ReleaseOption.HANG);
        scene.assertClean(before);
        target.assertParentToldNothing(before);
      }
    }
  }

  /** The SIGCONT has ended the job stop, although nobody has moved since. */
  @ParameterizedTest
  @EnumSource
  void hangStopsAProcessThatWasContinuedWhileItWasHeld(Way way) throws GrabException {
    try (Target target = Target.start("threads", "3", "sleep")) {
      Snapshot before = target.snapshot();
      target.send(SIGSTOP);
      target.awaitAllInState("T");
      try (Scene scene = Scene.ofProcess(target, way, 0)) {
        assertThat(scene.process.stop()).isEqualTo(OK);
        target.send(SIGCONT);
        scene.process.release(ReleaseOption.HANG);
        scene.assertClean(before.butStopped(true));
        target.send(SIGCONT);
        target.assertClean();
      }
    }
  }

  /** The SIGCONT was taken by a thread that has ended since, so that it is pending no more. */
  @ParameterizedTest
  @EnumSource
  void hangStopsAProcessThatWasContinuedByAThreadThatHasEnded(Way way) throws GrabException {
    int ended = 0;
    for (int i = 0; i < 10; i++) {
      try (Target target = Target.start("storm", "4")) {
        Snapshot before = target.snapshot();
        List<Integer> lasting = IntStream.range(0, 5).mapToObj(target::tid).toList();
        target.send(SIGSTOP);
        target.awaitAllInState("T");
        try (Scene scene = Scene.ofProcess(target, way, 0)) {
          assertThat(scene.process.stop()).isEqualTo(OK);
          target.send(SIGCONT);
          for (int tid : scene.process.lwpIds()) {
            if (!lasting.contains(tid)) {
              LwpHandle shortLived = scene.process.lwp(tid);
              assertThat(shortLived.setRun()).isEqualTo(OK);
              assertThat(shortLived.awaitStop()).as("%s", shortLived.status()).isEqualTo(ENOENT);
              ended++;
            }
          }
          scene.process.release(ReleaseOption.HANG);
          scene.assertClean(before.butStopped(true));
          target.send(SIGCONT);
          target.assertClean();
        }
      }
    }
    assertThat(ended).isPositive();
  }

  /** Job control stops all threads, which a confined tracer has yet to be told by all but one. */
  private static void jobStopUntold(Scene scene) {
    scene.target.sendTo(scene.target.pid(), SIGSTOP);
    scene.target.awaitState(scene.target.pid(), "t");
    scene.process.stop(StopRequest.PCNULL, 0);
    scene.target.awaitAllInState("t");
  }

  private static void queueToEach(Target target) {
    for (int tid : target.tids()) {
      target.queueTo(tid, SIGRTMIN, tid);
    }
  }

  /** Other signals are queued as well, and would come through with the SIGSTOP. */
  @ParameterizedTest
  @EnumSource
  void aStopThatMetTheEndOfAJobStopIsTakenBack(Way way) throws GrabException {
    try (Target target = Target.start("signals", "3");
        Scene scene = Scene.ofProcess(target, way, 0)) {
      jobStopUntold(scene);
      target.send(SIGCONT);
      queueToEach(target);
      assertThat(scene.process.stop()).isEqualTo(OK);
      scene.close();
      target.assertComputes(); // a SIGSTOP that is sent discards a SIGCONT that is pending
      assertThat(target.states().values()).doesNotContain('T', 't');
      Set<Long> queued = target.tids().stream().map(Long::valueOf).collect(Collectors.toSet());
      assertThat(target.signals()).extracting(LoggedSignal::value).containsAll(queued);
    }
  }

  /** By TGKILL, the SIGSTOP of our stop discards the SIGCONT that has ended the job stop. */
  @ParameterizedTest
  @EnumSource
  void hangStopsAProcessThatWasContinuedBeforeAStopOfOurs(Way way) throws GrabException {
    try (Target target = Target.start("threads", "3", "sleep");
        Scene scene = Scene.ofProcess(target, way, 0)) {
      jobStopUntold(scene);
      target.send(SIGCONT);
      assertThat(scene.process.stop()).isEqualTo(OK);
      scene.process.release(ReleaseOption.HANG);
      target.awaitAllInState("T");
      target.send(SIGCONT);
      target.assertComputes();
    }
  }

  /** Or a stop signal of somebody else's does, which the target blocks. */
  @ParameterizedTest
  @EnumSource
  void hangStopsAProcessWhoseContinueWasDiscardedWhileItWasHeld(Way way) throws GrabException {
    try (Target target = Target.start("signals", "1")) {
      target.ask("block " + SIGTSTP, "blocked " + SIGTSTP);
      target.send(SIGSTOP);
      target.awaitAllInState("T");
      try (Scene scene = Scene.ofProcess(target, way, 0)) {
        assertThat(scene.process.stop()).isEqualTo(OK);
        target.send(SIGCONT);
        target.send(SIGTSTP);
        scene.process.release(ReleaseOption.HANG);
        target.awaitAllInState("T");
      }
      target.send(SIGCONT);
      target.assertComputes();
    }
  }

  /** It goes with the SIGCONT that ends the job stop, or does nothing more to it. */
  @ParameterizedTest
  @EnumSource
  void aStopThatMetAJobStopIsLeftToThat(Way way) throws GrabException {
    try (Target target = Target.start("signals", "3");
        Scene scene = Scene.ofProcess(target, way, 0)) {
      jobStopUntold(scene);
      queueToEach(target);
      assertThat(scene.process.stop()).isEqualTo(OK);
      scene.close();
      target.awaitAllInState("T");
      assertThat(target.signals()).isEmpty();
      target.send(SIGCONT);
      target.assertClean();
    }
  }

  /** The SIGCONT is not pending: that a signal is ignored is decided by the leader. */
  @ParameterizedTest
  @EnumSource
  void hangStopsAProcessWithoutALeaderThatWasContinuedWhileItWasHeld(Way way) throws GrabException {
    try (Target target = Target.start("exiter", "6")) {
      target.ask("leader", "leader gone");
      target.send(SIGSTOP);
      target.awaitAllInState("TZ");
      try (Scene scene = Scene.ofProcess(target, way, 0)) {
        assertThat(scene.process.stop()).isEqualTo(OK);
        target.send(SIGCONT);
        scene.process.release(ReleaseOption.HANG);
        target.awaitAllInState("TZ");
        target.send(SIGCONT);
        target.assertComputes();
      }
    }
  }

  @Test
  void whatHangsStaysStoppedWhenItsJvmIsGone() throws Exception {
    try (Target target = Target.start("stopper", "3")) {
      target.ask("allow", "allowed");
      Snapshot before = target.snapshot();
      Process jvm =
          new ProcessBuilder(
                  Jvm.command(
                      HangAnother.class,
                      List.of(ProcessHandle.class, ProcFs.class, linux_h.class),
                      Integer.toString(target.pid())))
              .redirectErrorStream(true)
              .start();
      jvm.getOutputStream().close();
      String said = new String(jvm.getInputStream().readAllBytes(), UTF_8);
      assertThat(jvm.waitFor(30, TimeUnit.SECONDS)).isTrue();
      assertThat(jvm.exitValue()).as(said).isZero();
      jvm.getInputStream().close();
      jvm.getErrorStream().close();
      target.assertClean(before.butStopped(true));
      target.awaitParentEvent("stopped 19");
      target.send(SIGCONT);
      target.assertClean();
    }
  }

  // ---- KILL

  @ParameterizedTest
  @EnumSource
  void killTerminatesIt(Way way) throws GrabException {
    for (boolean stopped : new boolean[] {true, false}) {
      try (Target target = Target.start("threads", "3", "sleep");
          Scene scene = Scene.ofProcess(target, way, 0)) {
        if (stopped) {
          assertThat(scene.process.stop()).isEqualTo(OK);
        }
        scene.process.release(ReleaseOption.KILL);
        assertThat(target.awaitEnd()).isEqualTo("killed " + SIGKILL);
        scene.assertCleanEnd();
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void killTerminatesAProcessThatWouldStopAtItsExit(Way way) throws GrabException {
    try (Target target = Target.start("threads", "3", "sleep");
        Scene scene = Scene.ofProcess(target, way, 0)) {
      assertThat(scene.process.stop()).isEqualTo(OK);
      assertThat(scene.process.traceEvents(TraceEvent.EXIT)).isEqualTo(OK);
      assertThat(scene.process.setRun()).isEqualTo(OK); // from here on it has the option
      assertThat(scene.process.stop()).isEqualTo(OK);
      scene.process.release(ReleaseOption.KILL);
      assertThat(target.awaitEnd()).isEqualTo("killed 9");
      scene.assertCleanEnd();
    }
  }

  @ParameterizedTest
  @EnumSource
  void killTerminatesAJobStoppedProcessToo(Way way) throws GrabException {
    try (Target target = Target.start("threads", "3", "sleep")) {
      target.send(SIGSTOP);
      target.awaitAllInState("T");
      try (Scene scene = Scene.ofProcess(target, way, 0)) {
        scene.process.release(ReleaseOption.KILL);
        assertThat(target.awaitEnd()).isEqualTo("killed " + SIGKILL);
        scene.assertCleanEnd();
      }
    }
  }

  @Test
  void hangAndKillExcludeEachOther() throws GrabException {
    try (Target target = Target.start("threads", "1", "sleep")) {
      try (ProcessHandle process = ProcessHandle.grab(target.pid())) {
        assertThatIllegalArgumentException()
            .isThrownBy(() -> process.release(ReleaseOption.HANG, ReleaseOption.KILL));
        assertThat(process.state()).isEqualTo(STOP);
      }
      target.assertClean();
    }
  }

  // ---- the released handle

  @Test
  void aReleasedHandleIsOfNoUse() throws GrabException {
    try (Target target = Target.start("threads", "2", "sleep")) {
      ProcessHandle process = ProcessHandle.grab(target.pid());
      LwpHandle lwp = process.lwp(target.tid(1));
      process.release();
      process.release(ReleaseOption.KILL); // does nothing any more
      process.close();
      lwp.close();
      assertThat(process.setRun()).isEqualTo(Errno.EBADF);
      assertThat(process.kill(SIGKILL)).isEqualTo(Errno.EBADF);
      assertThat(lwp.kill(SIGKILL)).isEqualTo(Errno.EBADF);
      assertThat(process.awaitEnd()).isEqualTo(Errno.EBADF);
      assertThat(process.reopen()).isEqualTo(Errno.EBADF);
      assertThat(process.traceSignals(1)).isEqualTo(Errno.EBADF);
      assertThat(process.traceEvents()).isEqualTo(Errno.EBADF);
      assertThat(process.setFlags()).isEqualTo(Errno.EBADF);
      assertThatIllegalStateException().isThrownBy(process::status);
      assertThatIllegalStateException().isThrownBy(process::lwpIds);
      assertThatIllegalStateException().isThrownBy(() -> process.lwp(target.pid()));
      assertThatIllegalStateException().isThrownBy(lwp::status);
      assertThat(process.pid()).isEqualTo(target.pid());
      target.assertClean();
    }
  }

  @Test
  void aTracerGoesOnAfterTheReleaseOfOneOfItsProcesses() throws GrabException {
    for (Way way : Way.values()) {
      Leaks leaks = Leaks.baseline();
      try (Target target = Target.start("threads", "2", "sleep");
          Target other = Target.start("threads", "2", "sleep")) {
        try (Tracer tracer = way.open();
            ProcessHandle kept = tracer.grab(other.pid())) {
          for (int i = 0; i < 20; i++) {
            try (ProcessHandle process = tracer.grab(target.pid())) {
              assertThat(process.state()).isEqualTo(STOP);
            }
          }
          assertThat(kept.state()).isEqualTo(STOP);
          other.assertStill();
        }
        target.assertClean();
        other.assertClean();
      }
      leaks.assertNone();
    }
  }
}
