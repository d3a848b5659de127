package org.libproc4j.scenarios;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.libproc4j.Errno;
import org.libproc4j.LwpHandle;
import org.libproc4j.ProcessHandle;
import org.libproc4j.ProcessState;
import org.libproc4j.StopRequest;
import org.libproc4j.Tracer;
import org.libproc4j.Way;
import org.libproc4j.testing.Meanwhile;
import org.libproc4j.testing.Target;

/** A tracer that is closed, or whose thread has ended: LOST, EAGAIN, and won back by reopen. */
@Timeout(60)
class Scenario15TracerGoneIT {
  @EachWay
  void aClosedTracersTargetRunsAndIsWonBack(Way way) throws Exception {
    try (Target target = Target.start("threads", "8", "mixed")) {
      Tracer tracer = way.open();
      try (ProcessHandle process = tracer.grab(target.pid());
          LwpHandle lwp = process.lwp(target.tid(1))) {
        target.assertStill();
        tracer.close();
        target.awaitUntraced();
        target.awaitCounterMoves();
        assertLost(process);
        assertThat(lwp.state()).isEqualTo(ProcessState.LOST);
        assertThat(lwp.stop()).isEqualTo(Errno.EAGAIN);
        try (Meanwhile _ = Meanwhile.run(() -> assertLost(process))) {}
        target.assertClean(target.snapshot());
        reopen(target, process, way);
      } finally {
        tracer.close();
      }
      target.assertClean();
    }
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource(
      value = Way.class,
      names = {"CONFINED_INTERRUPT", "CONFINED_TGKILL"})
  void theTargetOfAThreadThatEndsRunsAndIsWonBack(Way way) throws Exception {
    try (Target target = Target.start("threads", "8", "mixed")) {
      AtomicReference<ProcessHandle> grabbed = new AtomicReference<>();
      try (Meanwhile _ =
          Meanwhile.run(
              () -> {
                ProcessHandle process = way.open().grab(target.pid());
                assertThat(process.state()).isEqualTo(ProcessState.STOP);
                grabbed.set(process);
              })) {}
      try (ProcessHandle process = grabbed.get()) {
        target.awaitUntraced();
        target.awaitCounterMoves();
        assertLost(process);
        reopen(target, process, way);
      }
      target.assertClean();
    }
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource(
      value = Way.class,
      names = {"CONFINED_INTERRUPT", "CONFINED_TGKILL"})
  void aConfinedTracersTargetIsItsThreadsAlone(Way way) throws Exception {
    try (Target target = Target.start("threads", "4", "mixed")) {
      try (Tracer tracer = way.open();
          ProcessHandle process = tracer.grab(target.pid());
          LwpHandle lwp = process.lwp(target.tid(1))) {
        try (Meanwhile _ =
            Meanwhile.run(
                () -> {
                  for (StopRequest request : StopRequest.values()) {
                    assertWrongThread(() -> process.stop(request, 1));
                    assertWrongThread(() -> lwp.stop(request, 1));
                  }
                  assertWrongThread(process::setRun);
                  assertWrongThread(lwp::setRun);
                  assertWrongThread(process::status);
                  assertWrongThread(lwp::status);
                  assertWrongThread(process::lwpIds);
                  assertWrongThread(process::close);
                  assertWrongThread(tracer::close);
                })) {}
        assertThat(process.state()).isEqualTo(ProcessState.STOP);
        target.assertStill();
        assertThat(process.setRun()).isEqualTo(Errno.OK);
        target.awaitCounterMoves();
      }
      target.assertClean();
    }
  }

  @EachSharedWay
  void anEndlessWaitLearnsOfTheLoss(Way way) throws Exception {
    try (Target target = Target.start("threads", "4", "mixed");
        Tracer tracer = way.open();
        ProcessHandle process = tracer.grab(target.pid())) {
      assertThat(process.setRun()).isEqualTo(Errno.OK);
      try (Meanwhile _ = Meanwhile.soon(target, tracer::close)) {
        assertThat(process.awaitStop()).isEqualTo(Errno.EAGAIN);
      }
      assertThat(process.state()).isEqualTo(ProcessState.LOST);
      target.awaitUntraced();
      target.assertComputes();
    }
  }

  private static void assertLost(ProcessHandle process) {
    assertThat(process.state()).isEqualTo(ProcessState.LOST);
    assertThat(process.stop()).isEqualTo(Errno.EAGAIN);
    assertThat(process.requestStop()).isEqualTo(Errno.EAGAIN);
    assertThat(process.awaitStop()).isEqualTo(Errno.EAGAIN);
    assertThat(process.setRun()).isEqualTo(Errno.EAGAIN);
    assertThat(process.stop(StopRequest.PCNULL, 0)).isEqualTo(Errno.OK);
    assertThat(process.state()).isEqualTo(ProcessState.LOST);
  }

  private static void reopen(Target target, ProcessHandle process, Way way) {
    try (Tracer tracer = way.open()) {
      assertThat(process.reopen(tracer)).isEqualTo(Errno.OK);
      assertThat(process.state()).isEqualTo(ProcessState.RUN);
      assertThat(process.stop()).isEqualTo(Errno.OK);
      assertThat(process.state()).isEqualTo(ProcessState.STOP);
      target.assertStill();
      assertThat(process.setRun()).isEqualTo(Errno.OK);
      target.awaitCounterMoves();
    }
    assertThat(process.state()).isEqualTo(ProcessState.LOST);
  }

  private static void assertWrongThread(
      org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    assertThatExceptionOfType(WrongThreadException.class).isThrownBy(call);
  }
}
