package org.libproc4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.libproc4j.Errno.OK;
import static org.libproc4j.ProcessState.RUN;
import static org.libproc4j.ProcessState.STOP;
import static org.libproc4j.ProcessState.UNDEAD;
import static org.libproc4j.testing.Signals.SIGKILL;
import static org.libproc4j.testing.Signals.SIGUSR1;

import java.util.List;
import java.util.regex.MatchResult;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.libproc4j.testing.Target;

/** Handles on threads, and what is told of threads. */
@Timeout(60)
@SuppressWarnings("try") // closing early, so that what is left can be looked at, is the point
class LwpIT {
  private static void assertRefused(GrabError error, ThrowingCallable lwp) {
    assertThatThrownBy(lwp)
        .isInstanceOfSatisfying(
            GrabException.class, e -> assertThat(e.error()).as("%s", e).isEqualTo(error));
  }

  @ParameterizedTest
  @EnumSource
  void aThreadHasOneHandleAtATime(Way way) throws GrabException {
    try (Target target = Target.start("threads", "3", "sleep");
        Scene scene = Scene.ofThread(target, way, 1)) {
      LwpHandle lwp = (LwpHandle) scene.handle;
      assertThat(lwp.id()).isEqualTo(target.tid(1));
      assertThat(lwp.process()).isSameAs(scene.process);
      assertRefused(GrabError.G_BUSY, () -> scene.process.lwp(scene.tid));
      scene.process.lwp(target.tid(2)).close();
      lwp.close();
      try (LwpHandle again = scene.process.lwp(scene.tid)) {
        assertThat(again.state()).isEqualTo(RUN);
        lwp.close(); // the old one is nobody's any more
        assertRefused(GrabError.G_BUSY, () -> scene.process.lwp(scene.tid));
      }
      scene.assertClean();
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatIsNoThreadOfTheProcessHasNone(Way way) throws GrabException {
    try (Target target = Target.start("exiter", "4");
        Target other = Target.start("threads", "2", "sleep");
        Scene scene = Scene.ofProcess(target, way, 1)) {
      for (int tid : List.of(0, -1, Integer.MAX_VALUE, other.pid(), other.tid(1), 1)) {
        assertRefused(GrabError.G_NOPROC, () -> scene.process.lwp(tid));
      }
      target.ask("worker 1", "worker 1 gone");
      assertRefused(GrabError.G_NOPROC, () -> scene.process.lwp(scene.tid));
      scene.assertClean();
    }
    try (Target target = Target.start("threads", "2", "sleep");
        Scene scene = Scene.ofProcess(target, way, 0)) {
      scene.tracer.close();
      assertRefused(GrabError.G_NOPROC, () -> scene.process.lwp(scene.tid));
      scene.assertClean();
    }
  }

  @ParameterizedTest
  @EnumSource
  void closingAHandleLeavesItsThreadAsItIs(Way way) throws GrabException {
    try (Target target = Target.start("threads", "3", "sleep");
        Scene scene = Scene.ofThread(target, way, 1)) {
      assertThat(scene.handle.stop()).isEqualTo(OK);
      scene.handle.close();
      scene.assertStill();
      try (LwpHandle again = scene.process.lwp(scene.tid)) {
        assertThat(again.state()).isEqualTo(STOP);
      }
      assertThat(scene.process.setRun()).isEqualTo(OK);
      scene.awaitRunning();
      scene.assertClean();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aThreadThatExitsIsUndeadAndLeavesTheList(Way way) throws GrabException {
    try (Target target = Target.start("exiter", "5");
        Scene scene = Scene.ofThread(target, way, 1)) {
      assertThat(scene.process.lwpIds()).isSorted().containsExactlyElementsOf(target.tids());
      assertThat(scene.process.status().lwpCount()).isEqualTo(5);
      target.ask("worker 1", "worker 1 gone");
      scene.awaitState(UNDEAD);
      LwpStatus status = ((LwpHandle) scene.handle).status();
      assertThat(status.id()).isEqualTo(scene.tid);
      assertThat(status.state()).isEqualTo(UNDEAD);
      assertThat(status.reason()).isEmpty();
      assertThat(status.instructionPointer()).isEmpty();
      assertThat(scene.process.lwpIds()).containsExactlyElementsOf(target.tids());
      assertThat(scene.process.status().lwpCount()).isEqualTo(4);
      assertThat(scene.process.state()).isEqualTo(RUN);
      scene.assertClean();
    }
  }

  @ParameterizedTest
  @EnumSource(
      names = {
        "SHARED_INTERRUPT",
        "SHARED_TGKILL"
      }) // a confined tracer has it until its thread ends
  void aLeaderThatExitsFirstIsUndeadAndItsProcessLives(Way way) throws GrabException {
    try (Target target = Target.start("exiter", "4");
        Scene scene = Scene.ofThread(target, way, 0)) {
      target.tell("leader");
      scene.awaitLine("leader gone");
      assertThat(scene.process.stop()).isEqualTo(OK);
      assertThat(scene.process.state()).isEqualTo(STOP);
      assertThat(scene.handle.state()).isEqualTo(UNDEAD);
      assertThat(scene.process.lwpIds()).hasSize(3).doesNotContain(target.pid());
      target.assertStill();
      assertThat(scene.process.setRun()).isEqualTo(OK);
      scene.awaitRunning();
      scene.close();
      target.awaitUntraced();
      target.assertClean();
    }
  }

  // ---- the status of a process, and of a thread

  @ParameterizedTest
  @EnumSource
  void theRepresentativeIsARunningThreadElseOneOnAnEvent(Way way) throws GrabException {
    try (Target target = Target.start("signals", "3");
        Scene scene = Scene.ofThread(target, way, 0);
        LwpHandle other = scene.process.lwp(target.tid(1))) {
      assertThat(scene.handle.stop()).isEqualTo(OK);
      assertThat(other.stop()).isEqualTo(OK);
      ProcessStatus one = scene.process.status();
      assertThat(one.state()).isEqualTo(RUN);
      assertThat(one.pid()).isEqualTo(target.pid());
      assertThat(one.lwpCount()).isEqualTo(3);
      assertThat(one.representative().id()).isEqualTo(target.tid(2)); // it runs
      assertThat(one.representative().state()).isEqualTo(RUN);
      assertThat(one.representative().reason()).isEmpty();
      assertThat(one.representative().instructionPointer()).isEmpty();

      assertThat(scene.process.traceSignals(SIGUSR1)).isEqualTo(OK);
      target.sendTo(target.tid(2), SIGUSR1);
      assertThat(scene.process.awaitStop()).isEqualTo(OK);
      ProcessStatus all = scene.process.status();
      assertThat(all.state()).isEqualTo(STOP);
      assertThat(all.representative().id()).isEqualTo(target.tid(2)); // it has an event
      assertThat(all.representative().reason()).contains(StopReason.SIGNALLED);
      assertThat(other.status().reason()).contains(StopReason.REQUESTED);
      scene.assertClean();
      target.awaitSignals(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aStoppedThreadShowsWhereItStands(Way way) throws GrabException {
    try (Target target = Target.start("stepper");
        Scene scene = Scene.ofThread(target, way, 0)) {
      MatchResult loop = target.awaitLine("loop (\\d+) (\\d+)");
      LwpHandle lwp = (LwpHandle) scene.handle;
      assertThat(lwp.status().state()).isEqualTo(RUN);
      assertThat(lwp.stop()).isEqualTo(OK);
      LwpStatus status = lwp.status();
      assertThat(status.state()).isEqualTo(STOP);
      assertThat(status.reason()).contains(StopReason.REQUESTED);
      assertThat(status.what()).isEmpty();
      assertThat(status.currentSignal()).isEmpty();
      assertThat(status.stackPointer().orElseThrow()).isNotZero();
      long start = Long.parseLong(loop.group(1));
      long end = Long.parseLong(loop.group(2));
      if (end - start > 1) { // known for this processor
        assertThat(status.instructionPointer().orElseThrow()).isBetween(start, end - 1);
      }
      assertThat(lwp.status()).isEqualTo(status);
      scene.assertClean();
    }
  }

  @ParameterizedTest
  @EnumSource
  void ofWhatHasEndedOrIsLostThereIsNoStatus(Way way) throws GrabException {
    try (Target target = Target.start("threads", "2", "sleep");
        Scene scene = Scene.ofThread(target, way, 1)) {
      scene.tracer.close();
      assertNoStatus(scene, Errno.EAGAIN);
      scene.assertClean();
    }
    try (Target target = Target.start("threads", "2", "sleep");
        Scene scene = Scene.ofThread(target, way, 1)) {
      target.send(SIGKILL);
      scene.awaitState(UNDEAD); // the thread; its process ends with the leader, which is last
      assertThat(scene.process.awaitEnd()).isEqualTo(Errno.OK);
      assertNoStatus(scene, Errno.ENOENT);
      scene.assertCleanEnd();
    }
  }

  private static void assertNoStatus(Scene scene, Errno errno) {
    for (ThrowingCallable query :
        List.<ThrowingCallable>of(
            scene.process::status, scene.process::lwpIds, ((LwpHandle) scene.handle)::status)) {
      assertThatThrownBy(query)
          .isInstanceOfSatisfying(
              ErrnoException.class, e -> assertThat(e.errno()).isEqualTo(errno));
    }
  }

  @ParameterizedTest
  @EnumSource
  void aHandleSaysWhatItIs(Way way) throws GrabException {
    try (Target target = Target.start("threads", "2", "sleep");
        Scene scene = Scene.ofThread(target, way, 1)) {
      assertThat(scene.process).hasToString("process " + target.pid() + ": RUN");
      assertThat(scene.handle.toString())
          .contains("thread " + scene.tid)
          .contains("process " + target.pid())
          .endsWith("RUN");
    }
  }
}
