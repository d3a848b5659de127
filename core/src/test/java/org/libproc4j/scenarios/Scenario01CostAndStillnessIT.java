package org.libproc4j.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.libproc4j.Errno;
import org.libproc4j.ProcessHandle;
import org.libproc4j.ProcessState;
import org.libproc4j.Tracer;
import org.libproc4j.Way;
import org.libproc4j.internal.linux.InterposedLibc;
import org.libproc4j.testing.Target;

/** Stop, hold, run, 50 times: nothing moves while held, all move after, at a cost per thread. */
@Timeout(120)
class Scenario01CostAndStillnessIT {
  private static final int ROUNDS = 50;
  private static final int COST_ROUNDS = 5;
  private static final int FEW = 500;
  private static final int MANY = 5_000;

  /** A quadratic cost would be ten times as much a thread. */
  private static final double LINEAR = 5;

  static Stream<Arguments> threadsAndWays() {
    return Stream.of("1 spin", "1 sleep", "100 mixed")
        .flatMap(threads -> Stream.of(Way.values()).map(way -> Arguments.of(threads, way)));
  }

  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("threadsAndWays")
  void noCounterMovesWhileHeldAndAllMoveAfter(String threads, Way way) throws Exception {
    try (Target target = start(threads)) {
      try (Tracer tracer = way.open();
          ProcessHandle process = tracer.grab(target.pid())) {
        target.assertStill();
        for (int i = 0; i < ROUNDS; i++) {
          assertThat(process.setRun()).isEqualTo(Errno.OK);
          assertThat(process.state()).isEqualTo(ProcessState.RUN);
          target.awaitCounterMoves();
          assertThat(process.stop()).isEqualTo(Errno.OK);
          assertThat(process.state()).isEqualTo(ProcessState.STOP);
          long[] held = target.counters();
          assertThat(process.lwpIds()).hasSameElementsAs(target.tids());
          assertThat(target.counters()).isEqualTo(held);
        }
        target.assertStill();
      }
      target.assertClean();
    }
  }

  /** TGKILL's are too, but the kernel walks all threads for each SIGSTOP, which takes minutes. */
  @ParameterizedTest(name = "{0}")
  @EnumSource(
      value = Way.class,
      names = {"CONFINED_INTERRUPT", "SHARED_INTERRUPT"})
  void theCallsAreLinearInTheNumberOfThreads(Way way) throws Exception {
    double few = costPerThread(way, FEW);
    double many = costPerThread(way, MANY);
    assertThat(many)
        .as("calls a thread of %d threads, against %.1f of %d", MANY, few, FEW)
        .isLessThan(LINEAR * few);
  }

  /** System calls; but a wait for any tracee counts as many times as there are tracees. */
  private static double costPerThread(Way way, int threads) throws Exception {
    InterposedLibc libc = new InterposedLibc();
    AtomicLong cost = new AtomicLong();
    libc.interpose(
        call -> {
          cost.addAndGet(call.isWaitForAny() ? threads : 1);
          return call.proceed();
        });
    try (Target target = start(threads + " sleep")) {
      long least = Long.MAX_VALUE;
      try (Tracer tracer = way.open(libc);
          ProcessHandle process = tracer.grab(target.pid())) {
        target.assertStill();
        for (int i = 0; i < COST_ROUNDS; i++) {
          long before = cost.get();
          assertThat(process.setRun()).isEqualTo(Errno.OK);
          assertThat(process.stop()).isEqualTo(Errno.OK);
          least = Math.min(least, cost.get() - before);
          long[] held = target.counters();
          assertThat(process.state()).isEqualTo(ProcessState.STOP);
          assertThat(target.counters()).isEqualTo(held);
        }
        target.assertStill();
      }
      target.assertClean();
      return (double) least / threads;
    }
  }

  private static Target start(String threads) {
    String[] words = threads.split(" ", -1);
    return Target.start("threads", words);
  }
}
