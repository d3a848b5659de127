package org.libproc4j.freezer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.libproc4j.testing.Signals.SIGKILL;
import static org.libproc4j.testing.Signals.SIGSEGV;
import static org.libproc4j.testing.Signals.SIGSTOP;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.libproc4j.internal.linux.Libc;
import org.libproc4j.testing.AtOnce;
import org.libproc4j.testing.PidNamespace;
import org.libproc4j.testing.Zoo;

/**
 * However a freezer ends or fails to go on, everything is thawed, and what was stopped before stays
 * so.
 *
 * <p>{@code -Dlibproc4j.test.freezer.kills=200} for as many random moments a backend as promised,
 * {@code -Dlibproc4j.test.seed} to replay.
 */
@Timeout(value = 1, unit = TimeUnit.HOURS)
class DeadMansSwitchIT {
  private static final int KILLS = Integer.getInteger("libproc4j.test.freezer.kills", 3);
  private static final long SEED = Long.getLong("libproc4j.test.seed", System.nanoTime());
  private static final int LATEST_NANOS = 30_000_000;
  private static final int ORDINARY = 0; // sched(7): SCHED_OTHER
  private static final Duration STOPPED_AFTER_KILL = Duration.ofMillis(100);
  // A JVM takes long to start among many that never rest.
  private static final int PROCESSES = Backends.LONG ? 60 : 20;

  @TempDir Path directory;

  @Test
  void aFreezerThatIsKilledAtAnyMomentLeavesNothingFrozen() {
    Random random = new Random(SEED);
    try (Zoo zoo = Zoo.of(PROCESSES)) {
      PidNamespace namespace = zoo.namespace();
      for (Backend backend : Backends.all(namespace)) {
        long slowest = 0;
        for (int kill = 0; kill < KILLS; kill++) {
          FreezingJvm freezer = new FreezingJvm(namespace);
          // It must have begun; any moment of freeze, hold or thaw is as good as another.
          freezer.begin("loop 3000 perProcess=30000 signalChildren backend=" + backend);
          freezer.awaitSaid("looping");
          LockSupport.parkNanos(random.nextInt(LATEST_NANOS));
          slowest = Math.max(slowest, nanosUntilAllRun(zoo, freezer));
          assertThat(namespace.awaitEnd(freezer.pid()))
              .as("seed %d, %s, kill %d", SEED, backend, kill)
              .isEqualTo("killed 9");
          zoo.assertAsBefore();
          namespace.awaitEmpty("freezer");
        }
        assertNobodyWasStoppedForLong(backend, Duration.ofNanos(slowest));
      }
    }
  }

  /** Kills it; with precedence over the zoo, or it would be our own turn that is measured. */
  private static long nanosUntilAllRun(Zoo zoo, FreezingJvm freezer) {
    String _ = Priority.raise(Libc.SYSTEM, 0);
    try {
      long killed = System.nanoTime();
      zoo.namespace().kill(freezer.pid(), SIGKILL);
      zoo.awaitNobodyLeftStopped();
      return System.nanoTime() - killed;
    } finally {
      Libc.SYSTEM.schedSetscheduler(0, ORDINARY, 0);
    }
  }

  /** Prints how long it was at worst, and holds it against the promise on a machine of its own. */
  private static void assertNobodyWasStoppedForLong(Backend backend, Duration slowest) {
    System.out.printf(
        "%s: %d freezers of %d processes killed; all ran after %.1f ms at most%n",
        backend, KILLS, PROCESSES, slowest.toNanos() / 1e6);
    if (Backends.LONG) {
      assertThat(slowest).as("stopped after a kill, %s", backend).isLessThan(STOPPED_AFTER_KILL);
    }
  }

  @Test
  void whatAFreezerLeavesThatIsKilledWithItsGuardianAtAnyMomentIsRecovered() {
    Random random = new Random(SEED);
    try (Zoo zoo = Zoo.of(10)) {
      PidNamespace namespace = zoo.namespace();
      FreezingJvm other = new FreezingJvm(namespace);
      for (Backend backend : Backends.all(namespace)) {
        for (int kill = 0; kill < KILLS; kill++) {
          FreezingJvm freezer = new FreezingJvm(namespace);
          String options = " journal=" + directory + " exclude=" + other.pid();
          freezer.begin("loop 3000 perProcess=30000" + options + " backend=" + backend);
          freezer.awaitSaid("looping");
          LockSupport.parkNanos(random.nextInt(LATEST_NANOS));
          killWithItsGuardian(namespace, freezer);
          assertThat(other.ask("recover " + directory).text())
              .as("seed %d, %s, kill %d", SEED, backend, kill)
              .contains(" failed=0 held=0");
          zoo.assertAsBefore();
        }
      }
    }
  }

  /** Stops the freezer first, which could otherwise notice that its guardian has gone. */
  private static void killWithItsGuardian(PidNamespace namespace, FreezingJvm freezer) {
    namespace.kill(freezer.pid(), SIGSTOP);
    namespace.await(
        "the freezer is stopped",
        () ->
            namespace.tasks().stream()
                .filter(task -> task.pid() == freezer.pid())
                .allMatch(PidNamespace.Task::isStopped));
    namespace.tasks().stream()
        .filter(task -> namespace.status(task.pid(), "PPid").equals("" + freezer.pid()))
        .mapToInt(PidNamespace.Task::pid)
        .distinct()
        .forEach(pid -> namespace.kill(pid, SIGKILL));
    namespace.kill(freezer.pid(), SIGKILL);
    assertThat(namespace.awaitEnd(freezer.pid())).isEqualTo("killed 9");
  }

  @Test
  void aFreezerThatCrashesThawsWithoutDumpingCore() {
    try (Zoo zoo = Zoo.of(10)) {
      PidNamespace namespace = zoo.namespace();
      for (Backend backend : Backends.all(namespace)) {
        FreezingJvm freezer =
            new FreezingJvm(namespace, "ulimit -c unlimited; cd '" + directory + "'");
        freezer.freeze("backend=" + backend);
        namespace.kill(freezer.pid(), SIGSEGV);
        assertThat(namespace.awaitEnd(freezer.pid())).isEqualTo("killed 6"); // SIGABRT, by the JVM
        zoo.assertAsBefore();
        namespace.awaitEmpty("freezer");
        assertThat(directory.toFile().list((_, name) -> name.startsWith("core"))).isEmpty();
      }
    }
  }

  @Test
  void aFreezerThatIsItselfStoppedIsKilledAtTheDeadline() {
    withEachBackendAtOnce(
        (zoo, backend) -> {
          PidNamespace namespace = zoo.namespace();
          FreezingJvm freezer = new FreezingJvm(namespace);
          freezer.freeze("deadline=3000 backend=" + backend);
          namespace.kill(freezer.pid(), SIGSTOP);
          assertThat(namespace.awaitEnd(freezer.pid())).isEqualTo("killed 9");
          zoo.assertAsBefore();
          namespace.awaitEmpty("freezer");
        });
  }

  @Test
  void aBodyThatHangsIsThawedAtTheDeadlineAndItsJvmLives() {
    withEachBackendAtOnce(
        (zoo, backend) -> {
          FreezingJvm freezer = new FreezingJvm(zoo.namespace());
          freezer.begin("body hangs deadline=3000 backend=" + backend);
          freezer.awaitSaid("body");
          zoo.assertAsBefore();
          assertThat(zoo.namespace().ended(freezer.pid())).isEmpty();
        });
  }

  /** In a zoo of its own each: what takes the time is to wait for the deadline. */
  private static void withEachBackendAtOnce(BiConsumer<Zoo, Backend> test) {
    AtOnce.forAll(
        List.of(Backend.TRACE, Backend.SIGNAL, Backend.CGROUP),
        backend -> {
          try (Zoo zoo = Zoo.of(10)) {
            if (Backends.all(zoo.namespace()).contains(backend)) {
              test.accept(zoo, backend);
            }
          }
        });
  }

  @Test
  void aBodyThatThrowsOrTakesTooLongIsThawedAndSaysSo() {
    try (Zoo zoo = Zoo.of(10)) {
      FreezingJvm freezer = new FreezingJvm(zoo.namespace());
      for (Backend backend : Backends.all(zoo.namespace())) {
        String options = " perProcess=30000 backend=" + backend;
        assertThat(freezer.ask("body returns" + options).verb()).isEqualTo("ran");
        zoo.assertAsBefore();
        assertThat(freezer.ask("body throws" + options).text())
            .isEqualTo("java.lang.IllegalArgumentException: thrown by the body");
        zoo.assertAsBefore();
        assertThat(freezer.ask("body naps deadline=400" + options).text())
            .matches(".*FreezeException: .*(thawed before the body had ended|deadline).*");
        zoo.assertAsBefore();
      }
    }
  }

  @Test
  void theEndOfItsJvmThaws() {
    try (Zoo zoo = Zoo.of(10)) {
      for (Backend backend : Backends.all(zoo.namespace())) {
        FreezingJvm freezer = new FreezingJvm(zoo.namespace());
        freezer.freeze("backend=" + backend);
        zoo.namespace().assertStill(Duration.ofMillis(50));
        zoo.namespace().endInput(freezer.pid());
        assertThat(zoo.namespace().awaitEnd(freezer.pid())).isEqualTo("exited 0");
        zoo.assertAsBefore();
        zoo.namespace().awaitEmpty("freezer");
      }
    }
  }
}
