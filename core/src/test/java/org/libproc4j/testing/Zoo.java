package org.libproc4j.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.libproc4j.testing.PidNamespace.Kind;
import org.libproc4j.testing.PidNamespace.Task;

/**
 * A PID namespace full of processes that do all that processes do: shells and pipelines, jobs, some
 * of them stopped, threads and processes that are born and end all the time, the dead, the traced,
 * the oddly named, containers, a JVM, and a crowd of ordinary ones. Where there are cgroups, they
 * live in some of their own.
 */
public final class Zoo implements AutoCloseable {
  private static final int CROWD_PERIOD_MICROS = 100_000;

  /** Whose tracer lets it go on at each stop, when its turn comes. */
  private static final String WATCHED = "watched";

  /** What may be left out of a zoo, since not every freezer can cope with it. */
  public enum Without {
    /** A process that another one traces, which nobody can seize. */
    TRACED,
    /** A JVM, which takes its time to start. */
    JVM
  }

  private final PidNamespace namespace;
  private final Set<Task> stoppedBefore;
  private final long stoppedCount;

  private Zoo(PidNamespace namespace) {
    this.namespace = namespace;
    stoppedBefore = Set.copyOf(namespace.stopped());
    stoppedCount = namespace.sum(Kind.STOPPED);
  }

  /**
   * Fills a new namespace with so many processes; with ten, only some of the kinds have a place.
   */
  public static Zoo of(int processes, Without... without) {
    PidNamespace namespace = new PidNamespace();
    try {
      populate(namespace, processes, Set.of(without));
      return new Zoo(namespace);
    } catch (RuntimeException | Error e) {
      try (namespace) {
        throw e;
      }
    }
  }

  private static void populate(PidNamespace namespace, int processes, Set<Without> without) {
    String zoo = namespace.cgroup("zoo");
    String inner = namespace.cgroup("zoo/inner");
    namespace.animal(zoo, "jobs"); // 5 processes
    namespace.animal(zoo, "orphan");
    namespace.animal(inner, "crowd", "1", "20000", "4");
    if (processes > 10) {
      if (!without.contains(Without.JVM)) {
        // Before those that never rest.
        namespace.jvm(inner, JvmAnimal.class);
      }
      namespace.animal(zoo, "crowd", "1", "20000", "1", "x S 1 y");
      namespace.animal(zoo, "crowd", "1", "20000", "1", "a Txy");
      namespace.animal(inner, "corpses", "3");
      namespace.animal(inner, "corpses", "headless");
      for (String births : List.of("forks", "fork-chain", "threads", "thread-chain", "vforks")) {
        namespace.animal(zoo, "births", births, "2");
      }
      namespace.animal(inner, "nested", "3");
      String tally = Target.directory().resolve("tally").toString();
      int mark = namespace.mark();
      namespace.start(zoo, "sh", "-c", "while :; do echo x; sleep 0.02; done | cat | " + tally);
      namespace.awaitLine(mark, "ready");
      if (!without.contains(Without.TRACED)) {
        namespace.animal(zoo, WATCHED);
      }
    }
    int missing = processes - pids(namespace).size();
    int slots = namespace.slots();
    if (missing > 0) {
      String crowd = namespace.cgroup("zoo/crowd");
      namespace.animal(crowd, "crowd", "" + missing, "" + CROWD_PERIOD_MICROS);
    }
    namespace.awaitSlots(slots + Math.max(0, missing));
  }

  private static Set<Integer> pids(PidNamespace namespace) {
    return namespace.tasks().stream().map(Task::pid).collect(Collectors.toSet());
  }

  /** Where it is. */
  public PidNamespace namespace() {
    return namespace;
  }

  /** The sum of what parents were told about their children. */
  public long notices() {
    return namespace.sum(Kind.NOTICES);
  }

  /**
   * Waits until everything moves again and nothing is left of a freeze: exactly those are stopped
   * that were so before any, none of which has run meanwhile, and no cgroup is frozen.
   */
  public void assertAsBefore() {
    namespace.awaitAllMove();
    namespace.await(
        "exactly those are stopped that were so before: " + stoppedBefore,
        () -> Set.copyOf(namespace.stopped()).equals(stoppedBefore));
    assertThat(namespace.frozenCgroups()).as("frozen cgroups").isEmpty();
    assertThat(namespace.sum(Kind.STOPPED)).as("what was stopped has run").isEqualTo(stoppedCount);
  }

  /**
   * Waits until each thread has been seen in no stop since then, but for those that were stopped
   * before any freeze, and the one that has another tracer.
   */
  public void awaitNobodyLeftStopped() {
    Set<Task> left = new HashSet<>(namespace.stopped());
    left.removeIf(task -> task.state() == 't' && task.comm().equals(WATCHED));
    namespace.await(
        "nobody is left stopped but " + stoppedBefore,
        () -> {
          left.retainAll(Set.copyOf(namespace.stopped()));
          return stoppedBefore.containsAll(left);
        });
  }

  @Override
  public void close() {
    namespace.close();
  }
}
