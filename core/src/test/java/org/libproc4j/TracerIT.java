package org.libproc4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.libproc4j.Errno.EAGAIN;
import static org.libproc4j.Errno.EINTR;
import static org.libproc4j.Errno.OK;
import static org.libproc4j.ProcessState.LOST;
import static org.libproc4j.ProcessState.RUN;
import static org.libproc4j.ProcessState.STOP;
import static org.libproc4j.testing.Signals.SIGCONT;
import static org.libproc4j.testing.Signals.SIGSTOP;
import static org.libproc4j.testing.Signals.SIGUSR1;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.libproc4j.testing.Await;
import org.libproc4j.testing.Leaks;
import org.libproc4j.testing.Meanwhile;
import org.libproc4j.testing.Target;

/** Who may call, and what a tracer's end does. */
@Timeout(60)
class TracerIT {
  private static <T> T on(Thread.Builder thread, Callable<T> call) throws Exception {
    FutureTask<T> task = new FutureTask<>(call);
    thread.start(task);
    try {
      return task.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Exception cause ? cause : e;
    }
  }

  private static <T> void assertOn(Thread.Builder thread, Callable<T> call, T expected)
      throws Exception {
    T actual = on(thread, call);
    assertThat((Object) actual).isEqualTo(expected);
  }

  // ---- confined

  @ParameterizedTest
  @EnumSource(names = {"CONFINED_INTERRUPT", "CONFINED_TGKILL"})
  void aConfinedTracerIsForItsThreadAlone(Way way) throws Exception {
    try (Target target = Target.start("threads", "2", "sleep");
        Scene scene = Scene.ofThread(target, way, 1)) {
      ProcessHandle process = scene.process;
      LwpHandle lwp = (LwpHandle) scene.handle;
      assertThat(process.stop()).isEqualTo(OK);
      List<ThrowingCallable> calls =
          List.of(
              () -> process.traceSignals(1),
              () -> process.traceFaults(),
              () -> process.traceSysEntry(),
              () -> process.traceSysExit(),
              () -> process.traceEvents(),
              () -> process.setFlags(ProcessFlag.ASYNC),
              () -> process.unsetFlags(ProcessFlag.ASYNC),
              () -> process.lwp(target.tid(0)),
              process::lwpIds,
              process::status,
              process::setRun,
              process::awaitEnd,
              () -> process.awaitEnd(Duration.ofMillis(1)),
              process::release,
              lwp::status,
              lwp::setRun,
              lwp::stop,
              lwp::requestStop,
              lwp::awaitStop,
              () -> scene.tracer.grab(target.pid()),
              () -> scene.tracer.create("true"),
              () -> process.reopen(scene.tracer),
              scene.tracer::close);
      for (Thread.Builder thread : List.of(Thread.ofPlatform(), Thread.ofVirtual())) {
        boolean _ =
            on(
                thread,
                () -> {
                  for (ThrowingCallable call : calls) {
                    assertThatExceptionOfType(WrongThreadException.class)
                        .isThrownBy(call)
                        .withMessageContaining("confined to");
                  }
                  return true;
                });
      }
      assertThat(process.state()).isEqualTo(STOP); // nothing was done
      target.assertStill();
      scene.assertClean();
    }
  }

  @Test
  void aVirtualThreadCannotBeATracer() throws Exception {
    for (StopMechanism mechanism : StopMechanism.values()) {
      boolean _ =
          on(
              Thread.ofVirtual(),
              () -> {
                assertThatIllegalStateException()
                    .isThrownBy(() -> Tracer.ofConfined(mechanism))
                    .withMessageContaining("shared tracer");
                return true;
              });
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"CONFINED_INTERRUPT", "CONFINED_TGKILL"})
  void theEndOfItsThreadLosesItsProcessesForEverybody(Way way) throws Exception {
    try (Target target = Target.start("threads", "3", "sleep")) {
      ProcessHandle process = on(Thread.ofPlatform(), () -> way.open().grab(target.pid()));
      try {
        target.awaitUntraced();
        target.awaitCounterMoves();
        for (Thread.Builder thread : List.of(Thread.ofPlatform(), Thread.ofVirtual())) {
          assertOn(thread, process::stop, EAGAIN);
          assertOn(thread, process::awaitStop, EAGAIN);
          assertOn(thread, process::setRun, EAGAIN);
          assertOn(thread, process::awaitEnd, EAGAIN);
          assertOn(thread, process::state, LOST);
        }
        assertThat(process.stop()).isEqualTo(EAGAIN);
      } finally {
        process.close();
      }
      target.assertClean();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"CONFINED_INTERRUPT", "CONFINED_TGKILL"})
  void aTracerMayBeTheCallerOfManyProcesses(Way way) throws GrabException {
    List<Target> targets = new ArrayList<>();
    try (Tracer tracer = way.open()) {
      for (int i = 0; i < 5; i++) {
        targets.add(Target.start("threads", "2", "sleep"));
      }
      List<ProcessHandle> processes = new ArrayList<>();
      for (Target target : targets) {
        processes.add(tracer.grab(target.pid()));
      }
      for (ProcessHandle process : processes) {
        assertThat(process.setRun()).isEqualTo(OK);
      }
      targets.forEach(Target::awaitCounterMoves);
      targets.getLast().send(SIGSTOP);
      assertThat(processes.getLast().awaitStop()).isEqualTo(OK);
      assertThat(processes)
          .extracting(ProcessHandle::state)
          .containsExactly(RUN, RUN, RUN, RUN, STOP);
      for (ProcessHandle process : processes) {
        assertThat(process.stop()).isEqualTo(OK);
      }
      targets.forEach(Target::assertStill);
      processes.forEach(ProcessHandle::close);
      targets.getLast().send(SIGCONT);
      targets.forEach(Target::assertComputes);
    } finally {
      targets.forEach(Target::close);
    }
  }

  // ---- shared

  @ParameterizedTest
  @EnumSource(names = {"SHARED_INTERRUPT", "SHARED_TGKILL"})
  void anyThreadMayCallASharedTracer(Way way) throws Exception {
    try (Target target = Target.start("signals", "3")) {
      try (Tracer tracer = way.open()) {
        ProcessHandle process = on(Thread.ofVirtual(), () -> tracer.grab(target.pid()));
        for (Thread.Builder thread :
            List.of(Thread.ofVirtual(), Thread.ofPlatform(), Thread.ofVirtual())) {
          assertOn(thread, process::stop, OK);
          target.assertStill();
          assertOn(thread, () -> process.status().state(), STOP);
          assertOn(thread, process::setRun, OK);
          target.awaitCounterMoves();
          assertOn(thread, () -> process.awaitStop(Duration.ofMillis(5)), OK);
          assertThat(process.state()).isEqualTo(RUN);
        }
        assertOn(Thread.ofVirtual(), () -> process.traceSignals(SIGUSR1), OK);
        target.send(SIGUSR1);
        assertOn(Thread.ofVirtual(), process::awaitStop, OK);
        process.close();
      }
      target.awaitSignals(1);
      target.assertClean();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"SHARED_INTERRUPT", "SHARED_TGKILL"})
  void aVirtualThreadCanBeInterruptedInItsWait(Way way) throws Exception {
    try (Target target = Target.start("threads", "2", "sleep");
        Scene scene = Scene.ofProcess(target, way, 0)) {
      CountDownLatch begun = new CountDownLatch(1);
      FutureTask<Errno> wait =
          new FutureTask<>(
              () -> {
                begun.countDown();
                return scene.process.awaitStop();
              });
      Thread waiter = Thread.ofVirtual().start(wait);
      begun.await();
      assertThat(Await.until(Target.LIMIT, () -> waiter.getState() == Thread.State.WAITING))
          .isTrue();
      waiter.interrupt();
      assertThat(wait.get()).isEqualTo(EINTR);
      scene.assertClean();
    }
  }

  // ---- the end

  @ParameterizedTest
  @EnumSource
  void aClosedTracerTakesNothingMore(Way way) throws Exception {
    Leaks leaks = Leaks.baseline();
    try (Target target = Target.start("threads", "2", "sleep")) {
      Tracer tracer = way.open();
      ProcessHandle process = tracer.grab(target.pid());
      target.assertStill();
      tracer.close();
      tracer.close(); // does nothing
      assertThat(target.tracerPid()).isZero();
      assertThatIllegalStateException().isThrownBy(() -> tracer.grab(target.pid()));
      assertThatIllegalStateException().isThrownBy(() -> tracer.create("true"));
      assertThat(process.state()).isEqualTo(LOST);
      process.close();
      target.assertClean();
    }
    leaks.assertNone();
  }

  @Test
  void theTracerOfAStaticGrabEndsWithItsHandle() throws GrabException {
    try (Target target = Target.start("threads", "2", "sleep")) {
      Leaks leaks = Leaks.baseline();
      ProcessHandle process = ProcessHandle.grab(target.pid());
      assertThat(leaks.sinceBaseline()).anyMatch(leak -> leak.contains("libproc4j-trace"));
      process.close();
      leaks.assertNone();
      target.assertClean();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"SHARED_INTERRUPT", "SHARED_TGKILL"})
  void closedWhileADirectiveIsPendingItLeavesNoStopBehind(Way way) throws GrabException {
    try (Target target = Target.start("vforker", "2")) {
      target.awaitState(target.pid(), "D");
      try (Scene scene = Scene.ofProcess(target, way, 0)) {
        try (Meanwhile _ = Meanwhile.blockedHere(scene.tracer::close)) {
          assertThat(scene.process.stop()).isEqualTo(EAGAIN);
        }
        assertThat(scene.process.state()).isEqualTo(LOST);
        target.tell("exit 0");
        target.awaitUntraced();
        scene.assertClean();
      }
    }
  }
}
