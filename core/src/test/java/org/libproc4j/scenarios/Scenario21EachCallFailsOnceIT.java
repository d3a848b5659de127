package org.libproc4j.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.libproc4j.Errno;
import org.libproc4j.Way;
import org.libproc4j.internal.linux.Faults;
import org.libproc4j.testing.Leaks;
import org.libproc4j.testing.Target;

/**
 * Every operation × every call that it makes × every errno of that call's manual page: the result
 * is the contract's, the target is as it was, and nothing is left over.
 *
 * <p>A combination fails the n-th call of a kind during the operation, without asking the kernel,
 * which is left as if the call had not been made. Where the errno says that something has run out,
 * a second combination fails all later ones too. There are too many for every build, which tries
 * one in {@code libproc4j.faults.step} (16 unless said otherwise; 1 for all), and others for
 * another {@code libproc4j.faults.seed}.
 */
@Timeout(value = 20, unit = TimeUnit.MINUTES)
class Scenario21EachCallFailsOnceIT {
  private static final int STEP = Integer.getInteger("libproc4j.faults.step", 16);
  private static final int SEED = Integer.getInteger("libproc4j.faults.seed", 0);

  /** No operation may take so long, whatever fails. */
  private static final int HUNG_SECONDS = 20;

  private static final int SHOWN_PROBLEMS = 5;

  private static final AtomicInteger COMBINATIONS = new AtomicInteger();
  private static final AtomicInteger TRIED = new AtomicInteger();
  private static final AtomicInteger NOT_REACHED = new AtomicInteger();

  private static final ScheduledExecutorService WATCH =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("watch").factory());

  /** The n-th call of a kind fails. */
  private record Fault(Faults.Kind kind, int n, int errno, boolean lasts) {
    @Override
    public String toString() {
      return "call "
          + n
          + (lasts ? " and all later" : "")
          + " of "
          + kind
          + " fails with "
          + Errno.of(errno);
    }
  }

  static Stream<Arguments> operationsAndWays() {
    return FaultOperations.all().stream()
        .flatMap(
            operation ->
                Stream.of(Way.values())
                    .filter(operation.ways)
                    .map(way -> Arguments.of(operation, way)));
  }

  private @Nullable Target target;
  private int filesAtStart;
  private @Nullable Leaks leaks;

  @ParameterizedTest(name = "{0} ({1})")
  @MethodSource("operationsAndWays")
  void eachCallFailsOnce(FaultOperation operation, Way way) throws Exception {
    List<String> problems = new ArrayList<>();
    try {
      List<Fault> faults = faultsOf(operation, way);
      for (Fault fault : faults) {
        COMBINATIONS.incrementAndGet();
        if (Math.floorMod(Objects.hash(operation.name, way.name(), fault.toString()) + SEED, STEP)
            == 0) {
          TRIED.incrementAndGet();
          String problem = attempt(operation, way, fault);
          if (problem != null) {
            problems.add(fault + ": " + problem);
            if (problems.size() == SHOWN_PROBLEMS) {
              break;
            }
          }
        }
      }
      freshTarget(operation).close();
      leaks().assertNone();
    } finally {
      if (target != null) {
        target.close();
      }
    }
    assertThat(problems.size())
        .as("%d combinations or more go wrong:\n%s", problems.size(), String.join("\n\n", problems))
        .isZero();
  }

  @AfterAll
  static void report() {
    WATCH.shutdown();
    System.out.printf(
        "%d of %d combinations of an operation and a failing call tried; %d of them did not come"
            + " to that call%n",
        TRIED.get(), COMBINATIONS.get(), NOT_REACHED.get());
  }

  /** What the operation calls when nothing fails, and how each of these calls may fail. */
  private List<Fault> faultsOf(FaultOperation operation, Way way) throws Exception {
    Map<Faults.Kind, Integer> most = new TreeMap<>();
    // Twice: what happens in the background is not the same each time.
    for (int i = 0; i < 2; i++) {
      FaultStage stage = new FaultStage(way, freshTarget(operation));
      try {
        operation.arrangement.of(stage);
        Map<Faults.Kind, Integer> counts = Faults.count(stage.libc);
        Object outcome = outcome(operation, stage);
        stage.libc.interposeNothing();
        counts.forEach((kind, n) -> most.merge(kind, n, Math::max));
        finish(operation, stage, outcome, 0);
      } catch (Exception | AssertionError e) {
        stage.strike();
        throw e;
      }
    }
    List<Fault> faults = new ArrayList<>();
    most.forEach(
        (kind, calls) -> {
          for (int n = 1; n <= calls; n++) {
            for (int errno : kind.errnos()) {
              faults.add(new Fault(kind, n, errno, false));
              if (kind.lasts(errno)) {
                faults.add(new Fault(kind, n, errno, true));
              }
            }
          }
        });
    return faults;
  }

  /** One combination; null if it went as it should. */
  private @Nullable String attempt(FaultOperation operation, Way way, Fault fault) {
    FaultStage stage = new FaultStage(way, freshTarget(operation));
    try {
      operation.arrangement.of(stage);
      AtomicInteger calls = Faults.fail(stage.libc, fault.kind, fault.n, fault.errno, fault.lasts);
      Object outcome = outcome(operation, stage);
      stage.libc.interposeNothing();
      boolean reached = calls.get() >= fault.n;
      if (!reached) {
        NOT_REACHED.incrementAndGet();
      }
      finish(operation, stage, outcome, reached ? fault.errno : 0);
      return null;
    } catch (Exception | AssertionError e) {
      try {
        stage.strike();
        stage.target.close();
      } catch (RuntimeException | AssertionError more) {
        e.addSuppressed(more);
      }
      target = null;
      StringWriter text = new StringWriter();
      e.printStackTrace(new PrintWriter(text, true));
      return text.toString();
    }
  }

  /** What it returns or throws. One that hangs is interrupted, and fails. */
  private static @Nullable Object outcome(FaultOperation operation, FaultStage stage) {
    Thread caller = Thread.currentThread();
    String[] where = new String[1];
    ScheduledFuture<?> watch =
        WATCH.schedule(
            () -> {
              where[0] =
                  Stream.of(caller.getStackTrace())
                      .map(f -> "\n\tat " + f)
                      .collect(Collectors.joining());
              caller.interrupt();
            },
            HUNG_SECONDS,
            TimeUnit.SECONDS);
    Object outcome;
    try {
      outcome = operation.trial.of(stage);
    } catch (Exception | AssertionError e) {
      outcome = e;
    } finally {
      watch.cancel(false);
    }
    boolean interrupted = Thread.interrupted();
    assertThat(interrupted).as("hung:%s", where[0]).isFalse();
    if (outcome instanceof AssertionError e) {
      throw e;
    }
    return outcome;
  }

  private void finish(
      FaultOperation operation, FaultStage stage, @Nullable Object outcome, int errno)
      throws Exception {
    try {
      operation.check.of(stage, outcome, errno);
    } catch (AssertionError e) {
      if (outcome instanceof Exception thrown) {
        e.addSuppressed(thrown);
      }
      throw e;
    }
    if (operation.endsTarget && hasEnded(stage.target)) {
      stage.strike();
      stage.target.assertCleanEnd();
      stage.target.close();
      target = null;
    } else {
      stage.assertUsable();
      stage.assertClean();
      stage.endJobStop();
    }
    if (operation.creates || Leaks.openFiles() > filesAtStart) {
      leaks().assertNone();
    }
  }

  private static boolean hasEnded(Target target) {
    return target.states().values().stream().allMatch(s -> s == 'Z' || s == 'X');
  }

  /** The target of before if it still is of use, else another. */
  private Target freshTarget(FaultOperation operation) {
    Target current = target;
    if (current == null) {
      String[] arguments =
          operation.program.subList(1, operation.program.size()).toArray(String[]::new);
      current = Target.start(operation.program.getFirst(), arguments);
      target = current;
      leaks = Leaks.baseline();
      filesAtStart = Leaks.openFiles();
    }
    return current;
  }

  private Leaks leaks() {
    Leaks baseline = leaks;
    if (baseline == null) {
      throw new IllegalStateException("no target was started");
    }
    return baseline;
  }
}
