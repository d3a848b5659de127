package org.libproc4j.scenarios;

import static org.assertj.core.api.Assertions.assertThat;
import static org.libproc4j.testing.Signals.SIGCONT;
import static org.libproc4j.testing.Signals.SIGRTMIN;
import static org.libproc4j.testing.Signals.SIGSTOP;
import static org.libproc4j.testing.Signals.SIGTERM;
import static org.libproc4j.testing.Signals.SIGUSR1;

import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.libproc4j.Errno;
import org.libproc4j.ProcessHandle;
import org.libproc4j.Tracer;
import org.libproc4j.Way;
import org.libproc4j.testing.LoggedSignal;
import org.libproc4j.testing.Target;

/**
 * Signals that come while it is ours: each is delivered once, in order; then its state is right.
 */
@Timeout(60)
class Scenario09SignalsMeanwhileIT {
  private static final int QUEUED = 20;
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
}
