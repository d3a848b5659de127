package org.libproc4j.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Timeout;
import org.libproc4j.GrabError;
import org.libproc4j.GrabException;
import org.libproc4j.ProcessHandle;
import org.libproc4j.ProcessState;
import org.libproc4j.Tracer;
import org.libproc4j.Way;
import org.libproc4j.testing.Target;

/** A storm of processes that live for a millisecond each: one of them is grabbed, or is gone. */
@Timeout(60)
class Scenario05ShortLivedProcessesIT {
  private static final int ROUNDS = 100;

  @EachWay
  void oneOfALineIsHeldOrGone(Way way) throws Exception {
    try (Target target = Target.start("forker", "line")) {
      try (Tracer tracer = way.open()) {
        grabLastBorn(target, tracer);
      }
      target.assertClean();
    }
  }

  @EachWay
  void oneOfAStormIsHeldOrGone(Way way) throws Exception {
    try (Target target = Target.start("forker", "storm")) {
      try (Tracer tracer = way.open()) {
        grabLastBorn(target, tracer);
      }
      target.assertClean();
    }
  }

  private static void grabLastBorn(Target target, Tracer tracer) {
    int held = 0;
    for (int i = 0; i < ROUNDS; i++) {
      try (ProcessHandle process = tracer.grab(target.tid(1))) {
        assertThat(process.state()).isIn(ProcessState.STOP, ProcessState.UNDEAD);
        held++;
      } catch (GrabException e) {
        assertThat(e.error()).as(e.getMessage()).isIn(GrabError.G_NOPROC, GrabError.G_ZOMB);
      }
      target.awaitCounterMoves(1);
    }
    assertThat(held).as("grabs that came in time").isPositive();
  }
}
