package org.libproc4j.freezer;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.libproc4j.internal.linux.Libc;
import org.libproc4j.procfs.ProcFs;
import org.libproc4j.procfs.ProcessId;
import org.libproc4j.procfs.StatField;
import org.libproc4j.procfs.internal.ProcDir;
import org.libproc4j.testing.Target;

/** What a hold does with one process, which is the test's own: no machine is frozen here. */
@Timeout(value = 1, unit = TimeUnit.MINUTES)
class SignalHoldIT {
  @TempDir Path directory;

  /** A pass may find that a thread does not stand still, though the first has stopped. */
  @Test
  void whoIsTakenAgainIsSetRunningAllTheSame() throws Exception {
    ProcFs proc = ProcFs.of();
    int self = (int) java.lang.ProcessHandle.current().pid();
    ProcessId owner = proc.process(self).stat().orElseThrow().processId();
    try (Target target = Target.start("threads", "2");
        ProcDir files = ProcDir.open(Libc.SYSTEM, proc.root().toString());
        Safeguard safeguard = Safeguard.begin(Libc.SYSTEM, directory, owner)) {
      SignalHold hold =
          new SignalHold(
              Libc.SYSTEM, files, new Examiner(proc, List.of()), pid -> false, safeguard);
      Patience patience =
          new Patience(System.nanoTime(), Duration.ofSeconds(20), Duration.ofSeconds(10));
      Pass pass =
          new Pass(
              new int[] {target.pid()},
              proc.snapshot(StatField.STATE, StatField.FLAGS, StatField.START_TIME),
              Set.of(),
              true);
      hold.begin(pass);
      for (int time = 1; time <= 2; time++) {
        assertThat(hold.take(target.pid(), pass)).isEqualTo(Verdict.TAKEN);
        assertThat(hold.settle(patience)).isEmpty();
        assertThat(target.states().values()).containsOnly('T');
      }
      assertThat(hold.release()).isEmpty();
      target.assertComputes();
    }
  }
}
