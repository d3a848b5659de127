package org.libproc4j;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.libproc4j.ProcessState.RUN;
import static org.libproc4j.ProcessState.STOP;
import static org.libproc4j.testing.Signals.SIGCONT;
import static org.libproc4j.testing.Signals.SIGSTOP;
import static org.libproc4j.testing.Signals.SIGUSR1;
import static org.libproc4j.testing.Signals.SIGWINCH;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.libproc4j.testing.AtOnce;
import org.libproc4j.testing.Await;
import org.libproc4j.testing.BlockerCall;
import org.libproc4j.testing.Target;

/**
 * A target cannot tell that it was stopped: whatever call it is blocked in goes on, ends as it
 * would have ended, and in time. Each test tries all calls at once; {@code blocker.c} has the list
 * of them.
 */
@Timeout(120) // the first test that needs them starts sixty targets
@SuppressWarnings("try") // closing early, so that what is left can be looked at, is the point
class InvisibleIT {
  private static final Duration LIMIT = Duration.ofMillis(300);

  /** Between two stops of a target that is stopped again and again. */
  private static final Duration PACE = Duration.ofMillis(30);

  private static final List<String> NOTHING = List.of();

  @AfterAll
  static void endBlockers() {
    Blockers.endAll();
  }

  @Test
  void everyCallIsToBeHadHere() {
    assumeThat(BlockerCall.absent()).isEmpty(); // else what the others show is less
  }

  // ---- nothing is noticed

  @ParameterizedTest
  @EnumSource
  void aCallGoesOnAfterStopsAndARelease(Way way) throws GrabException {
    for (Duration limit : List.of(Blockers.HOUR, Duration.ZERO)) {
      try (Blockers blockers = Blockers.withLimit(limit)) {
        try (Tracer tracer = way.open();
            GrabbedBlockers grabbed = new GrabbedBlockers(tracer, blockers.all)) {
          for (int i = 0; i < 3; i++) {
            grabbed.assertTraces(InvisibleIT::traceOfMended);
            grabbed.setRun();
            grabbed.awaitBlocked();
            grabbed.stop();
          }
        }
        blockers.assertNothingSaid("stopped and released");
        blockers.assertCompletes();
        blockers.keep();
      }
    }
  }

  private static StopTrace traceOfMended(Blocker blocker) {
    return blocker.isInterrupted() ? StopTrace.MENDED : StopTrace.INVISIBLE;
  }

  @ParameterizedTest
  @EnumSource
  void aCallGoesOnWhenItsTracerEnds(Way way) throws GrabException {
    try (Blockers blockers = Blockers.withLimit(Blockers.HOUR)) {
      try (Tracer tracer = way.open();
          GrabbedBlockers _ = new GrabbedBlockers(tracer, blockers.all)) {
        tracer.close();
      }
      blockers.assertNothingSaid("held, and its tracer closed");
      blockers.assertCompletes();
      blockers.keep();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aCallGoesOnWhenOnlyItsThreadIsHeldAndItsEventComesMeanwhile(Way way) throws GrabException {
    try (Blockers blockers = Blockers.withLimit(Blockers.HOUR)) {
      List<Blocker> completable = blockers.completable();
      try (Tracer tracer = way.open();
          GrabbedBlockers grabbed = new GrabbedBlockers(tracer, completable, GrabOption.NOSTOP)) {
        grabbed.stopLeaders();
        completable.forEach(Blocker::complete);
        grabbed.setLeadersRun();
        grabbed.await(Blocker::hasCompleted, "completed");
        grabbed.assertSaidExactly(
            "its event came while its thread was held", Blocker::onCompletion);
      }
      blockers.assertCompletes();
      blockers.keep();
    }
  }

  // ---- job control

  @ParameterizedTest
  @EnumSource
  void aCallGoesOnAfterAJobStopUnderControl(Way way) throws GrabException {
    try (Blockers blockers = Blockers.withLimit(Blockers.HOUR)) {
      try (Tracer tracer = way.open();
          GrabbedBlockers grabbed = new GrabbedBlockers(tracer, blockers.all, GrabOption.NOSTOP)) {
        blockers.send(SIGSTOP);
        grabbed.awaitState(STOP);
        blockers.send(SIGCONT);
        grabbed.awaitState(RUN);
        grabbed.assertSaidExactly("SIGSTOP, and SIGCONT", _ -> NOTHING);
      }
      blockers.assertNothingSaid("SIGSTOP, SIGCONT, and a release");
      blockers.assertCompletes();
      blockers.keep();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aCallGoesOnWhenItWasFoundJobStopped(Way way) throws GrabException {
    try (Blockers blockers = Blockers.withLimit(Blockers.HOUR)) {
      blockers.send(SIGSTOP);
      blockers.all.forEach(blocker -> blocker.target.awaitAllInState("T"));
      try (Tracer tracer = way.open();
          GrabbedBlockers grabbed = new GrabbedBlockers(tracer, blockers.all)) {
        grabbed.assertTraces(InvisibleIT::traceOfMended);
      }
      blockers.all.forEach(blocker -> blocker.target.awaitAllInState("T"));
      blockers.send(SIGCONT);
      blockers.assertNothingSaid("found stopped by SIGSTOP, released, and SIGCONT");
      blockers.assertCompletes();
      blockers.keep();
    }
  }

  // ---- signals

  @ParameterizedTest
  @EnumSource
  void aSignalThatIsIgnoredIsNotNoticed(Way way) throws GrabException {
    try (Blockers blockers = Blockers.withLimit(Blockers.HOUR)) {
      try (Tracer tracer = way.open();
          GrabbedBlockers grabbed = new GrabbedBlockers(tracer, blockers.all, GrabOption.NOSTOP)) {
        blockers.send(SIGWINCH);
        grabbed.assertSaidExactly("SIGWINCH came", _ -> NOTHING);
      }
      blockers.assertCompletes();
      blockers.keep();
    }
  }

  /** Who holds, and whether the handler has SA_RESTART. */
  record Handling(Way way, boolean restarts) {}

  static Stream<Handling> handlings() {
    return Stream.of(Way.values())
        .flatMap(way -> Stream.of(new Handling(way, false), new Handling(way, true)));
  }

  @ParameterizedTest
  @MethodSource("handlings")
  void aSignalThatIsHandledWhileHeldEndsACallAsItAlwaysDoes(Handling how) throws GrabException {
    try (Blockers blockers =
        how.restarts ? Blockers.thatRestart() : Blockers.withLimit(Blockers.HOUR)) {
      blockers.send(SIGUSR1);
      awaitHandledAndSettled(blockers);
      Map<Blocker, List<String>> said = new HashMap<>();
      blockers.all.forEach(blocker -> said.put(blocker, blocker.said()));
      Function<Blocker, List<String>> untouched = blocker -> requireNonNull(said.get(blocker));
      try (Tracer tracer = how.way.open();
          GrabbedBlockers grabbed = new GrabbedBlockers(tracer, blockers.all)) {
        blockers.send(SIGUSR1);
        grabbed.setRun();
        grabbed.await(Blocker::hasHandled, "handled");
        grabbed.assertSaidExactly("SIGUSR1 came while it was held", untouched);
        grabbed.stop();
        blockers.send(SIGUSR1);
      }
      awaitHandledAndSettled(blockers);
      Blockers.assertSaidExactly(blockers.all, "SIGUSR1 came before it was released", untouched);
      blockers.assertCompletes();
      blockers.keep();
    }
  }

  private static void awaitHandledAndSettled(Blockers blockers) {
    Blockers.await(blockers.all, Blocker::hasHandled, "handled", () -> {});
    Blockers.settle(blockers.all);
  }

  // ---- time

  @ParameterizedTest
  @EnumSource
  void aCallWhoseTimePassesWhileItIsHeldEndsAtOnce(Way way) throws GrabException {
    // Late enough to be told from one that waits for its whole time again.
    Duration limit = Duration.ofSeconds(1);
    try (Blockers blockers = Blockers.withLimit(limit)) {
      List<Blocker> limited = blockers.limitedAndInterrupted();
      try (Tracer tracer = way.open();
          GrabbedBlockers grabbed = new GrabbedBlockers(tracer, limited, GrabOption.NOSTOP)) {
        grabbed.awaitBlocked();
        grabbed.stop();
        limited.forEach(Blocker::forget);
        awaitSince(System.nanoTime(), limit);
        long released = System.nanoTime();
        if (way.isShared()) {
          grabbed.setRun();
        } else {
          grabbed.close();
        }
        grabbed.await(Blocker::hasSaid, "at the end of its time");
        assertThat(Duration.ofNanos(System.nanoTime() - released)).isLessThan(limit);
      }
      Blockers.assertSaid(
          limited,
          "its time passed while it was held",
          (said, blocker) -> said.startsWith(blocker.call.late()));
      blockers.keep();
    }
  }

  private static void awaitSince(long nanoTime, Duration time) {
    Await.until(Target.LIMIT, () -> System.nanoTime() - nanoTime > time.toNanos());
  }

  @ParameterizedTest
  @EnumSource
  void aCallThatIsStoppedAgainAndAgainEndsAtTheEndOfItsTime(Way way) throws GrabException {
    try (Blockers blockers = Blockers.withLimit(LIMIT)) {
      List<Blocker> limited = blockers.limitedAndInterrupted();
      limited.forEach(Blocker::forget);
      try (Tracer tracer = way.open();
          GrabbedBlockers grabbed = new GrabbedBlockers(tracer, limited)) {
        Await.until(
            Target.LIMIT,
            () -> {
              long start = System.nanoTime();
              grabbed.setRun();
              awaitSince(start, PACE);
              grabbed.stop();
              return limited.stream().allMatch(Blocker::hasSaid);
            });
      }
      assertOnlyLate(limited);
      blockers.keep();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aCallThatIsGrabbedAgainAndAgainEndsAtTheEndOfItsTime(Way way) throws Exception {
    try (Blockers blockers = Blockers.withLimit(LIMIT)) {
      List<Blocker> limited = blockers.limitedAndInterrupted();
      limited.forEach(Blocker::forget);
      long begin = System.nanoTime();
      while (!limited.stream().allMatch(Blocker::hasSaid)
          && System.nanoTime() - begin < Target.LIMIT.toNanos()) {
        long start = System.nanoTime();
        try (Tracer tracer = way.open();
            GrabbedBlockers _ = new GrabbedBlockers(tracer, limited)) {
          // Only held.
        }
        awaitSince(start, PACE);
      }
      assertOnlyLate(limited);
      blockers.keep();
    }
  }

  private static void assertOnlyLate(List<Blocker> blockers) {
    Blockers.assertSaid(
        blockers, "its time passed", (said, blocker) -> said.containsOnly(blocker.call.late()));
  }

  /** The targets check themselves that no time was too short. */
  @ParameterizedTest
  @EnumSource
  void aCallThatBeginsAnewHasItsWholeTime(Way way) throws GrabException {
    try (Blockers blockers = Blockers.withLimit(LIMIT)) {
      List<Blocker> limited = blockers.limitedAndInterrupted();
      try (Tracer tracer = way.open();
          GrabbedBlockers grabbed = new GrabbedBlockers(tracer, limited)) {
        long begin = System.nanoTime();
        for (int i = 0; System.nanoTime() - begin < 5 * LIMIT.toNanos(); i++) {
          grabbed.setRun();
          if (i % 7 == 0) {
            limited.forEach(Blocker::complete);
          }
          awaitSince(System.nanoTime(), PACE);
          grabbed.stop();
        }
      }
      limited.forEach(Blocker::forget);
      AtOnce.forAll(limited, blocker -> blocker.target.assertSound());
      blockers.keep();
    }
  }

  // ---- where it is not mended

  @ParameterizedTest
  @EnumSource
  void withoutTransparencyItIsAsLinuxDoesIt(Way way) throws GrabException {
    for (Duration limit : List.of(Blockers.HOUR, Duration.ZERO)) {
      try (Blockers blockers = Blockers.withLimit(limit)) {
        try (Tracer tracer = way.open().transparent(false);
            GrabbedBlockers grabbed = new GrabbedBlockers(tracer, blockers.all)) {
          grabbed.assertTraces(
              blocker -> blocker.isInterrupted() ? StopTrace.UNMENDED : StopTrace.INVISIBLE);
          grabbed.setRun();
          grabbed.assertSaidExactly("stopped, unmended", InvisibleIT::onPlainStop);
        }
        Blockers.settle(blockers.all);
        Blockers.assertSaidExactly(blockers.all, "released, unmended", InvisibleIT::onPlainStop);
        blockers.assertCompletes();
        blockers.keep();
      }
    }
  }

  private static List<String> onPlainStop(Blocker blocker) {
    return blocker.isInterrupted() ? List.of(BlockerCall.INTERRUPTED) : NOTHING;
  }

  @ParameterizedTest
  @EnumSource
  void aWriteThatIsHalfDoneEndsThere(Way way) throws GrabException {
    for (BlockerCall call : BlockerCall.list()) {
      if (call.stop() == BlockerCall.Stop.SHORTENED) {
        try (Blocker blocker = new Blocker(call, Blockers.HOUR, false)) {
          Blockers.settle(List.of(blocker));
          try (Tracer tracer = way.open();
              GrabbedBlockers grabbed = new GrabbedBlockers(tracer, List.of(blocker))) {
            grabbed.assertTraces(_ -> StopTrace.SHORT_WRITE);
            assertThat(blocker.hasSaid()).isFalse();
          }
          Blockers.settle(List.of(blocker));
          assertThat(blocker.said()).containsExactly(call.late());
        }
      }
    }
  }
}
