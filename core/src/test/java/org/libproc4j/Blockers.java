package org.libproc4j;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.assertj.core.api.ListAssert;
import org.assertj.core.api.SoftAssertions;
import org.libproc4j.testing.AtOnce;
import org.libproc4j.testing.Await;
import org.libproc4j.testing.BlockerCall;
import org.libproc4j.testing.Target;

/**
 * A {@link Blocker} for each call that goes on after a stop, or should. Those that a test has left
 * as it found them serve the next one.
 */
final class Blockers implements AutoCloseable {
  /** A time limit that no test outlasts. */
  static final Duration HOUR = Duration.ofHours(1);

  private record Kind(Duration limit, boolean restarts) {}

  private static final Map<Kind, Blockers> KEPT = new HashMap<>();

  final List<Blocker> all;
  private final Kind kind;
  private boolean keep;

  private Blockers(Kind kind) {
    this.kind = kind;
    List<Blocker> started = Collections.synchronizedList(new ArrayList<>());
    List<BlockerCall> calls = BlockerCall.resumable();
    all = started;
    try {
      AtOnce.forAll(calls, call -> started.add(new Blocker(call, kind.limit, kind.restarts)));
    } catch (AssertionError e) {
      end();
      throw e;
    }
  }

  /** With this time limit, where a call can have one; zero for none. */
  static Blockers withLimit(Duration limit) {
    return take(new Kind(limit, false));
  }

  /** With an hour's limit, and a handler of SIGUSR1 with SA_RESTART. */
  static Blockers thatRestart() {
    return take(new Kind(HOUR, true));
  }

  private static Blockers take(Kind kind) {
    Blockers kept = KEPT.remove(kind);
    Blockers blockers = kept != null ? kept : new Blockers(kind);
    blockers.keep = false;
    return blockers;
  }

  /** Those whose calls have a time limit, and are interrupted by a stop on plain Linux. */
  List<Blocker> limitedAndInterrupted() {
    return all.stream()
        .filter(blocker -> blocker.isInterrupted() && blocker.call.late() != null)
        .toList();
  }

  /** Those whose calls wait for an event. */
  List<Blocker> completable() {
    return all.stream().filter(blocker -> blocker.call.completed() != null).toList();
  }

  /** Sends each the same signal. */
  void send(int signal) {
    all.forEach(blocker -> blocker.send(signal));
  }

  /**
   * Waits until it is so for each.
   *
   * @param look what the owner of a confined tracer has to do again and again meanwhile
   */
  static void await(
      List<Blocker> blockers, Predicate<Blocker> condition, String what, Runnable look) {
    List<Blocker> left = new ArrayList<>(blockers);
    boolean reached =
        Await.until(
            Target.LIMIT,
            () -> {
              look.run();
              left.removeIf(condition);
              return left.isEmpty();
            });
    if (!reached) {
      throw new AssertionError("not " + what + ": " + left + "\n" + left.getFirst().target.dump());
    }
  }

  /** Waits until each is blocked, and all that it has said before was heard. */
  static void settle(List<Blocker> blockers, Runnable look) {
    await(blockers, Blocker::isBlocked, "blocked", look);
    blockers.forEach(Blocker::ping); // what it said before its thread slept comes before the answer
    await(blockers, Blocker::hasAnswered, "answering", look);
    await(blockers, Blocker::isBlocked, "blocked again", look);
  }

  /** {@link #settle(List, Runnable)}, of targets that nobody traces. */
  static void settle(List<Blocker> blockers) {
    settle(blockers, () -> {});
  }

  /** Asserts how the calls of each have ended since it was last asked. They have settled. */
  static void assertSaid(
      List<Blocker> blockers, String when, BiConsumer<ListAssert<String>, Blocker> assertion) {
    SoftAssertions.assertSoftly(
        softly ->
            blockers.forEach(
                blocker ->
                    assertion.accept(
                        softly
                            .assertThat(blocker.said())
                            .as("how the calls of %s ended: %s", blocker, when),
                        blocker)));
  }

  /** Asserts that they have ended exactly so. */
  static void assertSaidExactly(
      List<Blocker> blockers, String when, Function<Blocker, List<String>> expected) {
    assertSaid(blockers, when, (said, blocker) -> said.isEqualTo(expected.apply(blocker)));
  }

  /** Asserts that no call has ended since they were last asked. */
  void assertNothingSaid(String when) {
    settle(all);
    assertSaidExactly(all, when, _ -> List.of());
  }

  /** Asserts that each call ends as it should when its event comes, and only then. */
  void assertCompletes() {
    List<Blocker> completable = completable();
    completable.forEach(Blocker::complete);
    await(completable, Blocker::hasCompleted, "completed", () -> {});
    settle(completable);
    assertSaidExactly(completable, "its event came", Blocker::onCompletion);
  }

  /** Says that another test can have them. */
  void keep() {
    keep = true;
  }

  @Override
  public void close() {
    if (keep) {
      KEPT.put(kind, this);
    } else {
      end();
    }
  }

  private void end() {
    AtOnce.forAll(all, Blocker::close);
  }

  /** Ends those that are kept, and asserts that they were sound all the time. */
  static void endAll() {
    try {
      for (Blockers blockers : KEPT.values()) {
        AtOnce.forAll(blockers.all, blocker -> blocker.target.assertSound());
      }
    } finally {
      KEPT.values().forEach(Blockers::end);
      KEPT.clear();
    }
  }
}
