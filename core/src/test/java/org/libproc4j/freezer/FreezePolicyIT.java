package org.libproc4j.freezer;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.libproc4j.testing.PidNamespace;

/** Who is frozen and who is not. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class FreezePolicyIT {
  private static final Duration STILL = Duration.ofMillis(50);

  /** A part of a shell script: what starts then is root's, but may trace nobody else. */
  private static final String WITHOUT_TRACING =
      "set -- setpriv --bounding-set=-sys_ptrace --inh-caps=-sys_ptrace \"$@\"";

  @Test
  void theExcludedRunAndWhatTheyStartIsListed() {
    try (PidNamespace namespace = new PidNamespace()) {
      int byPid = namespace.animal("-", "crowd", "1", "1000");
      int byName = namespace.animal("-", "crowd", "1", "1000", "1", "a Txy");
      namespace.animal("-", "crowd", "1", "1000", "1", "x S 1 y");
      namespace.awaitSlots(3);
      FreezingJvm freezer = new FreezingJvm(namespace);
      for (Backend backend : Backends.all(namespace)) {
        freezer.freeze("exclude=" + byPid + " excludeNamed=a_Txy backend=" + backend);
        namespace.awaitMove(0, 1);
        long frozen = namespace.counters()[2];
        int late = namespace.animal("-", "crowd", "1", "1000");
        assertThat(freezer.ask("newcomers").text()).as("%s", backend).isEqualTo("" + late);
        freezer.ask("skipped");
        assertThat(freezer.said())
            .contains(
                "freezer: skip 1 pid 1",
                "freezer: skip " + freezer.pid() + " this JVM",
                "freezer: skip " + byPid + " excluded",
                "freezer: skip " + byName + " excluded");
        assertThat(namespace.counters()[2]).isEqualTo(frozen);
        freezer.thaw();
        namespace.kill(late, 9);
        namespace.awaitEnd(late);
        namespace.awaitMove(0, 1, 2);
      }
    }
  }

  @Test
  void childrenOfTheJvmAreStoppedOnlyByAllowedSignals() {
    try (PidNamespace namespace = new PidNamespace()) {
      namespace.animal("-", "crowd", "3", "1000");
      namespace.awaitSlots(3);
      FreezingJvm freezer = new FreezingJvm(namespace);
      String child = freezer.ask("child sleep 1000").text();
      FreezingJvm.Answer refused = freezer.ask("freeze backend=TRACE");
      assertThat(refused.verb()).isEqualTo("failed");
      assertThat(refused.text())
          .contains("process " + child + " (sleep): it is a child of this JVM");
      namespace.awaitAllMove();
      assertThat(freezer.freeze("signalChildren backend=TRACE").text())
          .contains("held=SIGNAL:1,TRACE:3");
      namespace.assertStill(STILL);
      assertThat(namespace.status(Integer.parseInt(child), "State")).startsWith("T");
      freezer.thaw();
      namespace.awaitAllMove();
      namespace.await("nobody is stopped", () -> namespace.stopped().isEmpty());
    }
  }

  @Test
  void whoMayNotBeFrozenIsNamedAndNothingIs() {
    try (PidNamespace namespace = new PidNamespace()) {
      namespace.animal("-", "crowd", "3", "1000");
      namespace.awaitSlots(3);
      int other = namespace.start("-", "setpriv", "--reuid=65534", "sleep", "1000");
      namespace.await("it sleeps", () -> namespace.status(other, "Name").equals("sleep"));
      FreezingJvm freezer =
          new FreezingJvm(namespace, "set -- setpriv --bounding-set=-kill \"$@\"");
      FreezingJvm.Answer refused = freezer.ask("freeze backend=SIGNAL");
      assertThat(refused.verb()).isEqualTo("failed");
      assertThat(refused.text())
          .contains("process " + other + " (sleep): no permission to signal it")
          .contains(": it runs as user 65534; state S");
      namespace.awaitAllMove();
      assertThat(namespace.stopped()).isEmpty();
      assertThat(freezer.ask("freeze partial backend=SIGNAL").text())
          .contains("processes=3 ")
          .contains("failed=1 ");
      namespace.assertStill(STILL);
      freezer.thaw();
      namespace.awaitAllMove();
    }
  }

  @Test
  void whoMayNotBeTracedIsNamedAndAutoTakesSignals() {
    try (PidNamespace namespace = new PidNamespace()) {
      namespace.animal("-", "crowd", "3", "1000");
      namespace.awaitSlots(3);
      int other = namespace.start("-", "setpriv", "--reuid=65534", "sleep", "1000");
      namespace.await("it sleeps", () -> namespace.status(other, "Name").equals("sleep"));
      FreezingJvm freezer = new FreezingJvm(namespace, WITHOUT_TRACING);
      FreezingJvm.Answer refused = freezer.ask("freeze backend=TRACE");
      assertThat(refused.verb()).isEqualTo("failed");
      assertThat(refused.text())
          .contains("process " + other + " (sleep): no permission to trace it")
          .contains(": it runs as user 65534; state S");
      namespace.awaitAllMove();
      assertThat(namespace.stopped()).isEmpty();
      assertThat(freezer.freeze("backend=AUTO").text())
          .contains("backend=SIGNAL")
          .contains("held=SIGNAL:4");
      namespace.assertStill(STILL);
      freezer.thaw();
      namespace.awaitAllMove();
    }
  }

  @Test
  void whereProcessesAreHiddenTheMachineIsNotFrozen() {
    try (PidNamespace namespace = new PidNamespace()) {
      namespace.animal("-", "crowd", "3", "1000");
      namespace.awaitSlots(3);
      FreezingJvm freezer = new FreezingJvm(namespace, WITHOUT_TRACING);
      run(namespace, "mount -o remount,hidepid=2 /proc");
      for (Backend backend : Backend.values()) {
        FreezingJvm.Answer refused = freezer.ask("freeze backend=" + backend);
        assertThat(refused.verb()).as("%s", backend).isEqualTo("failed");
        assertThat(refused.text()).contains("/proc is mounted with hidepid");
      }
      namespace.awaitAllMove();
      assertThat(namespace.stopped()).isEmpty();
    }
  }

  @Test
  void whereAFileIsUnreadableThatMustBeKnownItIsNamedAndNothingIsFrozen() {
    try (PidNamespace namespace = new PidNamespace()) {
      namespace.animal("-", "crowd", "3", "1000");
      namespace.awaitSlots(3);
      FreezingJvm freezer = new FreezingJvm(namespace);
      String mounts = "/proc/" + freezer.pid() + "/mountinfo";
      run(namespace, "mount --bind /proc/1/mem " + mounts); // which has nothing at its begin
      assertRefused(namespace, freezer, mounts, "Input/output error");
      run(namespace, "umount " + mounts);
      String yama = "/proc/sys/kernel/yama/ptrace_scope"; // of a kernel with Yama or without
      run(namespace, "mount -t tmpfs none /proc/sys/kernel && mkdir -p " + yama);
      assertRefused(namespace, freezer, yama, "Is a directory");
      run(namespace, "umount /proc/sys/kernel");
      freezer.freeze("backend=AUTO");
      freezer.thaw();
    }
  }

  private static void assertRefused(
      PidNamespace namespace, FreezingJvm freezer, String file, String why) {
    FreezingJvm.Answer refused = freezer.ask("freeze backend=AUTO");
    assertThat(refused.verb()).isEqualTo("failed");
    assertThat(refused.text())
        .startsWith("org.libproc4j.freezer.FreezeException: nothing is frozen")
        .contains(file, why, "allow it to read that file");
    namespace.awaitAllMove();
    assertThat(namespace.stopped()).isEmpty();
  }

  private static void run(PidNamespace namespace, String command) {
    assertThat(namespace.awaitEnd(namespace.start("-", "sh", "-c", command)))
        .as(command)
        .isEqualTo("exited 0");
  }

  @Test
  void whatAPredicateThrowsFailsTheFreeze() {
    try (PidNamespace namespace = new PidNamespace()) {
      namespace.animal("-", "crowd", "3", "1000");
      namespace.awaitSlots(3);
      FreezingJvm freezer = new FreezingJvm(namespace);
      for (Backend backend : Backends.all(namespace)) {
        assertThat(freezer.ask("freeze excludeThrows backend=" + backend).text())
            .isEqualTo("java.lang.IllegalArgumentException: thrown by the predicate");
        namespace.awaitAllMove();
        assertThat(namespace.stopped()).isEmpty();
        freezer.freeze("backend=" + backend);
        freezer.thaw();
      }
    }
  }

  @Test
  void theProcOfAnotherNamespaceIsRefused() {
    try (PidNamespace namespace = new PidNamespace()) {
      namespace.animal("-", "crowd", "3", "1000");
      FreezingJvm freezer = new FreezingJvm(namespace);
      namespace.start(
          "-", "unshare", "--pid", "--fork", "--mount-proc", "--kill-child", "sleep", "1000");
      int[] inner = {0};
      namespace.await(
          "the inner namespace is there",
          () -> {
            namespace.tasks().stream()
                .filter(task -> task.comm().equals("sleep"))
                .forEach(task -> inner[0] = task.pid());
            return inner[0] != 0;
          });
      FreezingJvm.Answer answer = freezer.ask("freeze proc=/proc/" + inner[0] + "/root/proc");
      assertThat(answer.verb()).isEqualTo("failed");
      assertThat(answer.text()).startsWith("java.lang.IllegalArgumentException: ");
      namespace.awaitAllMove();
    }
  }

  @Test
  void ourselvesAndPidOneMayBeExcludedOnceMore() {
    try (PidNamespace namespace = new PidNamespace()) {
      namespace.animal("-", "crowd", "3", "1000");
      FreezingJvm freezer = new FreezingJvm(namespace);
      assertThat(freezer.ask("freeze exclude=1 exclude=" + freezer.pid()).verb())
          .isEqualTo("frozen");
      namespace.assertStill(STILL);
      freezer.thaw();
      namespace.awaitAllMove();
    }
  }
}
