package org.libproc4j.freezer;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
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
import org.libproc4j.procfs.Snapshot;
import org.libproc4j.procfs.StatField;
import org.libproc4j.procfs.internal.ProcDir;
import org.libproc4j.testing.Target;

/** What a hold does with one process, which is the test's own: no machine is frozen here. */
@Timeout(value = 1, unit = TimeUnit.MINUTES)
class SignalHoldIT {
  private static final int START_TIME = 22; // proc_pid_stat(5)

  @TempDir Path directory;

  /** A pass may find that a thread does not stand still, though the first has stopped. */
  @Test
  void whoIsTakenAgainIsSetRunningAllTheSame() throws Exception {
    try (Target target = Target.start("threads", "2")) {
      assertSetRunning(target, passOf(target.pid(), ProcFs.of()), 2);
    }
  }

  /**
   * The process that a pass has listed may be gone when the signal is sent, and its number reused.
   */
  @Test
  void whoHasGotTheSignalOfAnotherThatHadItsNumberIsSetRunning() throws Exception {
    try (Target target = Target.start("threads", "2")) {
      Path formerly = Files.createDirectories(directory.resolve("" + target.pid()));
      String now = Files.readString(Path.of("/proc/" + target.pid() + "/stat"));
      Files.writeString(formerly.resolve("stat"), withStartTime(now, "1"));
      for (int times = 1; times <= 2; times++) {
        assertSetRunning(target, passOf(target.pid(), ProcFs.at(directory)), times);
      }
    }
  }

  private static String withStartTime(String stat, String startTime) {
    String[] words = stat.split(" ", -1); // its name has no space
    words[START_TIME - 1] = startTime;
    return String.join(" ", words);
  }

  private static Pass passOf(int pid, ProcFs proc) {
    Snapshot snapshot = proc.snapshot(StatField.STATE, StatField.FLAGS, StatField.START_TIME);
    return new Pass(new int[] {pid}, snapshot, Set.of(), true);
  }

  private void assertSetRunning(Target target, Pass pass, int times) throws Exception {
    ProcFs proc = ProcFs.of();
    int self = (int) java.lang.ProcessHandle.current().pid();
    ProcessId owner = proc.process(self).stat().orElseThrow().processId();
    try (ProcDir files = ProcDir.open(Libc.SYSTEM, proc.root().toString());
        Safeguard safeguard = Safeguard.begin(Libc.SYSTEM, directory, owner)) {
      SignalHold hold =
          new SignalHold(
              Libc.SYSTEM, files, new Examiner(proc, List.of()), pid -> false, safeguard);
      Patience patience =
          new Patience(System.nanoTime(), Duration.ofSeconds(20), Duration.ofSeconds(10));
      hold.begin(pass);
      for (int time = 1; time <= times; time++) {
        assertThat(hold.take(target.pid(), pass)).isEqualTo(Verdict.TAKEN);
        assertThat(hold.settle(patience)).isEmpty();
        assertThat(target.states().values()).containsOnly('T');
      }
      assertThat(hold.release()).isEmpty();
      target.assertComputes();
    }
  }
}
