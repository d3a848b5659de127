package org.libproc4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.libproc4j.Errno.EAGAIN;
import static org.libproc4j.Errno.EBADF;
import static org.libproc4j.Errno.EBUSY;
import static org.libproc4j.Errno.ENOENT;
import static org.libproc4j.Errno.OK;
import static org.libproc4j.ProcessState.LOST;
import static org.libproc4j.ProcessState.RUN;
import static org.libproc4j.ProcessState.STOP;
import static org.libproc4j.ProcessState.UNDEAD;
import static org.libproc4j.StopRequest.PCNULL;
import static org.libproc4j.testing.Signals.SIGKILL;
import static org.libproc4j.testing.Signals.SIGUSR1;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.libproc4j.testing.Await;
import org.libproc4j.testing.Leaks;
import org.libproc4j.testing.Target;

/** Winning back what was lost. */
@Timeout(60)
class ReopenIT {
  /** A handle whose tracer is gone. */
  private static ProcessHandle lost(Target target, Way way) throws GrabException {
    Tracer tracer = way.open();
    ProcessHandle process = tracer.grab(target.pid());
    tracer.close();
    assertThat(process.state()).isEqualTo(LOST);
    return process;
  }

  @ParameterizedTest
  @EnumSource
  void aLostProcessIsOursAgainAndRuns(Way way) throws GrabException {
    try (Target target = Target.start("threads", "3", "sleep")) {
      try (ProcessHandle process = lost(target, way)) {
        assertThat(process.reopen()).isEqualTo(OK);
        assertThat(process.state()).isEqualTo(RUN);
        target.awaitCounterMoves();
        assertThat(process.stop()).isEqualTo(OK);
        assertThat(process.state()).isEqualTo(STOP);
        target.assertStill();
        assertThat(process.reopen()).isEqualTo(OK); // it is not lost: nothing is done
        assertThat(process.state()).isEqualTo(STOP);
      }
      target.assertClean();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aTracerBecomesItsOwner(Way way) throws GrabException {
    try (Target target = Target.start("threads", "3", "sleep")) {
      try (ProcessHandle process = lost(target, Way.SHARED_INTERRUPT)) {
        for (int i = 0; i < 3; i++) {
          try (Tracer tracer = way.open()) {
            assertThat(process.reopen(tracer)).isEqualTo(OK);
            assertThat(process.state()).isEqualTo(RUN);
            assertThat(process.stop()).isEqualTo(OK);
            target.assertStill();
          }
          assertThat(process.state()).isEqualTo(LOST);
          target.awaitCounterMoves();
        }
      }
      target.assertClean();
    }
  }

  @Test
  void theSetsAreForgottenAndHandlesOfThreadsStayLost() throws GrabException {
    try (Target target = Target.start("signals", "2")) {
      Tracer tracer = Tracer.ofShared();
      try (ProcessHandle process = tracer.grab(target.pid(), GrabOption.NOSTOP)) {
        LwpHandle lwp = process.lwp(target.tid(1));
        assertThat(process.traceSignals(SIGUSR1)).isEqualTo(OK);
        tracer.close();
        assertThat(process.reopen()).isEqualTo(OK);
        assertThat(lwp.state()).isEqualTo(LOST);
        assertThat(lwp.stop()).isEqualTo(EAGAIN);
        try (LwpHandle again = process.lwp(lwp.id())) {
          assertThat(again.stop()).isEqualTo(OK);
          target.assertStill(1);
        }
        assertThat(process.setRun()).isEqualTo(OK);
        target.send(SIGUSR1);
        target.awaitSignals(1);
        assertThat(process.stop(PCNULL, 0)).isEqualTo(OK);
        assertThat(process.state()).isEqualTo(RUN);
      }
      target.assertClean();
    }
  }

  @Test
  void whatSomebodyElseTracesIsBusyUntilThatOneEnds() throws GrabException {
    try (Target target = Target.start("stopper", "2")) {
      target.ask("allow", "allowed");
      try (ProcessHandle process = lost(target, Way.SHARED_INTERRUPT)) {
        try (Target other = Target.start("tracer", Integer.toString(target.pid()))) {
          Leaks leaks = Leaks.baseline();
          assertThat(process.reopen()).isEqualTo(EBUSY);
          try (Tracer tracer = Tracer.ofConfined()) {
            assertThat(process.reopen(tracer)).isEqualTo(EBUSY);
          }
          leaks.assertNone();
          assertThat(process.state()).isEqualTo(LOST);
          other.tell("exit");
          other.assertCleanEnd();
        }
        target.awaitUntraced();
        assertThat(process.reopen()).isEqualTo(OK);
        assertThat(process.stop()).isEqualTo(OK);
      }
      target.assertClean();
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatHasEndedCannotBeWonBack(Way way) throws GrabException {
    try (Target target = Target.start("exiter", "2")) {
      target.keepZombie();
      try (ProcessHandle process = lost(target, way)) {
        target.send(SIGKILL);
        target.awaitEnd();
        assertThat(process.reopen()).isEqualTo(ENOENT); // a zombie
        target.reap();
        assertThat(Await.until(Target.LIMIT, () -> target.tids().isEmpty())).isTrue();
        assertThat(process.reopen()).isEqualTo(ENOENT);
        assertThat(process.stop(PCNULL, 0)).isEqualTo(OK);
        assertThat(process.state()).isEqualTo(UNDEAD);
        assertThat(process.reopen()).isEqualTo(ENOENT);
      }
      target.assertCleanEnd();
    }
  }

  @Test
  void whatIsReleasedOrWasNeverOursCannotEither() throws GrabException {
    try (Target target = Target.start("threads", "2", "sleep")) {
      ProcessHandle process = lost(target, Way.SHARED_INTERRUPT);
      process.close();
      assertThat(process.reopen()).isEqualTo(EBADF);
      try (ProcessHandle onlooker = ProcessHandle.grab(target.pid(), GrabOption.RDONLY);
          Tracer tracer = Tracer.ofShared()) {
        assertThat(onlooker.reopen()).isEqualTo(EBADF);
        assertThat(onlooker.reopen(tracer)).isEqualTo(EBADF);
      }
      target.assertClean();
    }
  }

  @Test
  void aClosedTracerCannotOwnAnything() throws GrabException {
    try (Target target = Target.start("threads", "2", "sleep")) {
      try (ProcessHandle process = lost(target, Way.SHARED_INTERRUPT)) {
        for (Way way : Way.values()) {
          Tracer tracer = way.open();
          tracer.close();
          assertThatIllegalStateException().isThrownBy(() -> process.reopen(tracer));
        }
        assertThat(process.state()).isEqualTo(LOST);
      }
      target.assertClean();
    }
  }
}
