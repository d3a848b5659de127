package org.libproc4j.benchmarks;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.libproc4j.GrabException;
import org.libproc4j.Tracer;

/** Waiting for somebody else's stop: how soon it returns, and what it costs until then. */
final class WaitBench {
  private static final String TEXT =
      """
      Somebody else sends a SIGSTOP to a process of one thread that has been waited for during 5 ms: from just before the signal
      is sent until the wait has returned. *C* blocks in `waitpid`, lets the signal through, and blocks again until the stop by job
      control is there, as libproc4j does. Ratios are of the medians.
      """;

  private static final Map<String, Double> BARS = Map.of(Ring.CONFINED, 1.5, Ring.SHARED, 3.0);
  private static final double MOST_OVERSHOOT_MICROS = 2_000;

  /** A JVM's clock of a thread's CPU time ticks in far smaller steps than this. */
  private static final double NOT_MEASURABLE_MICROS = 1_000;

  private WaitBench() {}

  static Section measure(Effort effort) throws GrabException {
    int repeats = effort.of(300, 50, 2);
    Duration idle = Duration.ofMillis(effort.of(5_000, 2_000, 100));
    WakeUps wakeUps = WakeUps.measure(repeats);
    Plot plot =
        Plot.ofShares("wake-up-latency", "A wait returns after a SIGSTOP was sent, 1 thread");
    Table table = new Table("wakeUps", "wait by", "µs", "times C");
    List<Figure> figures = new ArrayList<>();
    for (String name : wakeUps.names()) {
      plot.addShares(name, wakeUps.micros(name));
      table.add(name, wakeUps.median(name), wakeUps.ratio(name));
      if (!name.equals(Ring.C)) {
        figures.add(
            new Figure(
                "wake-up of awaitStop, " + name + " / C", wakeUps.ratio(name), "", BARS.get(name)));
      }
    }
    figures.add(cpu("an endless awaitStop and its tracer", Ring.SHARED, idle));
    figures.add(cpu("an endless awaitStop", Ring.CONFINED, idle));
    for (String name : List.of(Ring.SHARED, Ring.CONFINED)) {
      figures.add(
          new Figure(
              "PCWSTOP of 10 ms returns late by, " + name,
              Waits.overshoot(tracer(name), repeats),
              "µs",
              MOST_OVERSHOOT_MICROS));
    }
    return new Section("Waiting", TEXT, List.of(plot), List.of(table), figures);
  }

  private static Figure cpu(String of, String name, Duration idle) {
    return new Figure(
        "CPU time of " + of + " in " + idle.toMillis() / 1e3 + " s, " + name,
        Waits.cpuOfEndlessWait(tracer(name), idle),
        "µs",
        NOT_MEASURABLE_MICROS);
  }

  private static java.util.function.Supplier<Tracer> tracer(String name) {
    return name.equals(Ring.SHARED) ? Tracer::ofShared : Tracer::ofConfined;
  }
}
