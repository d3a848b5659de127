package org.libproc4j.peers;

import static org.libproc4j.testing.Signals.SIGCONT;
import static org.libproc4j.testing.Signals.SIGKILL;
import static org.libproc4j.testing.Signals.SIGRTMIN;
import static org.libproc4j.testing.Signals.SIGSTOP;
import static org.libproc4j.testing.Signals.SIGTERM;
import static org.libproc4j.testing.Signals.SIGUSR1;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.stream.LongStream;
import org.libproc4j.peers.Row.Doing;
import org.libproc4j.testing.BusyJvm;
import org.libproc4j.testing.LoggedSignal;
import org.libproc4j.testing.Snapshot;
import org.libproc4j.testing.Target;

/** The scenarios in which a peer can be put. */
final class Rows {
  private static final int THREADS = 4;
  private static final int QUEUED = 20;
  private static final int SIGNALS_A_KILL = 4;
  private static final int LONGEST_PAUSE_NANOS = 6_000_000;

  private Rows() {}

  static List<Row> all() {
    List<Row> rows = new ArrayList<>();
    rows.add(held("1", "100 threads, held", 5, "threads", "100", "mixed"));
    rows.add(followed("1", "100 threads, followed", 5, "threads", "100", "mixed"));
    rows.add(new Row("1", "1,000 threads, held", Doing.HOLD, 3, Rows::aThousand));
    rows.add(new Row("2", "one thread of 8, held", Doing.HOLD_THREAD, 5, Rows::oneThread));
    rows.add(held("4", "a storm of short-lived threads, held", 5, "storm"));
    rows.add(followed("4", "a storm of short-lived threads, followed", 5, "storm"));
    rows.add(held("4", "a chain of short-lived threads, held", 5, "chain"));
    rows.add(followed("4", "a chain of short-lived threads, followed", 5, "chain"));
    rows.add(new Row("5", "a storm of forks, its parent held", Doing.HOLD, 5, Rows::forksHeld));
    rows.add(followed("5", "a storm of forks, followed", 5, "forker", "storm"));
    rows.add(new Row("6", "waits for its vfork child, held", Doing.HOLD, 3, Rows::vforkHeld));
    rows.add(
        new Row("6", "waits for its vfork child, followed", Doing.FOLLOW, 3, Rows::vforkFollowed));
    rows.add(new Row("7", "SIGSTOP and SIGCONT, followed", Doing.FOLLOW, 3, Rows::stoppedByOthers));
    rows.add(new Row("8", "job-stopped before, held", Doing.HOLD, 5, Rows::jobStoppedHeld));
    rows.add(
        new Row("8", "job-stopped before, followed", Doing.FOLLOW, 5, Rows::jobStoppedFollowed));
    rows.add(new Row("9", "22 signals while held", Doing.HOLD, 5, Rows::signalsHeld));
    rows.add(new Row("9", "22 signals while followed", Doing.FOLLOW, 5, Rows::signalsFollowed));
    rows.add(new Row("9", "SIGSTOP while held", Doing.HOLD, 3, Rows::sigstopHeld));
    rows.add(new Row("9", "SIGCONT while held", Doing.HOLD, 3, Rows::sigcontHeld));
    rows.add(new Row("10", "SIGKILL while held", Doing.HOLD, 3, Rows::killedHeld));
    rows.add(new Row("10", "SIGKILL while followed", Doing.FOLLOW, 3, Rows::killedFollowed));
    rows.add(new Row("11", "exits while followed", Doing.FOLLOW, 3, Rows::exits));
    rows.add(new Row("11", "its leader exits while followed", Doing.FOLLOW, 3, Rows::leaderExits));
    rows.add(new Row("11", "its leader has exited, held", Doing.HOLD, 3, Rows::leaderless));
    rows.add(exec("the leader executes, followed", "leader"));
    rows.add(exec("another thread executes, followed", "other"));
    rows.add(
        new Row("12", "executes itself again and again, held", Doing.HOLD, 10, Rows::executesHeld));
    rows.add(
        new Row(
            "12",
            "executes itself again and again, followed",
            Doing.FOLLOW,
            10,
            Rows::executesFollowed));
    rows.add(new Row("19", "io_uring's workers, held", Doing.HOLD, 5, Rows::uringHeld));
    rows.add(held("19", "under a seccomp filter, held", 5, "seccomp", "filter"));
    rows.add(followed("19", "under a seccomp filter, followed", 5, "seccomp", "filter"));
    rows.add(new Row("19", "a busy JVM, held", Doing.HOLD, 3, Rows::jvmHeld));
    rows.add(new Row("19", "a busy JVM, followed", Doing.FOLLOW, 3, Rows::jvmFollowed));
    rows.add(new Row("16", "the peer is killed at any moment", Doing.CYCLE, 50, Rows::peerKilled));
    rows.add(new Row("", "nobody is told of a hold", Doing.HOLD, 5, Rows::unnoticed));
    rows.add(new Row("", "blocked in epoll_wait, held", Doing.HOLD, 5, Rows::epollWait));
    return List.copyOf(rows);
  }

  // ---- held, followed

  private static Row held(String scenario, String situation, int rounds, String... target) {
    return new Row(
        scenario,
        situation,
        Doing.HOLD,
        rounds,
        (peer, findings) -> {
          try (Round round = round(findings, target)) {
            if (round.begin(hold(peer, round))) {
              round.expectHeld();
            }
            round.end();
          }
        });
  }

  private static Row followed(String scenario, String situation, int rounds, String... target) {
    return new Row(
        scenario,
        situation,
        Doing.FOLLOW,
        rounds,
        (peer, findings) -> {
          try (Round round = round(findings, target)) {
            if (round.begin(follow(peer, round))) {
              round.expectMoves("stood still");
            }
            round.end();
          }
        });
  }

  private static void aThousand(Peer peer, Findings findings) throws Exception {
    try (Round round = round(findings, "threads", "1000", "sleep")) {
      long start = System.nanoTime();
      boolean there = round.begin(hold(peer, round));
      double held = (System.nanoTime() - start) / 1e9;
      if (there) {
        round.expectHeld();
        findings.note(String.format(Locale.ROOT, "held after %.1f s", held));
      }
      round.end();
    }
  }

  private static void oneThread(Peer peer, Findings findings) throws Exception {
    try (Round round = round(findings, "threads", "8", "mixed")) {
      Target target = round.target;
      if (round.begin(peer.holdThread(target.pid(), target.tid(3)).orElseThrow())) {
        findings.unless("the thread still ran", () -> target.assertStill(3));
        round.expectMoves("others stood still", target.movingSlotsBut(3));
      }
      round.end();
    }
  }

  private static void forksHeld(Peer peer, Findings findings) throws Exception {
    try (Round round = round(findings, "forker", "storm")) {
      if (round.begin(hold(peer, round))) {
        round.expectStopped();
        // Children that were born already may still have to count themselves.
        round.expect("threads still ran", () -> stands(round.target));
      }
      round.end();
    }
  }

  private static boolean stands(Target target) {
    try {
      target.assertStill();
      return true;
    } catch (AssertionError moves) {
      return false;
    }
  }

  private static void vforkHeld(Peer peer, Findings findings) throws Exception {
    try (Round round = round(findings, "vforker", "3")) {
      Target target = round.target;
      // It cannot be stopped before its child is gone: who says so in time, and lets go, is right.
      if (round.answer(hold(peer, round)) == Session.Answer.THERE
          && target.states().getOrDefault(target.pid(), ' ') == 'D') {
        round.found("says that it is held");
      }
      letGoBeforeTheChild(round);
    }
  }

  private static void vforkFollowed(Peer peer, Findings findings) throws Exception {
    try (Round round = round(findings, "vforker", "3")) {
      round.begin(follow(peer, round));
      letGoBeforeTheChild(round);
    }
  }

  private static void letGoBeforeTheChild(Round round) throws Exception {
    Target target = round.target;
    round.letGo();
    target.tell("exec");
    round.expect(
        "does not come back",
        () -> target.events().stream().anyMatch(line -> line.matches("child \\d+ ended 0")));
    round.expectClean();
  }

  // ---- job control

  private static void stoppedByOthers(Peer peer, Findings findings) throws Exception {
    try (Round round = round(findings, "signals", "4")) {
      Target target = round.target;
      if (round.begin(follow(peer, round))) {
        target.send(SIGSTOP);
        round.expect("parent not told of the stop", () -> told(round, "stopped 19"));
        findings.unless("ran on after SIGSTOP", target::assertStill);
        target.send(SIGCONT);
        round.expect("parent not told of the continue", () -> told(round, "continued"));
        round.expectMoves("stood still after SIGCONT");
        round.expect("SIGCONT not handled once", () -> target.signals().size() == 1);
      }
      round.end();
    }
  }

  private static boolean told(Round round, String event) {
    return round.target.parentEvents().contains(event);
  }

  private static void jobStoppedHeld(Peer peer, Findings findings) throws Exception {
    jobStopped(findings, round -> hold(peer, round));
  }

  private static void jobStoppedFollowed(Peer peer, Findings findings) throws Exception {
    jobStopped(findings, round -> follow(peer, round));
  }

  private static void jobStopped(Findings findings, Function<Round, Command> command)
      throws Exception {
    try (Round round = round(findings, "signals", "4")) {
      Target target = round.target;
      target.send(SIGSTOP);
      target.awaitAllInState("T");
      Snapshot stopped = target.snapshot();
      if (round.begin(command.apply(round))) {
        findings.unless("ran meanwhile", target::assertStill);
      }
      round.letGo();
      round.expect(
          "no longer stopped", () -> target.states().values().stream().allMatch(s -> s == 'T'));
      findings.unless("parent told", () -> target.assertParentToldNothing(stopped));
      if (!target.signals().isEmpty()) {
        round.found("SIGCONT handler ran");
      }
      target.send(SIGCONT);
      round.expectClean();
    }
  }

  // ---- signals

  private static void signalsHeld(Peer peer, Findings findings) throws Exception {
    signals(findings, round -> hold(peer, round));
  }

  private static void signalsFollowed(Peer peer, Findings findings) throws Exception {
    signals(findings, round -> follow(peer, round));
  }

  /** Some for the process, and queued ones for each thread, whose order is the threads' own. */
  private static void signals(Findings findings, Function<Round, Command> command)
      throws Exception {
    try (Round round = round(findings, "signals", "" + THREADS)) {
      Target target = round.target;
      if (round.begin(command.apply(round))) {
        target.send(SIGTERM);
        target.send(SIGUSR1);
        for (int i = 0; i < QUEUED; i++) {
          target.queueTo(target.tid(i % THREADS), SIGRTMIN, i);
        }
        round.letGo();
        judgeSignals(round, findings);
      } else {
        round.letGo();
      }
      round.expectClean();
    }
  }

  private static void judgeSignals(Round round, Findings findings) {
    Target target = round.target;
    target.comesSoon(() -> target.signals().size() >= QUEUED + 2);
    List<LoggedSignal> all =
        target.signals().stream().filter(s -> s.signal() != SIGCONT).toList(); // kill's own
    int different = (int) all.stream().map(s -> s.signal() + " " + s.value()).distinct().count();
    findings.found("signals lost", QUEUED + 2 - different, QUEUED + 2, all + "\n" + round.said());
    if (all.size() > different) {
      round.found("a signal came twice");
    }
    for (int slot = 0; slot < THREADS; slot++) {
      int tid = target.tid(slot);
      List<Long> queued = queued(all.stream().filter(s -> s.tid() == tid).toList());
      if (!queued.equals(queued.stream().sorted().toList())) {
        round.found("signals out of order");
      }
    }
  }

  private static List<Long> queued(List<LoggedSignal> all) {
    return all.stream().filter(s -> s.signal() == SIGRTMIN).map(LoggedSignal::value).toList();
  }

  private static void sigstopHeld(Peer peer, Findings findings) throws Exception {
    try (Round round = round(findings, "signals", "4")) {
      Target target = round.target;
      if (round.begin(hold(peer, round))) {
        target.send(SIGSTOP);
        round.letGo();
        round.expect(
            "runs in spite of SIGSTOP",
            () -> target.states().values().stream().allMatch(s -> s == 'T'));
        round.expect("parent not told of the stop", () -> told(round, "stopped 19"));
        target.send(SIGCONT);
      } else {
        round.letGo();
      }
      round.expectClean();
    }
  }

  private static void sigcontHeld(Peer peer, Findings findings) throws Exception {
    try (Round round = round(findings, "signals", "4")) {
      Target target = round.target;
      if (round.begin(hold(peer, round))) {
        target.send(SIGCONT);
        findings.unless("set running by SIGCONT", target::assertStill);
        round.letGo();
        round.expect("SIGCONT not handled once", () -> target.signals().size() == 1);
      } else {
        round.letGo();
      }
      round.expectClean();
    }
  }

  // ---- ends

  private static void killedHeld(Peer peer, Findings findings) throws Exception {
    try (Round round = round(findings, "threads", "8", "mixed")) {
      if (round.begin(hold(peer, round))) {
        round.target.send(SIGKILL);
        expectEnd(round, "killed 9");
      }
      round.letGo();
    }
  }

  private static void killedFollowed(Peer peer, Findings findings) throws Exception {
    try (Round round = round(findings, "threads", "8", "mixed")) {
      if (round.begin(follow(peer, round))) {
        round.target.send(SIGKILL);
        expectEnd(round, "killed 9");
      }
      round.letGo();
    }
  }

  /** While the peer is still there: its parent is told, and can reap it. */
  private static void expectEnd(Round round, String how) {
    round.expect("parent not told of its end", () -> told(round, how));
    round.expect(
        "parent cannot reap it", () -> !Files.exists(Path.of("/proc/" + round.target.pid())));
  }

  private static void exits(Peer peer, Findings findings) throws Exception {
    try (Round round = round(findings, "exiter", "4")) {
      if (round.begin(follow(peer, round))) {
        round.target.tell("exit 7");
        expectEnd(round, "exited 7");
      }
      round.letGo();
    }
  }

  private static void leaderExits(Peer peer, Findings findings) throws Exception {
    try (Round round = round(findings, "exiter", "4")) {
      Target target = round.target;
      if (round.begin(follow(peer, round))) {
        findings.unless("the leader does not end", () -> target.ask("leader", "leader gone"));
        round.expectMoves("the others stood still", 1, 2);
      }
      round.end();
      target.tell("last 5");
      round.expect("wrong exit status", () -> told(round, "exited 5"));
    }
  }

  private static void leaderless(Peer peer, Findings findings) throws Exception {
    try (Round round = round(findings, "exiter", "4")) {
      Target target = round.target;
      target.ask("leader", "leader gone");
      if (round.begin(hold(peer, round))) {
        round.expectHeld();
      }
      round.end();
    }
  }

  private static Row exec(String situation, String who) {
    return new Row(
        "12",
        situation,
        Doing.FOLLOW,
        3,
        (peer, findings) -> {
          try (Round round = round(findings, "execer", "4")) {
            Target target = round.target;
            if (round.begin(follow(peer, round))) {
              boolean executed =
                  findings.unless(
                      "the exec fails or hangs",
                      () -> {
                        int mark = target.mark();
                        target.ask(who, "executed 1");
                        target.awaitLine(mark, "ready");
                      });
              if (executed) {
                round.expectMoves("stood still after the exec");
                if (target.tracerPid() == 0) {
                  round.found("no longer followed");
                }
              }
            }
            round.end();
          }
        });
  }

  private static void executesHeld(Peer peer, Findings findings) throws Exception {
    try (Round round = round(findings, "execstorm")) {
      if (round.begin(hold(peer, round))) {
        round.expectStopped();
        findings.unless("threads still ran", () -> round.target.assertStill(0));
      }
      executesOn(round);
    }
  }

  private static void executesFollowed(Peer peer, Findings findings) throws Exception {
    try (Round round = round(findings, "execstorm")) {
      if (round.begin(follow(peer, round))) {
        round.expectMoves("stood still", 0);
      }
      executesOn(round);
    }
  }

  /** Says which slot is meant: while it executes itself it has none. */
  private static void executesOn(Round round) throws Exception {
    round.end();
    round.expectMoves("does not run on", 0);
  }

  // ---- unusual ones

  private static void uringHeld(Peer peer, Findings findings) throws Exception {
    try (Round round = round(findings, "uring")) {
      if (round.target.events().getFirst().startsWith("no io_uring")) {
        findings.note("no io_uring here");
        return;
      }
      if (round.begin(hold(peer, round))) {
        round.expectHeld();
      }
      round.end();
    }
  }

  private static void jvmHeld(Peer peer, Findings findings) throws Exception {
    try (Round round = new Round(findings, BusyJvm::start)) {
      Target target = round.target;
      if (round.begin(hold(peer, round))) {
        round.expectStopped();
      }
      round.end();
      findings.unless("unsound", () -> target.ask("check", "sound \\d+"));
    }
  }

  private static void jvmFollowed(Peer peer, Findings findings) throws Exception {
    try (Round round = new Round(findings, BusyJvm::start)) {
      Target target = round.target;
      if (round.begin(follow(peer, round))) {
        findings.unless("unsound while followed", () -> target.ask("check", "sound \\d+"));
      }
      round.end();
      findings.unless("unsound", () -> target.ask("check", "sound \\d+"));
    }
  }

  // ---- the peer's own end, and what may be noticed

  private static void peerKilled(Peer peer, Findings findings) throws Exception {
    Random random = new Random(findings.rounds());
    try (Round round = round(findings, "signals", "4")) {
      Target target = round.target;
      if (!round.begin(peer.cycle(target.pid()).orElseThrow())) {
        round.letGo();
        return;
      }
      for (int i = 0; i < SIGNALS_A_KILL; i++) {
        target.queueTo(target.tid(0), SIGRTMIN, i);
        LockSupport.parkNanos(random.nextInt(LONGEST_PAUSE_NANOS));
      }
      round.session().close();
      if (round.expectUntraced() && !round.expectNoStop()) {
        target.send(SIGCONT); // what came meanwhile is to be seen all the same
      }
      round.expect(
          "signals lost",
          () ->
              queued(target.signals())
                  .equals(LongStream.range(0, SIGNALS_A_KILL).boxed().toList()));
      round.expectRunning();
    }
  }

  private static void unnoticed(Peer peer, Findings findings) throws Exception {
    try (Round round = round(findings, "signals", "4")) {
      Target target = round.target;
      round.begin(hold(peer, round));
      round.letGo();
      findings.unless("parent told", () -> target.assertParentToldNothing(round.before()));
      if (!target.signals().isEmpty()) {
        round.found("SIGCONT handler ran");
      }
      round.expectClean();
    }
  }

  private static void epollWait(Peer peer, Findings findings) throws Exception {
    try (Round round = round(findings, "idle", "epoll_wait")) {
      Target target = round.target;
      target.awaitState(target.pid(), "S");
      round.begin(hold(peer, round));
      round.letGo();
      target.awaitState(target.pid(), "S");
      if (target.counter(0) > 0) {
        round.found("EINTR");
      }
      round.expectClean();
    }
  }

  // ----

  private static Round round(Findings findings, String... target) {
    String[] arguments = List.of(target).subList(1, target.length).toArray(String[]::new);
    return new Round(findings, () -> Target.start(target[0], arguments));
  }

  private static Command hold(Peer peer, Round round) {
    return peer.hold(round.target.pid()).orElseThrow();
  }

  private static Command follow(Peer peer, Round round) {
    return peer.follow(round.target.pid()).orElseThrow();
  }
}
