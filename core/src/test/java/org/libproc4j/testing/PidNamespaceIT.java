package org.libproc4j.testing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.libproc4j.testing.Signals.SIGKILL;
import static org.libproc4j.testing.Signals.SIGSTOP;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The machine that may be frozen is a true one, and nothing else may be frozen. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class PidNamespaceIT {

  /** What a freezer begins with. */
  static final class Locked {
    private Locked() {}

    public static void main(String[] arguments) {
      Inside.refuseOutside();
      System.out.println("ready");
    }
  }

  @Test
  void aFreezerIsLetIntoItsNamespace() {
    try (PidNamespace namespace = new PidNamespace()) {
      int pid = namespace.jvm("-", Locked.class);
      assertThat(namespace.awaitEnd(pid)).isEqualTo("exited 0");
      String inside = Target.directory().resolve("inside").toString();
      assertThat(namespace.awaitEnd(namespace.start("-", inside, "true"))).isEqualTo("exited 0");
    }
  }

  @Test
  void outsideItRefusesWhateverItsEnvironmentSays() throws Exception {
    try (PidNamespace namespace = new PidNamespace()) {
      List<String> java = Jvm.command(Locked.class, List.of());
      List<String> c = List.of(Target.directory().resolve("inside").toString(), "true");
      for (List<String> command : List.of(java, c)) {
        for (String token : List.of("", "1:4026531836", namespace.token())) {
          ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
          builder.environment().put(Inside.VARIABLE, token);
          Process process = builder.start();
          assertThat(new String(process.getInputStream().readAllBytes(), UTF_8))
              .startsWith("refused: ");
          assertThat(process.waitFor()).isEqualTo(Inside.REFUSED);
        }
      }
    }
  }

  @Test
  void inAnotherNamespaceItRefuses() {
    try (PidNamespace namespace = new PidNamespace()) {
      String inside = Target.directory().resolve("inside").toString();
      // Its first process is not ours, then.
      int foreign =
          namespace.start(
              "-", "unshare", "--pid", "--fork", "--mount-proc", "--kill-child", inside, "true");
      assertThat(namespace.awaitEnd(foreign)).isEqualTo("exited 97");
      // And here /proc is not that of the caller.
      int mixed =
          namespace.start("-", "unshare", "--pid", "--fork", "--kill-child", inside, "true");
      assertThat(namespace.awaitEnd(mixed)).isEqualTo("exited 97");
    }
  }

  @Test
  void itsEndLeavesNothing() {
    List<Path> cgroups;
    long outside;
    try (PidNamespace namespace = new PidNamespace()) {
      namespace.animal(namespace.cgroup("a/b"), "crowd", "10", "1000");
      namespace.awaitSlots(10);
      outside = namespace.outsidePid();
      cgroups = namespace.hasCgroups() ? List.of(namespace.cgroups()) : List.of();
      assertThat(cgroups).allMatch(Files::exists);
    }
    assertThat(cgroups).noneMatch(Files::exists);
    assertThat(ProcFiles.read("/proc/" + outside + "/stat")).isEmpty();
  }

  @Test
  void whoeverKillsTheHarnessTakesAllOfItAlong() {
    PidNamespace namespace = new PidNamespace();
    namespace.animal("-", "crowd", "10", "1000");
    namespace.awaitSlots(10);
    Path first = Path.of("/proc/" + namespace.hostPid());
    namespace.destroy();
    assertThat(Await.until(PidNamespace.LIMIT, () -> !Files.exists(first))).isTrue();
    long[] counters = namespace.counters();
    assertThat(namespace.counters()).isEqualTo(counters);
    // What the dead one left of cgroups, the next one removes.
    try (PidNamespace next = new PidNamespace()) {
      assertThat(next.cgroups()).isNotEqualTo(namespace.cgroups());
      assertThat(!namespace.hasCgroups() || !Files.exists(namespace.cgroups())).isTrue();
    }
  }

  @Test
  void stillnessIsSeenFromOutsideAndSoIsAnyMove() {
    try (PidNamespace namespace = new PidNamespace()) {
      int one = namespace.animal("-", "crowd", "1", "1000");
      namespace.awaitSlots(1);
      namespace.kill(one, SIGSTOP);
      namespace.await("it is stopped", () -> namespace.stopped().size() == 1);
      namespace.assertStill(Duration.ofMillis(100));
      int other = namespace.animal("-", "crowd", "1", "1000");
      namespace.awaitLine(0, "ready");
      assertThatThrownBy(() -> namespace.assertStill(Duration.ofSeconds(10)))
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("moves that should stand still");
      namespace.kill(other, SIGKILL);
      assertThat(namespace.awaitEnd(other)).isEqualTo("killed 9");
    }
  }

  @Test
  void aZooLivesAndItsStoppedOnesDoNot() {
    try (Zoo zoo = Zoo.of(300)) {
      zoo.assertAsBefore();
      assertThat(zoo.namespace().tasks()).hasSizeGreaterThan(300);
      assertThat(zoo.namespace().stopped()).hasSize(5);
      assertThat(zoo.notices()).isZero();
    }
  }
}
