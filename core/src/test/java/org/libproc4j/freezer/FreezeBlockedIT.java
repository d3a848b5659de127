package org.libproc4j.freezer;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.libproc4j.testing.Signals.SIGUSR1;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Predicate;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.libproc4j.testing.BlockerCall;
import org.libproc4j.testing.PidNamespace;
import org.libproc4j.testing.Target;

/** A process cannot tell that it was frozen, whatever call it is blocked in, with every backend. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class FreezeBlockedIT {
  private static final Duration HOUR = Duration.ofHours(1);

  @TempDir Path files;

  @Test
  void aCallGoesOnAfterAFreeze() {
    try (PidNamespace namespace = new PidNamespace()) {
      FreezingJvm freezer = new FreezingJvm(namespace);
      List<Blocked> all = start(namespace, BlockerCall.resumable(), HOUR);
      for (Backend backend : Backends.all(namespace)) {
        FreezingJvm.Answer frozen = freezer.freeze("backend=" + backend);
        assertThat(frozen.number("mended")).as("%s", backend).isEqualTo(interrupted(all).size());
        assertThat(frozen.number("noticed")).as("%s", backend).isZero();
        freezer.thaw();
        settle(all);
        assertSaid(all, backend + ", frozen and thawed", _ -> List.of());
        List<Blocked> completable = all.stream().filter(b -> b.call.completed() != null).toList();
        completable.forEach(blocked -> blocked.tell("complete"));
        await(completable, Blocked::hasCompleted, "completed");
        settle(completable);
        assertSaid(
            completable,
            backend + ", its event came",
            blocked -> List.of(requireNonNull(blocked.call.completed())));
      }
    }
  }

  @Test
  void aSignalThatIsHandledWhileFrozenEndsACallAsItAlwaysDoes() {
    try (PidNamespace namespace = new PidNamespace()) {
      FreezingJvm freezer = new FreezingJvm(namespace);
      List<Blocked> all = start(namespace, BlockerCall.resumable(), HOUR);
      all.forEach(blocked -> namespace.kill(blocked.pid, SIGUSR1));
      settle(all);
      Map<Blocked, List<String>> untouched = new HashMap<>();
      all.forEach(blocked -> untouched.put(blocked, blocked.said()));
      for (Backend backend : Backends.all(namespace)) {
        freezer.freeze("backend=" + backend);
        all.forEach(blocked -> namespace.kill(blocked.pid, SIGUSR1));
        freezer.thaw();
        settle(all);
        assertSaid(
            all,
            backend + ", SIGUSR1 while it was frozen",
            blocked -> requireNonNull(untouched.get(blocked)));
      }
    }
  }

  @Test
  void aCallWhoseTimePassesWhileItIsFrozenEndsAtOnce() {
    Duration limit = Duration.ofSeconds(2);
    try (PidNamespace namespace = new PidNamespace()) {
      FreezingJvm freezer = new FreezingJvm(namespace);
      List<BlockerCall> calls =
          BlockerCall.resumable().stream()
              .filter(call -> call.isInterrupted(true) && call.late() != null)
              .toList();
      List<Blocked> all = start(namespace, calls, limit);
      for (Backend backend : Backends.all(namespace)) {
        freezer.freeze("backend=" + backend);
        long frozen = System.nanoTime();
        namespace.await("the limit is over", () -> since(frozen).compareTo(limit) > 0);
        all.forEach(Blocked::said);
        freezer.thaw();
        long thawed = System.nanoTime();
        await(all, blocked -> !blocked.returns().isEmpty(), "at the end of its time");
        assertThat(since(thawed)).as("%s", backend).isLessThan(limit);
        SoftAssertions.assertSoftly(
            softly ->
                all.forEach(
                    blocked ->
                        softly
                            .assertThat(blocked.said())
                            .as("%s: %s, its time passed", blocked.call.name(), backend)
                            .startsWith(blocked.call.late())));
      }
    }
  }

  private static Duration since(long nanoTime) {
    return Duration.ofNanos(System.nanoTime() - nanoTime);
  }

  private List<Blocked> start(PidNamespace namespace, List<BlockerCall> calls, Duration limit) {
    String zoo = namespace.cgroup("zoo");
    List<Blocked> all = new ArrayList<>();
    calls.forEach(call -> all.add(new Blocked(namespace, zoo, call, limit, files)));
    await(all, blocked -> blocked.lines("ready").size() == 1, "ready");
    settle(all);
    return all;
  }

  private static List<Blocked> interrupted(List<Blocked> all) {
    return all.stream().filter(blocked -> blocked.call.isInterrupted(true)).toList();
  }

  /** Waits until each has taken its signals, is blocked, and has said all before. */
  private static void settle(List<Blocked> all) {
    await(all, Blocked::isBlocked, "blocked");
    all.forEach(Blocked::ping);
    await(all, Blocked::hasAnswered, "answering");
    await(all, Blocked::isBlocked, "blocked again");
  }

  private static void await(List<Blocked> all, Predicate<Blocked> condition, String what) {
    List<Blocked> left = new ArrayList<>(all);
    all.getFirst()
        .namespace
        .await(
            "all are " + what,
            () -> {
              left.removeIf(condition);
              return left.isEmpty();
            });
  }

  private static void assertSaid(
      List<Blocked> all, String when, Function<Blocked, List<String>> expected) {
    SoftAssertions.assertSoftly(
        softly ->
            all.forEach(
                blocked ->
                    softly
                        .assertThat(blocked.said())
                        .as("how the calls of %s ended: %s", blocked.call.name(), when)
                        .isEqualTo(expected.apply(blocked))));
  }

  /** A blocker in a namespace, which says what it has to say to a file of its own. */
  private static final class Blocked {
    final PidNamespace namespace;
    final BlockerCall call;
    final int pid;
    private final Path file;
    private int taken;
    private int pings;
    private int completions;

    Blocked(
        PidNamespace namespace, String cgroup, BlockerCall call, Duration limit, Path directory) {
      this.namespace = namespace;
      this.call = call;
      file = directory.resolve(call.name() + "-" + limit.toMillis());
      try {
        Files.deleteIfExists(file);
        Files.createFile(file);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      // Its slots are its own: those of the namespace are numbered through.
      String command = "unset LIBPROC4J_TARGET_SHARED_FD; exec \"$@\" >" + file;
      pid =
          namespace.start(
              cgroup,
              "sh",
              "-c",
              command,
              "sh",
              Target.directory().resolve("blocker").toString(),
              call.name(),
              Long.toString(limit.toMillis()));
    }

    List<String> lines(String start) {
      try {
        return Files.readAllLines(file).stream().filter(line -> line.startsWith(start)).toList();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /** Its calls' ends since {@link #said} was asked last. */
    List<String> returns() {
      List<String> all = lines("returned ");
      return all.subList(taken, all.size());
    }

    List<String> said() {
      List<String> said = returns();
      taken += said.size();
      return said;
    }

    void tell(String command) {
      if (command.equals("complete")) {
        completions++;
      }
      namespace.tell(pid, command);
    }

    boolean hasCompleted() {
      return lines("completed").size() == completions && !returns().isEmpty();
    }

    void ping() {
      pings++;
      tell("ping");
    }

    boolean hasAnswered() {
      return lines("pong").size() == pings;
    }

    boolean isBlocked() {
      return namespace.status(pid, "State").startsWith("S")
          && namespace.status(pid, "ShdPnd").matches("0+");
    }
  }
}
