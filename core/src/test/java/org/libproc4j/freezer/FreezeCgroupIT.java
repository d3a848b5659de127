package org.libproc4j.freezer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.libproc4j.testing.Signals.SIGKILL;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.libproc4j.testing.PidNamespace;
import org.libproc4j.testing.Unprivileged;

/** Which control groups are frozen, which are not, and who holds those in these. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class FreezeCgroupIT {
  private static final Duration STILL = Duration.ofMillis(100);
  private static final String BACKEND = "backend=CGROUP";
  private static final int NOBODY = 65534;

  /** A part of a shell script: what starts then is root's, but may trace nobody else. */
  private static final String WITHOUT_TRACING =
      "set -- setpriv --bounding-set=-sys_ptrace --inh-caps=-sys_ptrace \"$@\"";

  @TempDir Path directory;

  private PidNamespace namespace;

  @BeforeEach
  void make() {
    namespace = new PidNamespace();
  }

  @AfterEach
  void end() {
    namespace.close();
  }

  private void requireCgroups() {
    Assumptions.assumeTrue(namespace.hasCgroups(), "no cgroup v2 that may be divided here");
  }

  /** One process, with one slot, in a group. */
  private int member(String cgroup) {
    int slots = namespace.slots();
    int pid = namespace.animal(namespace.cgroup(cgroup), "crowd", "1", "1000");
    namespace.awaitSlots(slots + 1);
    return pid;
  }

  @Test
  void theLargestGroupsAreFrozenAndNoneOnTheWayToOurs() {
    requireCgroups();
    member("a/b");
    member("a/c/d");
    member("freezer/sibling");
    namespace.cgroup("empty");
    FreezingJvm freezer = new FreezingJvm(namespace);
    assertThat(freezer.freeze(BACKEND).text()).contains("backend=CGROUP").contains("held=CGROUP:3");
    assertThat(namespace.frozenCgroups()).containsExactlyInAnyOrder("a", "freezer/sibling");
    namespace.assertStill(STILL);
    assertThat(freezer.skipped()).contains("freezer: skip " + freezer.pid() + " this JVM");
    freezer.thaw();
    assertThat(namespace.frozenCgroups()).isEmpty();
    namespace.awaitAllMove();
  }

  @Test
  void whomNoGroupReachesAnotherMeansHolds() {
    requireCgroups();
    member("zoo");
    int outside = namespace.animal("-", "crowd", "1", "1000");
    int beside = namespace.animal(namespace.cgroup("freezer"), "crowd", "1", "1000");
    namespace.awaitSlots(3);
    FreezingJvm freezer = new FreezingJvm(namespace);
    assertThat(freezer.freeze(BACKEND).text()).contains("held=CGROUP:1,TRACE:2");
    namespace.assertStill(STILL);
    assertThat(namespace.stopped()).extracting(PidNamespace.Task::pid).contains(outside, beside);
    freezer.thaw();
    namespace.awaitAllMove();
    assertThat(namespace.stopped()).isEmpty();

    FreezingJvm powerless = new FreezingJvm(namespace, WITHOUT_TRACING);
    namespace.endInput(freezer.pid());
    namespace.awaitEnd(freezer.pid());
    assertThat(powerless.freeze(BACKEND).text()).contains("held=CGROUP:1,SIGNAL:2");
    namespace.assertStill(STILL);
    powerless.thaw();
    namespace.awaitAllMove();
    assertThat(namespace.stopped()).isEmpty();
  }

  @Test
  void aGroupOfAnExcludedProcessIsNotFrozenButItsSiblingsAre() {
    requireCgroups();
    int excluded = member("all/mixed");
    int with = namespace.animal("all/mixed", "crowd", "1", "1000");
    member("all/mixed/below");
    member("all/other");
    namespace.awaitSlots(4);
    FreezingJvm freezer = new FreezingJvm(namespace);
    freezer.freeze("exclude=" + excluded + " " + BACKEND);
    assertThat(namespace.frozenCgroups()).containsExactlyInAnyOrder("all/mixed/below", "all/other");
    long[] frozen = namespace.counters();
    namespace.awaitMove(0);
    assertThat(namespace.counters()).endsWith(frozen[1], frozen[2], frozen[3]);
    assertThat(namespace.stopped()).extracting(PidNamespace.Task::pid).containsOnly(with);
    freezer.thaw();
    namespace.awaitAllMove();
    assertThat(namespace.frozenCgroups()).isEmpty();
  }

  @Test
  void aFreezeOfSomebodyElseIsFoundAsItWasWhereverItIs() {
    requireCgroups();
    member("nested/theirs");
    member("nested/ours");
    member("outside");
    namespace.setFreeze("nested/theirs", true);
    namespace.setFreeze("outside", true);
    namespace.awaitFrozen("nested/theirs");
    namespace.awaitFrozen("outside");
    FreezingJvm freezer = new FreezingJvm(namespace);
    for (int time = 0; time < 2; time++) {
      assertThat(freezer.freeze(BACKEND).text()).contains("held=CGROUP:3");
      assertThat(namespace.frozenCgroups())
          .containsExactlyInAnyOrder("nested", "nested/theirs", "outside");
      namespace.assertStill(STILL);
      freezer.thaw();
      assertThat(namespace.frozenCgroups()).containsExactlyInAnyOrder("nested/theirs", "outside");
      namespace.awaitMove(1);
    }
    namespace.setFreeze("nested/theirs", false);
    namespace.setFreeze("outside", false);
    namespace.awaitAllMove();
  }

  @Test
  void aThreadedGroupIsFrozenWithTheDomainThatListsItsProcesses() throws IOException {
    requireCgroups();
    int slots = 4;
    int pid = namespace.animal(namespace.cgroup("domain"), "crowd", "1", "1000", "" + slots);
    namespace.awaitSlots(slots);
    namespace.cgroup("domain/threads");
    Path threads = namespace.cgroups().resolve("domain/threads");
    Files.writeString(threads.resolve("cgroup.type"), "threaded");
    int tid = hostTid(pid);
    Files.writeString(threads.resolve("cgroup.threads"), "" + tid);
    FreezingJvm freezer = new FreezingJvm(namespace);
    assertThat(freezer.freeze(BACKEND).text()).contains("held=CGROUP:1").contains("threads=4");
    assertThat(namespace.frozenCgroups()).containsExactly("domain");
    namespace.assertStill(STILL);
    freezer.thaw();
    namespace.awaitAllMove();
  }

  /** A thread that is not the leader, as the outside numbers it. */
  private int hostTid(int pid) throws IOException {
    List<String> procs = Files.readAllLines(namespace.cgroups().resolve("domain/cgroup.threads"));
    String leader =
        Files.readAllLines(namespace.cgroups().resolve("domain/cgroup.procs")).getFirst();
    assertThat(namespace.status(pid, "Threads")).isEqualTo("" + procs.size());
    return procs.stream()
        .filter(t -> !t.equals(leader))
        .mapToInt(Integer::parseInt)
        .findFirst()
        .orElseThrow();
  }

  // ---- who is there, or not

  /** Of it, the group says but 0. */
  @Test
  void aGroupWithAProcessOfAnOuterNamespaceIsNotFrozenButTheOneBesideIs() throws IOException {
    requireCgroups();
    member("all/mixed");
    member("all/other");
    Process outer = new ProcessBuilder("sleep", "600").start();
    try {
      PidNamespace.move((int) outer.pid(), namespace.cgroups().resolve("all/mixed"));
      FreezingJvm freezer = new FreezingJvm(namespace);
      // In the group of version 1, if there is one, it is alone.
      assertThat(freezer.freeze(BACKEND).text()).matches(".*held=CGROUP:(2|1,TRACE:1) .*");
      assertThat(namespace.frozenCgroups()).contains("all/other");
      assertThat(namespace.frozenCgroups()).doesNotContain("all", "all/mixed");
      namespace.assertStill(STILL);
      assertThat(freezer.ask("newcomers").text()).isEmpty();
      freezer.thaw();
      namespace.awaitAllMove();
    } finally {
      outer.destroyForcibly();
    }
  }

  @Test
  void whoIsMovedOutRunsAndIsANewcomerAndWhoIsMovedInStandsStill() {
    requireCgroups();
    int out = member("zoo");
    member("other");
    FreezingJvm freezer = new FreezingJvm(namespace);
    assertThat(freezer.freeze(BACKEND).text()).contains("held=CGROUP:2");
    int host = PidNamespace.members(namespace.cgroups().resolve("zoo")).getFirst();
    PidNamespace.move(host, namespace.cgroups());
    namespace.awaitMove(0);
    assertThat(freezer.ask("newcomers").text()).isEqualTo("" + out);
    PidNamespace.move(host, namespace.cgroups().resolve("other"));
    namespace.awaitFrozen("other");
    namespace.assertStill(STILL);
    assertThat(freezer.ask("newcomers").text()).isEmpty();
    freezer.thaw();
    namespace.awaitAllMove();
    assertThat(namespace.frozenCgroups()).isEmpty();
  }

  /** As a service manager lets a user have a part of its groups: root without its capabilities. */
  @Test
  void whoMayNotWriteAGroupFreezesWhatIsBelowIt() throws IOException {
    requireCgroups();
    Assumptions.assumeTrue(Unprivileged.isRoot(), "only root can give files away");
    member("theirs");
    member("theirs/delegated");
    giveAway(namespace.cgroups().resolve("theirs/cgroup.freeze"));
    if (namespace.hasFreezers()) {
      giveAway(namespace.freezers().resolve("theirs/freezer.state"));
    }
    FreezingJvm freezer =
        new FreezingJvm(namespace, "set -- setpriv --bounding-set=-all --inh-caps=-all \"$@\"");
    assertThat(freezer.freeze(BACKEND).text()).contains("held=CGROUP:1,SIGNAL:1");
    assertThat(namespace.frozenCgroups()).containsExactly("theirs/delegated");
    namespace.assertStill(STILL);
    freezer.thaw();
    namespace.awaitAllMove();
    assertThat(namespace.frozenCgroups()).isEmpty();
  }

  private static void giveAway(Path file) throws IOException {
    Files.setAttribute(file, "unix:uid", NOBODY);
  }

  /** A part of a shell script: what starts then sees each mount of control groups changed. */
  private static String withMounts(String change) {
    String mounts = "$(awk '$0 ~ / - cgroup2? / {print $5}' /proc/self/mountinfo | tac)";
    String script = "for m in " + mounts + "; do " + change + " \"$m\" || exit; done";
    return "set -- unshare --mount sh -c '"
        + script.replace("'", "'\\''")
        + "; exec \"$@\"' sh \"$@\"";
  }

  @Test
  void whereGroupsCannotBeWrittenNothingIsFrozen() {
    requireCgroups();
    member("zoo");
    FreezingJvm readOnly = new FreezingJvm(namespace, withMounts("mount -o remount,bind,ro"));
    FreezingJvm.Answer refused = readOnly.ask("freeze " + BACKEND);
    assertThat(refused.verb()).as("%s", refused).isEqualTo("failed");
    assertThat(refused.text()).contains("are mounted read-only");
    FreezingJvm without = new FreezingJvm(namespace, withMounts("umount -l"));
    refused = without.ask("freeze " + BACKEND);
    assertThat(refused.verb()).as("%s", refused).isEqualTo("failed");
    assertThat(refused.text()).contains("no control groups that can be frozen are mounted here");
    namespace.awaitAllMove();
    assertThat(namespace.frozenCgroups()).isEmpty();
    assertThat(namespace.stopped()).isEmpty();
  }

  // ---- what is left behind

  @Test
  void whatAKilledFreezerAndItsKilledGuardianLeftIsThawedIfItIsTheSameGroup() throws IOException {
    requireCgroups();
    member("zoo");
    member("users");
    namespace.setFreeze("users", true);
    namespace.awaitFrozen("users");
    FreezingJvm freezer = new FreezingJvm(namespace);
    FreezingJvm other = new FreezingJvm(namespace);
    freezer.freeze("exclude=" + other.pid() + " journal=" + directory + " " + BACKEND);
    assertThat(other.ask("recover " + directory).text())
        .isEqualTo("thawed=0 groups=0 failed=0 held=1");
    namespace.kill(freezer.guardian(), SIGKILL);
    namespace.kill(freezer.pid(), SIGKILL);
    assertThat(namespace.awaitEnd(freezer.pid())).isEqualTo("killed 9");
    namespace.assertStill(STILL);
    assertThat(namespace.frozenCgroups()).containsExactlyInAnyOrder("users", "zoo");

    Path journal = files().getFirst();
    String text = Files.readString(journal);
    assertThat(text).containsPattern("\ncgroup \\d+ /.*/zoo\n").doesNotContain("users");
    Files.writeString(journal, text.replaceAll("cgroup (\\d+) ", "cgroup 1$1 "));
    assertThat(other.ask("recover " + directory).text())
        .isEqualTo("thawed=0 groups=0 failed=0 held=0");
    assertThat(namespace.frozenCgroups()).containsExactlyInAnyOrder("users", "zoo");

    Files.writeString(journal, text.replaceAll("cgroup (\\d+) /", "cgroup $1 /elsewhere/"));
    assertThat(other.ask("recover " + directory).text())
        .isEqualTo("thawed=0 groups=0 failed=1 held=0");
    assertThat(files()).containsExactly(journal);

    Files.writeString(journal, text);
    assertThat(other.ask("recover " + directory).text())
        .isEqualTo("thawed=0 groups=1 failed=0 held=0");
    assertThat(namespace.frozenCgroups()).containsExactly("users");
    namespace.awaitMove(0);
    assertThat(files()).isEmpty();
    namespace.setFreeze("users", false);
    namespace.awaitAllMove();
  }

  @Test
  void aJournalThatSaysSomethingElseIsRefused() throws IOException {
    FreezingJvm freezer = new FreezingJvm(namespace);
    freezer.freeze("backend=SIGNAL journal=" + directory);
    String era = Files.readString(files().getFirst()).lines().findFirst().orElseThrow();
    freezer.thaw();
    String deadOwner = era.replaceAll("\\d+ \\d+$", "32000 1");
    for (String line :
        List.of("cgroup 1 relative", "cgroup x /a", "1", "1 2 3", "group 1 /a", "")) {
      Files.writeString(directory.resolve("freeze-32000-1"), deadOwner + "\n" + line + "\n");
      FreezingJvm.Answer answer = freezer.ask("recover " + directory);
      assertThat(answer.verb()).as(line).isEqualTo("failed");
      assertThat(answer.text()).as(line).contains("is no journal of a freeze");
    }
  }

  private List<Path> files() throws IOException {
    try (var files = Files.list(directory)) {
      return files.toList();
    }
  }
}
