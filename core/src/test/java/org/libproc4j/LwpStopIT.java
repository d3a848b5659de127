package org.libproc4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.libproc4j.Errno.EBADF;
import static org.libproc4j.Errno.ENOENT;
import static org.libproc4j.Errno.OK;
import static org.libproc4j.ProcessState.RUN;
import static org.libproc4j.ProcessState.STOP;
import static org.libproc4j.ProcessState.UNDEAD;
import static org.libproc4j.StopRequest.PCDSTOP;
import static org.libproc4j.StopRequest.PCNULL;
import static org.libproc4j.StopRequest.PCSTOP;
import static org.libproc4j.StopRequest.PCWSTOP;
import static org.libproc4j.testing.Signals.SIGKILL;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.libproc4j.testing.Target;

/** The rows of the table for {@link LwpHandle#stop}. */
@SuppressWarnings("try") // closing early, so that what is left can be looked at, is the point
class LwpStopIT extends StopRows {
  static Stream<Case> cases() {
    return casesOf("thread");
  }

  static Stream<Case> sharedCases() {
    return sharedCasesOf("thread");
  }

  static Stream<Arguments> casesAndRequests() {
    return casesAndRequestsOf("thread");
  }

  static Stream<Arguments> casesAndLaterRequests() {
    return casesAndLaterRequestsOf("thread");
  }

  @Override
  Scene grab(Target target, Way way, int slot) throws GrabException {
    return Scene.ofThread(target, way, slot);
  }

  @Override
  void tellToEnd(Target target) {
    target.tell("worker 1");
  }

  @Override
  void tellTheRestToEnd(Target target) {
    target.tell("exit 3");
  }

  @Override
  void awaitOthersRunning(Scene scene, Case c) {
    scene.awaitProcess(RUN);
  }

  @ParameterizedTest(name = "row 01: its process released → EBADF, whatever the request ({0})")
  @MethodSource("cases")
  void row01ProcessReleased(Case c) throws GrabException {
    try (Target target = Target.start("threads", "3", "sleep");
        Scene scene = grab(target, c.way(), 1)) {
      scene.process.close();
      assertAll(scene.handle, List.of(StopRequest.values()), EBADF);
      assertAllBadRequests(scene.handle, EBADF);
      scene.assertClean();
    }
  }

  @ParameterizedTest(name = "row 04: its process has ended, UNDEAD → ENOENT; PCNULL → OK ({0})")
  @MethodSource("cases")
  void row04ProcessUndead(Case c) throws GrabException {
    try (Target target = Target.start("threads", "3", "sleep");
        Scene scene = grab(target, c.way(), 1)) {
      target.send(SIGKILL);
      scene.awaitState(UNDEAD);
      assertAll(scene.handle, List.of(PCSTOP, PCDSTOP, PCWSTOP), ENOENT);
      assertAll(scene.handle, List.of(PCNULL), OK);
      scene.assertCleanEnd();
    }
  }

  @ParameterizedTest(name = "row 05: grabbed RDONLY, it has no handles of threads: G_PERM ({0})")
  @MethodSource("cases")
  void row05ReadOnly(Case c) throws GrabException {
    try (Target target = Target.start("threads", "3", "sleep");
        Tracer tracer = c.way().open();
        ProcessHandle process = tracer.grab(target.pid(), GrabOption.RDONLY)) {
      assertThatThrownBy(() -> process.lwp(target.tid(1)))
          .isInstanceOfSatisfying(
              GrabException.class, e -> assertThat(e.error()).isEqualTo(GrabError.G_PERM));
      process.close();
      tracer.close();
      target.assertClean();
    }
  }

  @ParameterizedTest(name = "rows 06, 09: the others run on; all stopped, so is the process ({0})")
  @MethodSource("cases")
  void theProcessIsStoppedWhenAllItsThreadsAre(Case c) throws GrabException {
    try (Target target = Target.start("threads", "3", "sleep");
        Scene scene = grab(target, c.way(), 1)) {
      assertThat(scene.handle.stop()).isEqualTo(OK);
      scene.assertStill();
      assertThat(scene.process.state()).isEqualTo(RUN);
      try (LwpHandle first = scene.process.lwp(target.tid(0));
          LwpHandle last = scene.process.lwp(target.tid(2))) {
        assertThat(first.stop()).isEqualTo(OK);
        assertThat(scene.process.state()).isEqualTo(RUN);
        assertThat(last.stop()).isEqualTo(OK);
        assertThat(scene.process.stop(PCNULL, 0)).isEqualTo(OK);
        assertThat(scene.process.state()).isEqualTo(STOP);
        assertThat(first.setRun()).isEqualTo(OK);
        assertThat(scene.process.state()).isEqualTo(RUN);
      }
      target.awaitCounterMoves(0);
      target.assertStill(1, 2);
      scene.assertClean();
    }
  }
}
