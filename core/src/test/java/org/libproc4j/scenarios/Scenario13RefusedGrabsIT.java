package org.libproc4j.scenarios;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.libproc4j.testing.Signals.SIGKILL;

import org.junit.jupiter.api.Timeout;
import org.libproc4j.Errno;
import org.libproc4j.GrabError;
import org.libproc4j.GrabException;
import org.libproc4j.ProcessHandle;
import org.libproc4j.ProcessState;
import org.libproc4j.Tracer;
import org.libproc4j.Way;
import org.libproc4j.testing.Leaks;
import org.libproc4j.testing.Meanwhile;
import org.libproc4j.testing.Target;

/** A grab that is refused leaves everything as it was. What it says is tested elsewhere. */
@Timeout(60)
class Scenario13RefusedGrabsIT {
  private static GrabError refusal(Tracer tracer, int pid) {
    return catchThrowableOfType(GrabException.class, () -> tracer.grab(pid)).error();
  }

  @EachWay
  void ofAProcessThatAStrangerTraces(Way way) {
    try (Target stranger = Target.start("tracer", "child")) {
      int tracee = Integer.parseInt(stranger.awaitLine("tracee (\\d+)").group(1));
      try (Tracer tracer = way.open()) {
        assertThat(refusal(tracer, tracee)).isEqualTo(GrabError.G_BUSY);
      }
      stranger.ask("stop", "stopped");
      stranger.ask("run", "running");
      stranger.assertClean();
    }
  }

  @EachWay
  void ofAProcessThatWeHave(Way way) throws Exception {
    try (Target target = Target.start("threads", "4", "mixed")) {
      try (Tracer tracer = way.open();
          ProcessHandle process = tracer.grab(target.pid())) {
        assertThat(refusal(tracer, target.pid())).isEqualTo(GrabError.G_BUSY);
        try (Tracer other = way.open()) {
          assertThat(refusal(other, target.pid())).isEqualTo(GrabError.G_BUSY);
        }
        assertThat(process.state()).isEqualTo(ProcessState.STOP);
        target.assertStill();
        assertThat(process.setRun()).isEqualTo(Errno.OK);
        target.awaitCounterMoves();
        assertThat(refusal(tracer, target.pid())).isEqualTo(GrabError.G_BUSY);
        assertThat(process.state()).isEqualTo(ProcessState.RUN);
        assertThat(process.stop()).isEqualTo(Errno.OK);
      }
      target.assertClean();
    }
  }

  /** Dead, and not buried: the confined tracer that had it makes no call. */
  @EachWay
  void ofAProcessThatWasKilledUnderAnotherTracer(Way way) throws Exception {
    try (Target target = Target.start("threads", "4", "sleep")) {
      try (Tracer idle = Tracer.ofConfined();
          ProcessHandle process = idle.grab(target.pid())) {
        try (Meanwhile _ = Meanwhile.run(() -> killedAndRefused(target, way))) {}
        assertThat(process.awaitEnd()).isEqualTo(Errno.OK);
      }
      target.assertCleanEnd();
    }
  }

  /** Likewise, but its leader had ended before it was grabbed, and nobody traces that. */
  @EachWay
  void ofAProcessWithoutLeaderThatWasKilledUnderAnotherTracer(Way way) throws Exception {
    try (Target target = Target.start("exiter", "3")) {
      target.ask("leader", "leader gone");
      try (Tracer idle = Tracer.ofConfined();
          ProcessHandle process = idle.grab(target.pid())) {
        try (Meanwhile _ = Meanwhile.run(() -> killedAndRefused(target, way))) {}
        assertThat(process.awaitEnd()).isEqualTo(Errno.OK);
      }
      target.assertCleanEnd();
    }
  }

  private static void killedAndRefused(Target target, Way way) {
    target.send(SIGKILL);
    target.awaitAllInState("Z");
    try (Tracer tracer = way.open()) {
      assertThat(refusal(tracer, target.pid())).isEqualTo(GrabError.G_BUSY);
    }
  }

  @EachWay
  void ofOurselves(Way way) {
    Leaks before = Leaks.baseline();
    try (Tracer tracer = way.open()) {
      assertThat(refusal(tracer, (int) java.lang.ProcessHandle.current().pid()))
          .isEqualTo(GrabError.G_SELF);
    }
    before.assertNone();
  }

  @EachWay
  void ofAZombie(Way way) {
    for (String threads : new String[] {"alone", "threads"}) {
      try (Target target = Target.start("zombie", threads)) {
        int zombie = Integer.parseInt(target.awaitLine("zombie (\\d+)").group(1));
        try (Tracer tracer = way.open()) {
          assertThat(refusal(tracer, zombie)).isEqualTo(GrabError.G_ZOMB);
        }
        target.ask("reap", "reaped " + zombie);
        target.assertClean();
      }
    }
  }

  @EachWay
  void ofNobody(Way way) {
    Leaks before = Leaks.baseline();
    try (Tracer tracer = way.open()) {
      for (int pid : new int[] {Integer.MIN_VALUE, -1, 0, Integer.MAX_VALUE}) {
        assertThat(refusal(tracer, pid)).isEqualTo(GrabError.G_NOPROC);
      }
    }
    before.assertNone();
  }

  @EachWay
  void ofAThreadThatIsNoProcess(Way way) {
    try (Target target = Target.start("threads", "4", "mixed")) {
      try (Tracer tracer = way.open()) {
        assertThat(refusal(tracer, target.tid(2))).isEqualTo(GrabError.G_NOPROC);
      }
      target.assertClean();
    }
  }
}
