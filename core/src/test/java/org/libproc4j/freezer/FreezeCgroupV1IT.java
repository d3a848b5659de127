package org.libproc4j.freezer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.libproc4j.testing.Signals.SIGCONT;
import static org.libproc4j.testing.Signals.SIGKILL;
import static org.libproc4j.testing.Signals.SIGSTOP;
import static org.libproc4j.testing.Signals.SIGUSR1;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.libproc4j.testing.PidNamespace;
import org.libproc4j.testing.PidNamespace.Kind;

/** Whom version 2 of the control groups cannot freeze, the freezer of version 1 can. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class FreezeCgroupV1IT {
  private static final Duration STILL = Duration.ofMillis(100);
  private static final String BACKEND = "backend=CGROUP";
  private static final int KILLS = Integer.getInteger("libproc4j.test.freezer.kills", 3);
  private static final long SEED = Long.getLong("libproc4j.test.seed", System.nanoTime());
  private static final int LATEST_NANOS = 30_000_000;

  @TempDir Path directory;

  private PidNamespace namespace;

  @BeforeEach
  void make() {
    namespace = new PidNamespace();
    Assumptions.assumeTrue(namespace.hasFreezers(), "no freezer of cgroup v1 to be divided here");
  }

  @AfterEach
  void end() {
    namespace.close();
  }

  /** One process, with one slot, in a group. */
  private int member(String cgroup) {
    int slots = namespace.slots();
    int pid = namespace.animal(cgroup, "crowd", "1", "1000");
    namespace.awaitSlots(slots + 1);
    return pid;
  }

  private int hostPid(String freezer) {
    return PidNamespace.members(namespace.freezers().resolve(freezer)).getFirst();
  }

  private char state(int pid) {
    return namespace.tasks().stream()
        .filter(task -> task.tid() == pid)
        .map(PidNamespace.Task::state)
        .findFirst()
        .orElseThrow();
  }

  // ---- which groups

  @Test
  void itsLargestGroupsAreFrozenAndNoneOnTheWayToOurs() {
    member(namespace.freezer("a"));
    member(namespace.freezer("a/b"));
    member(namespace.freezer("freezer/sibling"));
    namespace.freezer("empty");
    FreezingJvm freezer = new FreezingJvm(namespace);
    for (int time = 0; time < 2; time++) {
      assertThat(freezer.freeze(BACKEND).text()).contains("held=CGROUP:3").contains("threads=3");
      assertThat(namespace.frozenCgroups()).containsExactlyInAnyOrder("v1:a", "v1:freezer/sibling");
      assertThat(namespace.stopped()).isEmpty();
      namespace.assertStill(STILL);
      freezer.thaw();
      assertThat(namespace.frozenCgroups()).isEmpty();
      namespace.awaitAllMove();
    }
  }

  @Test
  void nobodyIsFrozenByBothVersions() {
    Assumptions.assumeTrue(namespace.hasCgroups(), "no cgroup v2 that may be divided here");
    member(namespace.cgroup("both"));
    member(namespace.cgroup("mixed"));
    namespace.freezer("only");
    int mixed = member(namespace.freezer("only"));
    PidNamespace.move(hostPid("only"), namespace.freezers().resolve("mixed"));
    int only = member("only");
    FreezingJvm freezer = new FreezingJvm(namespace);
    assertThat(freezer.freeze(BACKEND).text()).contains("held=CGROUP:3,TRACE:1");
    assertThat(namespace.frozenCgroups()).containsExactlyInAnyOrder("both", "mixed", "v1:only");
    assertThat(state(mixed)).isEqualTo('t');
    assertThat(state(only)).isEqualTo('D');
    namespace.assertStill(STILL);
    freezer.thaw();
    namespace.awaitAllMove();
    assertThat(namespace.frozenCgroups()).isEmpty();
  }

  @Test
  void withoutVersion2AllGroupsAreItsOwn() {
    member(namespace.cgroup("zoo"));
    String mount = "$(awk '$0 ~ / - cgroup2 / {print $5}' /proc/self/mountinfo | tail -n 1)";
    FreezingJvm freezer =
        new FreezingJvm(
            namespace,
            "set -- unshare --mount sh -c 'for m in "
                + mount.replace("'", "'\\''")
                + "; do umount -l \"$m\"; done; exec \"$@\"' sh \"$@\"");
    assertThat(freezer.freeze(BACKEND).text()).contains("held=CGROUP:1");
    assertThat(namespace.frozenCgroups()).containsExactly("v1:zoo");
    namespace.assertStill(STILL);
    freezer.thaw();
    namespace.awaitAllMove();
    assertThat(namespace.frozenCgroups()).isEmpty();
  }

  /** Version 1 does not show that such a process is there: what shows nobody is left alone. */
  @Test
  void aGroupThatMayHideAProcessOfAnOuterNamespaceIsNotFrozen() throws IOException {
    member(namespace.freezer("all"));
    member(namespace.freezer("all/ours"));
    namespace.freezer("all/theirs");
    Process theirs = new ProcessBuilder("sleep", "600").start();
    try {
      PidNamespace.move((int) theirs.pid(), namespace.freezers().resolve("all/theirs"));
      FreezingJvm freezer = new FreezingJvm(namespace);
      assertThat(freezer.freeze(BACKEND).text()).contains("held=CGROUP:1,TRACE:1");
      assertThat(namespace.frozenCgroups()).containsExactly("v1:all/ours");
      namespace.assertStill(STILL);
      freezer.thaw();
      namespace.awaitAllMove();
    } finally {
      theirs.destroyForcibly();
    }
  }

  @Test
  void aProcessWhoseThreadsAreInSeveralGroupsIsHeldByAnotherMeans() {
    namespace.freezer("one");
    namespace.freezer("other");
    int slots = 4;
    namespace.animal("one", "crowd", "1", "1000", "" + slots);
    namespace.awaitSlots(slots);
    String leader = "" + hostPid("one");
    Path tasks = namespace.freezers().resolve("one/tasks");
    PidNamespace.moveThread(
        PidNamespace.lines(tasks).stream().filter(t -> !t.equals(leader)).findFirst().orElseThrow(),
        namespace.freezers().resolve("other"));
    FreezingJvm freezer = new FreezingJvm(namespace);
    assertThat(freezer.freeze(BACKEND).text()).contains("held=TRACE:1").contains("threads=4");
    assertThat(namespace.frozenCgroups()).isEmpty();
    namespace.assertStill(STILL);
    freezer.thaw();
    namespace.awaitAllMove();
  }

  // ---- what somebody else has frozen

  @Test
  void aFreezeOfSomebodyElseIsFoundAsItWasWhereverItIs() {
    member(namespace.freezer("nested"));
    member(namespace.freezer("nested/theirs"));
    member(namespace.freezer("outside"));
    namespace.awaitFreezerFrozen("nested/theirs");
    namespace.awaitFreezerFrozen("outside");
    FreezingJvm freezer = new FreezingJvm(namespace);
    for (int time = 0; time < 2; time++) {
      assertThat(freezer.freeze(BACKEND).text()).contains("held=CGROUP:3");
      assertThat(namespace.frozenCgroups())
          .containsExactlyInAnyOrder("v1:nested", "v1:nested/theirs", "v1:outside");
      namespace.assertStill(STILL);
      freezer.thaw();
      assertThat(namespace.frozenCgroups())
          .containsExactlyInAnyOrder("v1:nested/theirs", "v1:outside");
      namespace.awaitMove(0);
    }
    namespace.setFreezer("nested/theirs", false);
    namespace.setFreezer("outside", false);
    namespace.awaitAllMove();
  }

  /** In a group of version 2 as well; the jobs in there show D, and are stopped all the same. */
  @Test
  void withEachBackendItStaysFrozenAndItsStoppedJobsStayStopped() {
    int runs = member(namespace.cgroup("zoo"));
    int stopped = member("zoo");
    member(namespace.cgroup("beside"));
    namespace.kill(stopped, SIGSTOP);
    namespace.await("it is stopped", () -> state(stopped) == 'T');
    namespace.awaitFreezerFrozen("zoo");
    FreezingJvm freezer = new FreezingJvm(namespace);
    for (Backend backend : Backends.all(namespace)) {
      freezer.freeze("backend=" + backend);
      namespace.assertStill(STILL);
      freezer.thaw();
      namespace.awaitMove(2);
      assertThat(namespace.frozenCgroups()).as("%s", backend).containsExactly("v1:zoo");
      assertThat(state(runs)).as("%s", backend).isEqualTo('D');
    }
    namespace.setFreezer("zoo", false);
    namespace.awaitMove(0, 2);
    namespace.await("it is stopped still", () -> state(stopped) == 'T');
    assertThat(namespace.stopped()).hasSize(1);
    namespace.kill(stopped, SIGCONT);
    namespace.awaitAllMove();
  }

  // ---- what resists

  @Test
  void whatIsBornWhileAGroupFreezesIsFrozenWithIt() {
    String zoo = namespace.freezer("zoo");
    for (String births : List.of("forks", "fork-chain", "threads", "thread-chain", "vforks")) {
      namespace.animal(zoo, "births", births, "2");
    }
    namespace.awaitAllMove();
    FreezingJvm freezer = new FreezingJvm(namespace);
    for (int time = 0; time < 5; time++) {
      assertThat(freezer.freeze(BACKEND).text()).contains("failed=0");
      assertThat(namespace.frozenCgroups()).containsExactly("v1:zoo");
      namespace.assertStill(STILL);
      assertThat(freezer.ask("newcomers").text()).isEmpty();
      freezer.thaw();
      namespace.awaitAllMove();
    }
    assertThat(namespace.frozenCgroups()).isEmpty();
  }

  /** The kernel freezes such a sleeper only if it is asked once more: docs/linux-notes.md. */
  @Test
  void aVforkParentStandsStillWithItsChild() {
    namespace.animal(namespace.freezer("zoo"), "blocked", "vfork");
    FreezingJvm freezer = new FreezingJvm(namespace);
    assertThat(freezer.freeze(BACKEND).text()).contains("held=CGROUP:2");
    freezer.thaw();
    assertThat(namespace.frozenCgroups()).isEmpty();
  }

  @Test
  void uninterruptibleSleepIsRolledBackOrReported() {
    member(namespace.freezer("zoo"));
    int mark = namespace.mark();
    namespace.animal("zoo", "blocked", "fuse");
    Matcher pids = namespace.awaitLine(mark, "blocked (\\d+) by (\\d+)");
    FreezingJvm freezer = new FreezingJvm(namespace);
    FreezingJvm.Answer failed = freezer.ask("freeze perProcess=1500 " + BACKEND);
    assertThat(failed.verb()).as("%s", failed).isEqualTo("failed");
    assertThat(holdouts(freezer)).containsExactly(pids.group(1));
    assertThat(namespace.frozenCgroups()).isEmpty();
    namespace.awaitMove(0);

    FreezingJvm.Answer partial = freezer.ask("freeze partial perProcess=1500 " + BACKEND);
    assertThat(partial.verb()).as("%s", partial).isEqualTo("frozen");
    assertThat(holdouts(freezer)).containsExactly(pids.group(1));
    namespace.assertStill(STILL);
    freezer.thaw();
    namespace.awaitMove(0);
    long before = namespace.sum(Kind.BLOCKED);
    namespace.kill(Integer.parseInt(pids.group(2)), SIGUSR1);
    namespace.await("the blocked one has run", () -> namespace.sum(Kind.BLOCKED) > before);
  }

  private static List<String> holdouts(FreezingJvm freezer) {
    return freezer.said().stream()
        .filter(line -> line.startsWith("freezer: holdout "))
        .map(line -> line.split(" ", -1)[2])
        .toList();
  }

  @Test
  void aKilledProcessEndsAfterTheThaw() {
    int pid = member(namespace.freezer("zoo"));
    FreezingJvm freezer = new FreezingJvm(namespace);
    freezer.freeze(BACKEND);
    namespace.kill(pid, SIGKILL);
    namespace.assertStill(STILL);
    assertThat(namespace.ended(pid)).isEmpty();
    freezer.thaw();
    assertThat(namespace.awaitEnd(pid)).isEqualTo("killed 9");
  }

  // ---- who moves meanwhile

  @Test
  void whoIsMovedOutRunsAndIsANewcomerAndWhoIsMovedInStandsStill() {
    int out = member(namespace.freezer("zoo"));
    member(namespace.freezer("other"));
    FreezingJvm freezer = new FreezingJvm(namespace);
    assertThat(freezer.freeze(BACKEND).text()).contains("held=CGROUP:2");
    int host = hostPid("zoo");
    PidNamespace.move(host, namespace.freezers());
    namespace.awaitMove(0);
    assertThat(freezer.ask("newcomers").text()).isEqualTo("" + out);
    PidNamespace.move(host, namespace.freezers().resolve("other"));
    namespace.await("it is frozen again", () -> state(out) == 'D');
    namespace.assertStill(STILL);
    assertThat(freezer.ask("newcomers").text()).isEmpty();
    freezer.thaw();
    namespace.awaitAllMove();
    assertThat(namespace.frozenCgroups()).isEmpty();
  }

  // ---- what is left behind

  @Test
  void theGuardianThawsWhatAKilledFreezerHeld() {
    member(namespace.freezer("zoo"));
    member(namespace.freezer("theirs"));
    namespace.awaitFreezerFrozen("theirs");
    FreezingJvm freezer = new FreezingJvm(namespace);
    freezer.freeze(BACKEND);
    namespace.kill(freezer.pid(), SIGKILL);
    assertThat(namespace.awaitEnd(freezer.pid())).isEqualTo("killed 9");
    namespace.awaitMove(0);
    assertThat(namespace.frozenCgroups()).containsExactly("v1:theirs");
    namespace.awaitEmpty("freezer");
  }

  @Test
  void aFreezerThatIsKilledAtAnyMomentLeavesNothingFrozen() {
    namespace.animal(namespace.freezer("zoo"), "crowd", "20", "1000", "2");
    namespace.animal("zoo", "births", "forks", "2");
    namespace.awaitSlots(42);
    Random random = new Random(SEED);
    for (int kill = 0; kill < KILLS; kill++) {
      FreezingJvm freezer = new FreezingJvm(namespace);
      freezer.begin("loop 3000 perProcess=30000 " + BACKEND);
      freezer.awaitSaid("looping");
      LockSupport.parkNanos(random.nextInt(LATEST_NANOS));
      namespace.kill(freezer.pid(), SIGKILL);
      assertThat(namespace.awaitEnd(freezer.pid()))
          .as("seed %d, kill %d", SEED, kill)
          .isEqualTo("killed 9");
      namespace.awaitAllMove();
      namespace.awaitEmpty("freezer");
      assertThat(namespace.frozenCgroups()).as("seed %d, kill %d", SEED, kill).isEmpty();
    }
  }

  @Test
  void whatAKilledFreezerAndItsKilledGuardianLeftIsThawedIfItIsTheSameGroup() throws IOException {
    member(namespace.freezer("zoo"));
    member(namespace.freezer("theirs"));
    namespace.awaitFreezerFrozen("theirs");
    FreezingJvm freezer = new FreezingJvm(namespace);
    FreezingJvm other = new FreezingJvm(namespace);
    freezer.freeze("exclude=" + other.pid() + " journal=" + directory + " " + BACKEND);
    namespace.kill(freezer.guardian(), SIGKILL);
    namespace.kill(freezer.pid(), SIGKILL);
    assertThat(namespace.awaitEnd(freezer.pid())).isEqualTo("killed 9");
    namespace.assertStill(STILL);
    assertThat(namespace.frozenCgroups()).containsExactlyInAnyOrder("v1:theirs", "v1:zoo");

    Path journal = directory.resolve(String.valueOf(directory.toFile().list()[0]));
    String text = Files.readString(journal);
    assertThat(text).containsPattern("\ncgroup \\d+ /.*/zoo\n").doesNotContain("theirs");
    Files.writeString(journal, text.replaceAll("cgroup (\\d+) ", "cgroup 1$1 "));
    assertThat(other.ask("recover " + directory).text())
        .isEqualTo("thawed=0 groups=0 failed=0 held=0");
    assertThat(namespace.frozenCgroups()).containsExactlyInAnyOrder("v1:theirs", "v1:zoo");

    Files.writeString(journal, text);
    assertThat(other.ask("recover " + directory).text())
        .isEqualTo("thawed=0 groups=1 failed=0 held=0");
    assertThat(namespace.frozenCgroups()).containsExactly("v1:theirs");
    namespace.awaitMove(0);
    assertThat(directory).isEmptyDirectory();
  }
}
