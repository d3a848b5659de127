package org.libproc4j.freezer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.libproc4j.testing.Signals.SIGUSR1;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.libproc4j.testing.AtOnce;
import org.libproc4j.testing.PidNamespace;
import org.libproc4j.testing.PidNamespace.Kind;

/** One process that cannot stop: nothing is frozen, unless that is allowed; then it is named. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class FreezeHoldoutsIT {
  /** In a namespace of its own each: what takes the time is to wait for the limit. */
  @Test
  void uninterruptibleSleepIsRolledBackOrReportedAndNeverWaitedForIndefinitely() {
    AtOnce.forAll(
        List.of(Backend.TRACE, Backend.SIGNAL, Backend.CGROUP),
        backend -> {
          try (PidNamespace namespace = new PidNamespace()) {
            if (Backends.all(namespace).contains(backend)) {
              uninterruptibleSleepIsRolledBackOrReported(namespace, backend);
            }
          }
        });
  }

  private static void uninterruptibleSleepIsRolledBackOrReported(
      PidNamespace namespace, Backend backend) {
    Matcher pids = populate(namespace, "fuse");
    int blocked = Integer.parseInt(pids.group(1));
    int blocker = Integer.parseInt(pids.group(2));
    FreezingJvm freezer = new FreezingJvm(namespace);
    String options = "perProcess=1500 backend=" + backend;
    FreezingJvm.Answer failed = freezer.ask("freeze " + options);
    assertThat(failed.verb()).as("%s: %s", backend, failed).isEqualTo("failed");
    assertThat(holdouts(freezer)).as("%s", backend).contains(blocked);
    assertRuns(namespace, blocker);

    FreezingJvm.Answer late =
        freezer.ask("freeze perProcess=9000 deadline=1500 backend=" + backend);
    assertThat(late.text())
        .as("%s: nobody's own time was over, but that of all was", backend)
        .containsPattern(
            "by the deadline; pass 1 found \\d+ new, moving or gone, process \\d+ the" + " last");
    assertThat(namespace.stopped()).as("%s", backend).isEmpty();

    FreezingJvm.Answer partial = freezer.ask("freeze partial " + options);
    assertThat(partial.verb()).as("%s: %s", backend, partial).isEqualTo("frozen");
    assertThat(holdouts(freezer)).as("%s", backend).contains(blocked);
    namespace.assertStill(Duration.ofMillis(100));
    freezer.thaw();
    assertRuns(namespace, blocker);
  }

  @Test
  void aVforkParentStandsStillWithItsChild() {
    try (PidNamespace namespace = new PidNamespace()) {
      int blocker = Integer.parseInt(populate(namespace, "vfork").group(2));
      FreezingJvm freezer = new FreezingJvm(namespace);
      for (Backend backend : Backends.all(namespace)) {
        freezer.freeze("backend=" + backend);
        long before = namespace.sum(Kind.BLOCKED);
        namespace.kill(blocker, SIGUSR1);
        namespace.assertStill(Duration.ofMillis(100));
        assertThat(namespace.sum(Kind.BLOCKED)).as("%s", backend).isEqualTo(before);
        freezer.thaw();
        namespace.await("the parent has run", () -> namespace.sum(Kind.BLOCKED) > before);
        namespace.awaitAllMove();
        namespace.await("nobody is stopped", () -> namespace.stopped().isEmpty());
        blocker = blockerAfter(namespace, blocker);
      }
    }
  }

  /** Each sleep has a new one. */
  private static int blockerAfter(PidNamespace namespace, int last) {
    int[] next = {0};
    namespace.await(
        "another child blocks",
        () ->
            namespace.tasks().stream()
                .filter(task -> task.comm().equals("blocked") && task.pid() > last)
                .mapToInt(PidNamespace.Task::pid)
                .peek(pid -> next[0] = pid)
                .findAny()
                .isPresent());
    return next[0];
  }

  private static Matcher populate(PidNamespace namespace, String what) {
    String zoo = namespace.cgroup("zoo");
    namespace.animal(zoo, "crowd", "20", "20000", "2");
    int mark = namespace.mark();
    namespace.animal(zoo, "blocked", what);
    namespace.awaitSlots(41);
    return namespace.awaitLine(mark, "blocked (\\d+) by (\\d+)");
  }

  private static List<Integer> holdouts(FreezingJvm freezer) {
    return freezer.said().stream()
        .filter(line -> line.startsWith("freezer: holdout "))
        .map(line -> Integer.valueOf(line.split(" ", -1)[2]))
        .toList();
  }

  /** All run, the blocked one too as soon as it is allowed to, with no stop left for later. */
  private static void assertRuns(PidNamespace namespace, int blocker) {
    namespace.awaitAllMove();
    long before = namespace.sum(Kind.BLOCKED);
    namespace.kill(blocker, SIGUSR1);
    namespace.await("the blocked one has run", () -> namespace.sum(Kind.BLOCKED) > before);
    namespace.await("nobody is stopped", () -> namespace.stopped().isEmpty());
  }
}
