package org.libproc4j.freezer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.libproc4j.freezer.Verdict.TAKEN;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.libproc4j.internal.linux.Err;
import org.libproc4j.internal.linux.FailedCallException;
import org.libproc4j.internal.linux.InterposedLibc;
import org.libproc4j.internal.linux.InterposedLibc.Function;
import org.libproc4j.internal.linux.Libc;
import org.libproc4j.procfs.ProcFs;
import org.libproc4j.procfs.ProcessId;
import org.libproc4j.testing.Target;

/** What a hold does with one process, which is the test's own: no machine is frozen here. */
@Timeout(value = 1, unit = TimeUnit.MINUTES)
class SignalHoldIT {
  // Numbers of fields: proc_pid_stat(5).
  private static final int PPID = 4;
  private static final int START_TIME = 22;

  @TempDir Path directory;

  /** A pass may find that a thread does not stand still, though the first has stopped. */
  @Test
  void whoIsTakenAgainIsSetRunningAllTheSame() throws Exception {
    try (Target target = Target.start("threads", "2")) {
      assertSetRunning(target, Path.of("/proc"), () -> {}, 2);
    }
  }

  /** The process that was looked at may be gone when the signal is sent, and its number reused. */
  @ParameterizedTest(name = "taken {0} times")
  @ValueSource(ints = {1, 2})
  void whoHasGotTheSignalOfAnotherThatHadItsNumberIsSetRunning(int times) throws Exception {
    try (Target target = Target.start("threads", "2")) {
      Path seen = directory.resolve("" + target.pid());
      Path stat = Files.createDirectories(seen).resolve("stat");
      Path real = Path.of("/proc/" + target.pid());
      Files.writeString(stat, with(Files.readString(real.resolve("stat")), START_TIME, "1"));
      assertSetRunning(
          target,
          directory,
          () -> {
            Files.delete(stat);
            Files.delete(seen);
            Files.createSymbolicLink(seen, real);
          },
          times);
    }
  }

  /** Nobody is left stopped because he cannot be looked at: the guardian sets all running. */
  @Test
  void whereNobodyCanBeLookedAtTheGuardianThaws() throws Exception {
    InterposedLibc libc = new InterposedLibc();
    try (Target target = Target.start("threads", "2");
        Crew crew = Crew.gather(libc, "/proc");
        Safeguard safeguard = beginSafeguard()) {
      SignalHold hold = holdOf(crew, safeguard);
      Pass pass = passOf(target.pid());
      hold.begin(pass);
      assertThat(hold.take(target.pid(), pass)).isEqualTo(TAKEN);
      assertThat(hold.settle(patience())).isEmpty();
      libc.failAll(call -> call.function() == Function.OPEN, Err.EMFILE);
      assertThatThrownBy(hold::release)
          .isInstanceOf(FailedCallException.class)
          .hasMessageContaining("process " + target.pid());
      assertThat(target.states().values()).containsOnly('T');
      safeguard.thaw();
      target.assertComputes();
    }
  }

  /** Where process ids have begun anew, a parent comes behind its child in a listing. */
  @Test
  void aParentWithTheGreaterIdIsTakenFirst() throws Exception {
    try (Target target = Target.start("threads", "1")) {
      int pid = target.pid();
      int parent = pid + 1;
      Path seen = Files.createDirectories(directory.resolve("" + pid));
      String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
      Files.writeString(seen.resolve("stat"), with(stat, PPID, "" + parent));
      Pass pass = passOf(pid);
      try (Crew crew = Crew.gather(Libc.SYSTEM, directory.toString());
          Safeguard safeguard = beginSafeguard()) {
        SignalHold hold = holdOf(crew, safeguard);
        hold.begin(pass);
        assertThat(hold.take(pid, pass)).isEqualTo(new Verdict.After(parent));
        assertThat(hold.take(pid, pass)).as("the parent is not to be frozen").isEqualTo(TAKEN);
        hold.begin(pass);
        assertThat(hold.take(pid, pass)).as("by a new pass").isEqualTo(new Verdict.After(parent));
      }
    }
  }

  private static String with(String stat, int field, String value) {
    String[] words = stat.split(" ", -1); // its name has no space
    words[field - 1] = value;
    return String.join(" ", words);
  }

  private static Pass passOf(int pid) {
    return new Pass(new int[] {pid}, null, Set.of(), true, false);
  }

  private Safeguard beginSafeguard() throws Setback {
    int self = (int) java.lang.ProcessHandle.current().pid();
    ProcessId owner = ProcFs.of().process(self).stat().orElseThrow().processId();
    return Safeguard.begin(Libc.SYSTEM, directory.resolve("journal"), owner);
  }

  private static SignalHold holdOf(Crew crew, Safeguard safeguard) {
    Examiner examiner = new Examiner(ProcFs.of(), List.of());
    return new SignalHold(Libc.SYSTEM, crew, examiner, pid -> false, safeguard);
  }

  private static Patience patience() {
    return new Patience(System.nanoTime(), Duration.ofSeconds(20), Duration.ofSeconds(10));
  }

  private interface Change {
    void run() throws IOException;
  }

  private void assertSetRunning(Target target, Path seen, Change change, int times)
      throws Exception {
    int pid = target.pid();
    Pass pass = passOf(pid);
    try (Crew crew = Crew.gather(Libc.SYSTEM, seen.toString());
        Safeguard safeguard = beginSafeguard()) {
      SignalHold hold = holdOf(crew, safeguard);
      Patience patience = patience();
      hold.begin(pass);
      assertThat(hold.take(pid, pass)).isEqualTo(TAKEN);
      change.run();
      assertThat(hold.settle(patience)).isEmpty();
      for (int time = 2; time <= times; time++) {
        assertThat(hold.take(pid, pass)).isEqualTo(TAKEN);
        assertThat(hold.settle(patience)).isEmpty();
      }
      assertThat(target.states().values()).containsOnly('T');
      assertThat(hold.release()).isEmpty();
      target.assertComputes();
    }
  }
}
