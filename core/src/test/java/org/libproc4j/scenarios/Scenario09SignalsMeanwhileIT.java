package org.libproc4j.scenarios;

import static org.assertj.core.api.Assertions.assertThat;
import static org.libproc4j.testing.Signals.SIGCHLD;
import static org.libproc4j.testing.Signals.SIGCONT;
import static org.libproc4j.testing.Signals.SIGKILL;
import static org.libproc4j.testing.Signals.SIGRTMIN;
import static org.libproc4j.testing.Signals.SIGSTOP;
import static org.libproc4j.testing.Signals.SIGTERM;
import static org.libproc4j.testing.Signals.SIGTSTP;
import static org.libproc4j.testing.Signals.SIGTTIN;
import static org.libproc4j.testing.Signals.SIGTTOU;
import static org.libproc4j.testing.Signals.SIGUSR1;
import static org.libproc4j.testing.Signals.SIGWINCH;

import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.libproc4j.Errno;
import org.libproc4j.GrabOption;
import org.libproc4j.LwpHandle;
import org.libproc4j.ProcessHandle;
import org.libproc4j.ProcessState;
import org.libproc4j.RunFlag;
import org.libproc4j.StopReason;
import org.libproc4j.StopRequest;
import org.libproc4j.Tracer;
import org.libproc4j.Way;
import org.libproc4j.testing.LoggedSignal;
import org.libproc4j.testing.Meanwhile;
import org.libproc4j.testing.Signals;
import org.libproc4j.testing.Target;

/**
 * Signals that come while it is ours: each is delivered once, in order; then its state is right.
 */
@Timeout(60)
class Scenario09SignalsMeanwhileIT {
  private static final int QUEUED = 20;
  private static final int STREAM = 300;
  private static final int ROUNDS = 5;

  /** How the process is when the signals come. */
  enum Kept {
    HELD {
      @Override
      void keep(ProcessHandle process) {
        assertThat(process.stop()).isEqualTo(Errno.OK);
      }
    },
    RUNNING {
      @Override
      void keep(ProcessHandle process) {
        assertThat(process.setRun()).isEqualTo(Errno.OK);
      }
    };

    abstract void keep(ProcessHandle process);
  }

  static Stream<Arguments> keptAndWays() {
    return Stream.of(Kept.values())
        .flatMap(kept -> Stream.of(Way.values()).map(way -> Arguments.of(kept, way)));
  }

  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("keptAndWays")
  void handledAndQueuedOnesComeOnceAndInOrder(Kept kept, Way way) throws Exception {
    try (Target target = Target.start("signals", "1")) {
      try (Tracer tracer = way.open();
          ProcessHandle process = tracer.grab(target.pid())) {
        kept.keep(process);
        target.send(SIGTERM);
        target.send(SIGUSR1);
        for (int i = 0; i < QUEUED; i++) {
          target.queue(SIGRTMIN, i);
        }
        if (kept == Kept.HELD) {
          assertThat(target.signals()).isEmpty();
        }
      }
      List<LoggedSignal> all = target.awaitSignals(QUEUED + 2);
      assertThat(all).hasSize(QUEUED + 2).allMatch(s -> s.senderPid() == target.parentPid());
      assertThat(all).filteredOn(s -> s.signal() == SIGTERM).hasSize(1);
      assertThat(all).filteredOn(s -> s.signal() == SIGUSR1).hasSize(1);
      assertThat(all.stream().filter(s -> s.signal() == SIGRTMIN).map(LoggedSignal::value))
          .containsExactlyElementsOf(LongStream.range(0, QUEUED).boxed().toList());
      target.assertClean();
    }
  }

  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("keptAndWays")
  void oneThreadsOwnComeToThatThread(Kept kept, Way way) throws Exception {
    try (Target target = Target.start("signals", "4")) {
      try (Tracer tracer = way.open();
          ProcessHandle process = tracer.grab(target.pid())) {
        kept.keep(process);
        for (int i = 0; i < QUEUED; i++) {
          target.queueTo(target.tid(i % 4), SIGRTMIN + 1, i);
        }
      }
      List<LoggedSignal> all = target.awaitSignals(QUEUED);
      for (int slot = 0; slot < 4; slot++) {
        int tid = target.tid(slot);
        int first = slot;
        assertThat(all.stream().filter(s -> s.tid() == tid).map(LoggedSignal::value))
            .containsExactlyElementsOf(
                LongStream.range(0, QUEUED).filter(i -> i % 4 == first).boxed().toList());
      }
      target.assertClean();
    }
  }

  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("keptAndWays")
  void aSigcontRunsItsHandlerOnce(Kept kept, Way way) throws Exception {
    try (Target target = Target.start("signals", "4")) {
      for (int i = 1; i <= ROUNDS; i++) {
        try (Tracer tracer = way.open();
            ProcessHandle process = tracer.grab(target.pid())) {
          kept.keep(process);
          target.send(SIGCONT);
        }
        assertThat(target.awaitSignals(i)).hasSize(i);
      }
      target.assertClean();
    }
  }

  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("keptAndWays")
  void aSigstopLeavesItStopped(Kept kept, Way way) throws Exception {
    try (Target target = Target.start("signals", "4")) {
      for (int i = 1; i <= ROUNDS; i++) {
        try (Tracer tracer = way.open();
            ProcessHandle process = tracer.grab(target.pid())) {
          kept.keep(process);
          target.send(SIGSTOP);
        }
        target.awaitAllInState("T");
        assertThat(target.signals()).hasSize(i - 1);
        target.awaitParentEvent("stopped 19");
        target.send(SIGCONT);
        target.awaitSignals(i);
      }
      target.assertClean();
    }
  }

  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("keptAndWays")
  void ofASigstopAndASigcontTheLaterWins(Kept kept, Way way) throws Exception {
    try (Target target = Target.start("signals", "4")) {
      for (int i = 1; i <= ROUNDS; i++) {
        try (Tracer tracer = way.open();
            ProcessHandle process = tracer.grab(target.pid())) {
          kept.keep(process);
          target.send(SIGSTOP);
          target.send(SIGCONT);
        }
        target.awaitSignals(i);
        target.awaitCounterMoves();
      }
      assertThat(target.signals()).hasSize(ROUNDS);
      try (Tracer tracer = way.open();
          ProcessHandle process = tracer.grab(target.pid())) {
        kept.keep(process);
        target.send(SIGCONT);
        target.send(SIGSTOP);
      }
      target.awaitAllInState("T");
      target.send(SIGCONT);
      target.awaitCounterMoves();
      target.assertClean();
    }
  }

  /** Each with who sent it and how, also where a stop is on its way when it comes. */
  @EachWay
  void aStreamOfThemIsStoppedAndSetRunningAgainAndAgain(Way way) throws Exception {
    try (Target target = Target.start("signals", "4")) {
      try (Tracer tracer = way.open();
          ProcessHandle process = tracer.grab(target.pid())) {
        try (Meanwhile sender =
            Meanwhile.run(
                () -> {
                  for (int i = 0; i < STREAM; i++) {
                    target.queueTo(target.tid(i % 4), SIGRTMIN + i % 3, i);
                  }
                })) {
          while (sender.goesOn()) {
            assertThat(process.setRun()).isEqualTo(Errno.OK);
            assertThat(process.stop()).isEqualTo(Errno.OK);
          }
        }
      }
      List<LoggedSignal> all = target.awaitSignals(STREAM);
      assertThat(all)
          .hasSize(STREAM)
          .allMatch(s -> s.code() == LoggedSignal.SI_QUEUE)
          .allMatch(s -> s.senderPid() == target.parentPid())
          .allMatch(s -> s.signal() == SIGRTMIN + s.value() % 3)
          .allMatch(s -> s.tid() == target.tid((int) s.value() % 4));
      for (int slot = 0; slot < 4; slot++) {
        for (int signal = SIGRTMIN; signal < SIGRTMIN + 3; signal++) {
          int tid = target.tid(slot);
          int number = signal;
          assertThat(all.stream().filter(s -> s.tid() == tid && s.signal() == number))
              .extracting(LoggedSignal::value)
              .isSorted();
        }
      }
      target.assertClean();
    }
  }

  @EachWay
  void aHeldThreadsOwnWaitForItAndTheOthersDoNot(Way way) throws Exception {
    try (Target target = Target.start("signals", "4")) {
      try (Tracer tracer = way.open();
          ProcessHandle process = tracer.grab(target.pid());
          LwpHandle held = process.lwp(target.tid(2))) {
        assertThat(process.setRun()).isEqualTo(Errno.OK);
        assertThat(held.stop()).isEqualTo(Errno.OK);
        for (int i = 0; i < QUEUED; i++) {
          target.queueTo(held.id(), SIGRTMIN, i);
        }
        target.sendTo(held.id(), SIGTERM);
        target.sendTo(target.tid(1), SIGTERM);
        target.send(SIGUSR1);
        Listening.during(process, () -> target.awaitSignals(2));
        assertThat(target.signals()).hasSize(2).noneMatch(s -> s.tid() == held.id());
        assertThat(target.sigPnd(held.id()))
            .isEqualTo(Signals.bit(SIGRTMIN) | Signals.bit(SIGTERM));
        assertThat(held.setRun()).isEqualTo(Errno.OK);
        Listening.during(process, () -> target.awaitSignals(QUEUED + 3));
      }
      assertThat(target.signals().stream().filter(s -> s.signal() == SIGRTMIN))
          .extracting(LoggedSignal::value)
          .containsExactlyElementsOf(LongStream.range(0, QUEUED).boxed().toList());
      target.assertClean();
    }
  }

  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("keptAndWays")
  void whatTheTargetBlocksStaysPending(Kept kept, Way way) throws Exception {
    try (Target target = Target.start("signals", "1")) {
      target.ask("block " + SIGUSR1, "blocked " + SIGUSR1);
      target.ask("block " + SIGRTMIN, "blocked " + SIGRTMIN);
      try (Tracer tracer = way.open();
          ProcessHandle process = tracer.grab(target.pid())) {
        kept.keep(process);
        target.send(SIGUSR1);
        target.queueTo(target.pid(), SIGRTMIN, 1);
      }
      target.assertClean(
          target
              .snapshot()
              .butShdPnd(Signals.bit(SIGUSR1))
              .butSigPnd(target.pid(), Signals.bit(SIGRTMIN)));
      assertThat(target.signals()).isEmpty();
      target.ask("unblock " + SIGUSR1, "unblocked " + SIGUSR1);
      target.ask("unblock " + SIGRTMIN, "unblocked " + SIGRTMIN);
      assertThat(target.awaitSignals(2)).hasSize(2);
      target.assertClean();
    }
  }

  static Stream<Arguments> stopsAndWays() {
    return Stream.of(SIGTSTP, SIGTTIN, SIGTTOU)
        .flatMap(signal -> Stream.of(Way.values()).map(way -> Arguments.of(signal, way)));
  }

  @ParameterizedTest(name = "signal {0}, {1}")
  @MethodSource("stopsAndWays")
  void everyJobControlSignalStopsItAfterTheRelease(int signal, Way way) throws Exception {
    try (Target target = Target.start("signals", "4")) {
      for (Kept kept : Kept.values()) {
        try (Tracer tracer = way.open();
            ProcessHandle process = tracer.grab(target.pid())) {
          kept.keep(process);
          target.send(signal);
        }
        target.awaitAllInState("T");
        target.awaitParentEvent("stopped " + signal);
        int runs = target.signals().size();
        target.send(SIGCONT);
        target.awaitSignals(runs + 1);
      }
      target.assertClean();
    }
  }

  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("keptAndWays")
  void oneWithoutAHandlerEndsIt(Kept kept, Way way) throws Exception {
    try (Target target = Target.start("threads", "4", "sleep")) {
      try (Tracer tracer = way.open();
          ProcessHandle process = tracer.grab(target.pid())) {
        kept.keep(process);
        target.send(SIGTERM);
        if (kept == Kept.HELD) {
          target.assertStill();
          assertThat(process.stop()).isEqualTo(Errno.OK);
          assertThat(process.state()).isEqualTo(ProcessState.STOP);
        } else {
          assertThat(process.awaitStop()).isEqualTo(Errno.ENOENT);
          assertThat(process.endedBy()).hasValue(SIGTERM);
        }
      }
      assertThat(target.awaitEnd()).isEqualTo("killed " + SIGTERM);
      target.assertCleanEnd();
    }
  }

  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("keptAndWays")
  void whatIsIgnoredByDefaultChangesNothing(Kept kept, Way way) throws Exception {
    try (Target target = Target.start("threads", "4", "sleep")) {
      try (Tracer tracer = way.open();
          ProcessHandle process = tracer.grab(target.pid())) {
        kept.keep(process);
        for (int i = 0; i < QUEUED; i++) {
          target.send(SIGWINCH);
          target.sendTo(target.tid(i % 4), SIGCHLD);
        }
        assertThat(process.stop(StopRequest.PCNULL, 0)).isEqualTo(Errno.OK);
        assertThat(process.state())
            .isEqualTo(kept == Kept.HELD ? ProcessState.STOP : ProcessState.RUN);
      }
      target.assertClean();
    }
  }

  /**
   * A signal for the process that the kernel has given to the leader, in uninterruptible sleep:
   * when the leader is held before it can take it, another thread does.
   */
  @ParameterizedTest
  @EnumSource
  void forTheProcessWhileTheThreadThatWasToTakeItIsHeld(Way way) throws Exception {
    try (Target target = Target.start("vforker", "3")) {
      try (Tracer tracer = way.open();
          ProcessHandle process = tracer.grab(target.pid(), GrabOption.NOSTOP);
          LwpHandle leader = process.lwp(target.pid())) {
        target.send(SIGSTOP);
        assertThat(leader.requestStop()).isEqualTo(Errno.OK);
        target.tell("sleep"); // an ended child would send a signal of its own
        assertThat(process.awaitStop(Target.LIMIT)).isEqualTo(Errno.OK);
        assertThat(process.state()).isEqualTo(ProcessState.STOP);
        target.send(SIGCONT);
        try (Meanwhile counting = Meanwhile.run(() -> target.awaitCounterMoves(1, 2))) {
          while (counting.goesOn()) {
            process.awaitStop(Duration.ofMillis(10)); // a confined tracer has to look
          }
        }
        assertThat(leader.state()).isEqualTo(ProcessState.STOP);
      }
      target.sendToDescendant(target.descendants().getFirst(), SIGKILL);
      target.awaitLine("child \\d+ ended -9");
      target.assertClean();
    }
  }

  /**
   * Likewise, when the leader is stepped into its call, and the trap comes before the signal. One
   * other thread was set running, while the directive to the process is in force for the others.
   */
  @ParameterizedTest
  @EnumSource
  void forTheProcessWhileTheThreadThatWasToTakeItSteps(Way way) throws Exception {
    try (Target target = Target.start("untraced")) {
      for (int i = 0; i < 2; i++) {
        target.ask("thread", "thread \\d+ \\d+");
      }
      try (Tracer tracer = way.open();
          ProcessHandle process = tracer.grab(target.pid());
          LwpHandle sibling = process.lwp(target.tid(1))) {
        assertThat(process.setRun(0, RunFlag.PRSTEP)).isEqualTo(Errno.OK);
        assertThat(sibling.setRun()).isEqualTo(Errno.OK);
        target.awaitCounterMoves(1);
        target.send(SIGSTOP);
        assertThat(process.awaitStop(Target.LIMIT)).isEqualTo(Errno.OK);
        assertThat(process.state()).isEqualTo(ProcessState.STOP);
        assertThat(sibling.status().reason()).contains(StopReason.JOBCONTROL);
        target.send(SIGCONT);
        assertThat(process.setRun()).isEqualTo(Errno.OK);
      }
      target.assertClean();
    }
  }

  /** The first of the others that could be made to take it blocks it. */
  @ParameterizedTest
  @EnumSource
  void forTheProcessWhileTheThreadThatWasToTakeItIsHeldAndAnotherBlocksIt(Way way)
      throws Exception {
    try (Target target = Target.start("vforker", "4", "block")) {
      try (Tracer tracer = way.open();
          ProcessHandle process = tracer.grab(target.pid(), GrabOption.NOSTOP);
          LwpHandle leader = process.lwp(target.pid())) {
        target.send(SIGUSR1);
        assertThat(leader.requestStop()).isEqualTo(Errno.OK);
        target.tell("sleep"); // an ended child would send a signal of its own
        assertThat(leader.awaitStop(Target.LIMIT)).isEqualTo(Errno.OK);
        assertThat(leader.state()).isEqualTo(ProcessState.STOP);
        try (Meanwhile taking = Meanwhile.run(() -> target.awaitSignals(1))) {
          while (taking.goesOn()) {
            process.awaitStop(Duration.ofMillis(10)); // a confined tracer has to look
          }
        }
        assertThat(target.signals().getFirst().tid()).isIn(target.tid(2), target.tid(3));
      }
      target.sendToDescendant(target.descendants().getFirst(), SIGKILL);
      target.awaitLine("child \\d+ ended -9");
      target.assertClean();
    }
  }
}
