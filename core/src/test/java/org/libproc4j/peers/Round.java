package org.libproc4j.peers;

import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.libproc4j.testing.Snapshot;
import org.libproc4j.testing.Target;

/**
 * One target, what one peer does to it, and the judge: all that it finds it finds from outside, in
 * {@code /proc}, in the memory that it shares with the target, and in what the target's parent is
 * told.
 */
final class Round implements AutoCloseable {
  final Target target;
  private final Findings findings;
  private final Snapshot before;
  private @Nullable Session session;

  Round(Findings findings, Supplier<Target> start) {
    this.findings = findings;
    target = start(start);
    before = target.snapshot();
  }

  /** On a machine that is too busy for that, it is no peer's fault. */
  private static Target start(Supplier<Target> start) {
    for (int failures = 0; ; failures++) {
      try {
        return start.get();
      } catch (AssertionError e) {
        if (failures == 2) {
          throw new IllegalStateException("the target does not start", e);
        }
      }
    }
  }

  /** What it was like before {@link #begin}. */
  Snapshot before() {
    return before;
  }

  /** Starts the peer, and waits until it says that it is there; otherwise that is found. */
  boolean begin(Command command) throws Exception {
    return switch (answer(command)) {
      case THERE -> true;
      case GIVES_UP -> {
        found("gives up");
        yield false;
      }
      case ENDS -> {
        found("fails to attach");
        yield false;
      }
      case HANGS -> false;
    };
  }

  /** Starts the peer, and returns what it says; that it says nothing is found. */
  Session.Answer answer(Command command) throws Exception {
    session = new Session(command);
    Session.Answer answer = session.awaitAnswer();
    if (answer == Session.Answer.HANGS) {
      found("hangs");
    }
    return answer;
  }

  Session session() {
    if (session == null) {
      throw new IllegalStateException("not begun");
    }
    return session;
  }

  /** All threads are stopped, and while they are none of their counters moves. */
  void expectHeld() throws Exception {
    expectStopped();
    findings.unless("threads still ran", target::assertStill);
    expectStopped();
  }

  /** A thread that waits for a processor on a busy machine stands still, too. */
  void expectStopped() {
    if (target.states().values().stream().anyMatch(state -> "tTZX".indexOf(state) < 0)) {
      found("threads still ran");
    }
  }

  /** Tells the peer to let go; one that does not is killed. */
  void letGo() throws Exception {
    if (!session().letGo()) {
      found("does not let go");
    }
    session().close();
  }

  /** Lets go, and judges what is left. */
  void end() throws Exception {
    letGo();
    expectClean();
  }

  /** Finds whatever is there after the peer that was not there before. */
  void expectClean() throws Exception {
    if (expectAlive() && expectNoStop() && expectUntraced()) {
      expectRunning();
      expect("a signal left pending", this::pendingAsBefore);
    }
  }

  void expectRunning() {
    try {
      target.assertComputes();
    } catch (AssertionError e) {
      if (expectAlive() && expectNoStop()) { // the cause, where it came late
        findings.found("does not run on", e.getMessage() + "\n" + said());
      }
    }
  }

  private boolean expectAlive() {
    List<String> ends =
        target.parentEvents().stream()
            .filter(event -> event.matches("(exited|killed) .*"))
            .toList();
    ends.forEach(end -> found("target " + end));
    return ends.isEmpty();
  }

  /** No thread of it, and none of its children, is stopped. */
  boolean expectNoStop() {
    if (isStopped(target.states()) || target.descendants().stream().anyMatch(this::isStopped)) {
      found("left stopped");
      return false;
    }
    return true;
  }

  private boolean isStopped(int process) {
    return isStopped(Target.states(process));
  }

  private static boolean isStopped(Map<Integer, Character> states) {
    return states.containsValue('T') || states.containsValue('t');
  }

  boolean expectUntraced() {
    return expect("left traced", () -> target.tracerPid() == 0);
  }

  private boolean pendingAsBefore() {
    return target.shdPnd() == before.shdPnd()
        && target.tids().stream()
            .allMatch(tid -> target.sigPnd(tid) == before.sigPnd().getOrDefault(tid, 0L));
  }

  /** Finds something unless the condition comes true soon. */
  boolean expect(String otherwise, BooleanSupplier condition) {
    return comes(otherwise, target.comesSoon(condition));
  }

  /** Finds something unless these counters, or all that should, move soon. */
  void expectMoves(String otherwise, int... slots) {
    comes(otherwise, target.movesSoon(slots));
  }

  private boolean comes(String otherwise, boolean came) {
    if (!came) {
      found(otherwise);
    }
    return came;
  }

  void found(String what) {
    findings.found(what, said() + target.dump());
  }

  String said() {
    return session == null ? "" : String.join("\n", session.said()) + "\n" + session.describe();
  }

  @Override
  public void close() {
    try (target) {
      if (session != null) {
        session.close();
      }
    }
  }
}
