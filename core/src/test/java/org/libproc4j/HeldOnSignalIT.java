package org.libproc4j;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.libproc4j.testing.Meanwhile;
import org.libproc4j.testing.Signals;
import org.libproc4j.testing.Target;

/** A thread kept on its way to a signal: its stop must stay with the kernel, and costs nothing. */
@Timeout(60)
class HeldOnSignalIT {
  private static final long SWITCHES_OF_A_SLEEPER = 10;

  @ParameterizedTest(name = "{0} threads")
  @ValueSource(ints = {1, 5})
  void holdingATracedSignalCostsNoCpuAndSeesTheEnd(int threads) throws Exception {
    try (Target target = Target.start("signals", "" + threads);
        ProcessHandle process = ProcessHandle.grab(target.pid())) {
      hold(process, target);
      Path tracer = Path.of("/proc/self/task/" + target.tracerPid() + "/status");
      long before = switches(tracer);
      assertThat(process.awaitEnd(Duration.ofMillis(500))).isEqualTo(Errno.ETIMEDOUT);
      assertThat(switches(tracer) - before).isLessThan(SWITCHES_OF_A_SLEEPER);

      assertThat(process.kill(Signals.SIGKILL)).isEqualTo(Errno.OK);
      assertThat(process.awaitEnd(Duration.ofSeconds(5))).isEqualTo(Errno.OK);
      assertThat(process.endedBy()).hasValue(Signals.SIGKILL);
      assertThat(target.awaitEnd()).isEqualTo("killed 9");
    }
  }

  @Test
  void theSignalIsDeliveredByTheRelease() throws Exception {
    try (Target target = Target.start("signals", "5")) {
      try (ProcessHandle process = ProcessHandle.grab(target.pid())) {
        hold(process, target);
        assertThat(target.signals()).isEmpty();
      }
      assertThat(target.awaitSignals(1).getFirst().signal()).isEqualTo(Signals.SIGUSR1);
      target.assertClean();
    }
  }

  private static void hold(ProcessHandle process, Target target) throws Exception {
    assertThat(process.traceSignals(Signals.SIGUSR1)).isEqualTo(Errno.OK);
    assertThat(process.setRun()).isEqualTo(Errno.OK);
    target.send(Signals.SIGUSR1);
    assertThat(process.awaitStop(Duration.ofSeconds(5))).isEqualTo(Errno.OK);
    assertThat(process.state()).isEqualTo(ProcessState.STOP);
    LwpStatus stopped = process.status().representative();
    assertThat(stopped.reason()).contains(StopReason.SIGNALLED);
    assertThat(stopped.currentSignal()).hasValue(Signals.SIGUSR1);
  }

  private static long switches(Path status) throws IOException {
    return Files.readAllLines(status).stream()
        .filter(line -> line.startsWith("voluntary_ctxt_switches"))
        .mapToLong(line -> Long.parseLong(line.substring(line.indexOf(':') + 1).strip()))
        .findFirst()
        .orElseThrow();
  }

  /** The kernel has it stop at its exit yet, as it was told when the signal came. */
  @Test
  void itsEndIsToldThoughExitsWereEventsWhenItStopped() throws Exception {
    try (Target target = Target.start("signals", "1");
        ProcessHandle process = ProcessHandle.grab(target.pid())) {
      assertThat(process.traceEvents(TraceEvent.EXIT)).isEqualTo(Errno.OK);
      hold(process, target);
      assertThat(process.traceEvents()).isEqualTo(Errno.OK);
      try (Meanwhile _ = Meanwhile.blockedHere(() -> target.send(Signals.SIGKILL))) {
        assertThat(process.awaitEnd(Duration.ofSeconds(5))).isEqualTo(Errno.OK);
      }
      assertThat(target.awaitEnd()).isEqualTo("killed 9");
    }
  }
}
