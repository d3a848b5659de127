package org.libproc4j.benchmarks;

import java.time.Duration;
import java.util.List;
import org.libproc4j.GrabException;
import org.libproc4j.ProcessHandle;
import org.libproc4j.RunFlag;

/** How many single instructions a second can be executed one by one. */
final class StepBench {
  private static final String TEXT =
      """
      A thread that computes executes one instruction, and is waited for: `setRun(0, PRSTEP)` and `awaitStop()`; in C,
      `PTRACE_SINGLESTEP` and a `waitid` that peeks, as libproc4j's.
      """;

  private static final int WARM_UPS = 5;
  private static final Duration LIMIT = Duration.ofSeconds(5);

  private final int steps;

  private StepBench(int steps) {
    this.steps = steps;
  }

  static Section measure(Effort effort) throws GrabException {
    Contest contest = new StepBench(effort.of(3_000, 1_000, 10)).compare(effort.of(15, 5, 1));
    Table table = new Table("steps", "by", "steps a second", "µs each", "times C");
    for (String name : contest.names()) {
      double micros = contest.median(name);
      table.add(name, Math.round(1e6 / micros), micros, contest.ratio(name));
    }
    return new Section("Single steps", TEXT, List.of(), List.of(table), List.of());
  }

  private Contest compare(int rounds) throws GrabException {
    try (Ring ring = new Ring(Sleepers.busy(), Placement.FREE)) {
      return new Contest()
          .add(Ring.C, ring.inC("step " + steps, nanos -> nanos[0] / 1e3 / steps))
          .add(Ring.CONFINED, ring.inJava(ring.confined, this::step))
          .add(Ring.SHARED, ring.inJava(ring.shared, this::step))
          .run(WARM_UPS, rounds, LIMIT);
    }
  }

  private double step(ProcessHandle process) {
    process.stop().orThrow("stop");
    long start = System.nanoTime();
    for (int i = 0; i < steps; i++) {
      process.setRun(0, RunFlag.PRSTEP).orThrow("setRun");
      process.awaitStop().orThrow("awaitStop");
    }
    return (System.nanoTime() - start) / 1e3 / steps;
  }
}
