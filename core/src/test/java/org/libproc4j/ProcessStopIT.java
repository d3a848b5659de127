package org.libproc4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.libproc4j.Errno.EBADF;
import static org.libproc4j.Errno.EINVAL;
import static org.libproc4j.Errno.ENOENT;
import static org.libproc4j.Errno.OK;
import static org.libproc4j.ProcessState.RUN;
import static org.libproc4j.ProcessState.STOP;
import static org.libproc4j.ProcessState.UNDEAD;
import static org.libproc4j.StopRequest.PCDSTOP;
import static org.libproc4j.StopRequest.PCNULL;
import static org.libproc4j.StopRequest.PCSTOP;
import static org.libproc4j.StopRequest.PCWSTOP;
import static org.libproc4j.testing.Signals.SIGCONT;
import static org.libproc4j.testing.Signals.SIGKILL;
import static org.libproc4j.testing.Signals.SIGSTOP;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.libproc4j.testing.Target;

/** The rows of the table for {@link ProcessHandle#stop}. */
@SuppressWarnings("try") // closing early, so that what is left can be looked at, is the point
class ProcessStopIT extends StopRows {
  static Stream<Case> cases() {
    return casesOf("process");
  }

  static Stream<Case> sharedCases() {
    return sharedCasesOf("process");
  }

  static Stream<Arguments> casesAndRequests() {
    return casesAndRequestsOf("process");
  }

  static Stream<Arguments> casesAndLaterRequests() {
    return casesAndLaterRequestsOf("process");
  }

  @Override
  Scene grab(Target target, Way way, int slot) throws GrabException {
    return Scene.ofProcess(target, way, slot);
  }

  @Override
  void tellToEnd(Target target) {
    target.tell("exit 3");
  }

  @Override
  void tellTheRestToEnd(Target target) {
    // Nothing is left.
  }

  @Override
  void awaitOthersRunning(Scene scene, Case c) {
    // There are no others.
  }

  @ParameterizedTest(name = "row 05: grabbed RDONLY → EBADF; PCNULL → OK ({0})")
  @MethodSource("cases")
  void row05ReadOnly(Case c) throws GrabException {
    try (Target target = Target.start("exiter", "3");
        Tracer tracer = c.way().open();
        ProcessHandle process = tracer.grab(target.pid(), GrabOption.RDONLY)) {
      assertThat(process.state()).isEqualTo(RUN);
      assertAll(process, List.of(PCSTOP, PCDSTOP, PCWSTOP), EBADF);
      assertAllBadRequests(process, EINVAL); // row 2 comes first
      assertThat(target.tracerPid()).isZero();
      target.send(SIGSTOP);
      target.awaitAllInState("T");
      assertThat(process.state()).isEqualTo(RUN); // nobody has looked
      assertThat(process.stop(PCNULL, 0)).isEqualTo(OK);
      assertThat(process.state()).isEqualTo(STOP);
      assertAll(process, List.of(PCSTOP, PCDSTOP, PCWSTOP), EBADF); // before row 6
      target.send(SIGCONT);
      target.assertComputes();
      target.send(SIGKILL);
      target.awaitEnd();
      assertThat(process.stop(PCNULL, 0)).isEqualTo(OK);
      assertThat(process.state()).isEqualTo(UNDEAD);
      assertAll(process, List.of(PCSTOP, PCDSTOP, PCWSTOP), ENOENT); // row 4 comes first
      process.close();
      tracer.close();
      target.assertCleanEnd();
      assertAll(process, List.of(StopRequest.values()), EBADF); // row 1 comes first
    }
  }
}
