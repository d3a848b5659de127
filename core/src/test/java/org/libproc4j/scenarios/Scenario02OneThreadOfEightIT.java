package org.libproc4j.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Timeout;
import org.libproc4j.Errno;
import org.libproc4j.LwpHandle;
import org.libproc4j.ProcessHandle;
import org.libproc4j.ProcessState;
import org.libproc4j.StopReason;
import org.libproc4j.StopRequest;
import org.libproc4j.Tracer;
import org.libproc4j.Way;
import org.libproc4j.testing.Target;

/** One thread of eight is stopped: its counter stands, seven others move. */
@Timeout(60)
class Scenario02OneThreadOfEightIT {
  private static final int ROUNDS = 50;
  private static final int THREADS = 8;

  @EachWay
  void itsCounterStandsSevenOthersMoveAndTheProcessRuns(Way way) throws Exception {
    try (Target target = Target.start("threads", "8", "mixed")) {
      try (Tracer tracer = way.open();
          ProcessHandle process = tracer.grab(target.pid())) {
        assertThat(process.setRun()).isEqualTo(Errno.OK);
        for (int slot : new int[] {0, 1, THREADS - 1}) {
          try (LwpHandle lwp = process.lwp(target.tid(slot))) {
            assertThat(lwp.stop()).isEqualTo(Errno.OK);
            assertThat(lwp.state()).isEqualTo(ProcessState.STOP);
            assertThat(lwp.status().reason()).contains(StopReason.REQUESTED);
            target.assertStill(slot);
            target.awaitCounterMoves(target.movingSlotsBut(slot));
            assertThat(process.stop(StopRequest.PCNULL, 0)).isEqualTo(Errno.OK);
            assertThat(process.state()).isEqualTo(ProcessState.RUN);
            assertThat(lwp.setRun()).isEqualTo(Errno.OK);
            assertThat(lwp.state()).isEqualTo(ProcessState.RUN);
          }
          target.awaitCounterMoves();
        }
      }
      target.assertClean();
    }
  }

  @EachWay
  void itIsStoppedAndRunAgainAndAgain(Way way) throws Exception {
    try (Target target = Target.start("threads", "8", "sleep")) {
      try (Tracer tracer = way.open();
          ProcessHandle process = tracer.grab(target.pid())) {
        assertThat(process.setRun()).isEqualTo(Errno.OK);
        for (int i = 0; i < ROUNDS; i++) {
          int slot = i % THREADS;
          try (LwpHandle lwp = process.lwp(target.tid(slot))) {
            assertThat(lwp.stop()).isEqualTo(Errno.OK);
            long held = target.counter(slot);
            target.awaitCounterMoves(target.movingSlotsBut(slot));
            assertThat(target.counter(slot)).isEqualTo(held);
            assertThat(lwp.setRun()).isEqualTo(Errno.OK);
          }
        }
      }
      target.assertClean();
    }
  }

  @EachWay
  void aReleaseOfTheProcessLetsItRunOn(Way way) throws Exception {
    try (Target target = Target.start("threads", "8")) {
      try (Tracer tracer = way.open();
          ProcessHandle process = tracer.grab(target.pid())) {
        assertThat(process.setRun()).isEqualTo(Errno.OK);
        LwpHandle lwp = process.lwp(target.tid(3));
        assertThat(lwp.stop()).isEqualTo(Errno.OK);
        lwp.close(); // leaves it as it is
        target.assertStill(3);
      }
      target.assertClean();
    }
  }

  @EachWay
  void aDirectiveThatIsWithdrawnAndGivenAgainStopsItOnce(Way way) throws Exception {
    try (Target target = Target.start("threads", "8", "sleep")) {
      try (Tracer tracer = way.open();
          ProcessHandle process = tracer.grab(target.pid())) {
        assertThat(process.setRun()).isEqualTo(Errno.OK);
        for (int i = 0; i < 4 * ROUNDS; i++) {
          try (LwpHandle lwp = process.lwp(target.tid(i % THREADS))) {
            assertThat(lwp.requestStop()).isEqualTo(Errno.OK);
            assertThat(lwp.setRun()).isEqualTo(Errno.OK);
            assertThat(lwp.requestStop()).isEqualTo(Errno.OK);
            assertThat(lwp.awaitStop()).isEqualTo(Errno.OK);
            assertThat(lwp.state()).isEqualTo(ProcessState.STOP);
            assertThat(lwp.setRun()).isEqualTo(Errno.OK);
          }
        }
        target.awaitCounterMoves();
      }
      target.assertClean();
    }
  }

  @EachWay
  void aDirectiveThatIsWithdrawnHaltsNothing(Way way) throws Exception {
    try (Target target = Target.start("threads", "8", "sleep")) {
      try (Tracer tracer = way.open();
          ProcessHandle process = tracer.grab(target.pid())) {
        for (int i = 0; i < ROUNDS; i++) {
          assertThat(process.setRun()).isEqualTo(Errno.OK);
          assertThat(process.requestStop()).isEqualTo(Errno.OK);
          assertThat(process.setRun()).isEqualTo(Errno.OK);
          target.awaitCounterMoves();
          assertThat(process.requestStop()).isEqualTo(Errno.OK);
        }
      }
      target.assertClean();
    }
  }
}
