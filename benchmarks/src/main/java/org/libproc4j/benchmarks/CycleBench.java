package org.libproc4j.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.libproc4j.GrabException;

/** What a stop costs, with the run after it. */
final class CycleBench {
  private static final String TEXT =
      """
      The target has so many threads, all blocked in `pause(2)`, and is no child of the JVM. A cycle stops all of them and sets
      all of them running. *C* makes the system calls that libproc4j makes, *C, plain* the fewest that do, and would lose signals
      and newborn threads. *Where* is where the tracing thread and the target run: to wake a processor that sleeps costs more than
      five cycles on one that is awake, and the scheduler's choice differs from run to run.

      `kill` and psutil send a signal each way. They return before the threads have stopped, and do not say whether they do; `kill`
      is a program started anew for each signal, psutil one that runs already.
      """;

  /** As many cycles a round as stop about so many threads. */
  private static final int STOPS_A_ROUND = 20_000;

  private static final int MOST_CYCLES_A_ROUND = 2_000;

  /** A process with so many threads, one of which is stopped. */
  private static final int AMONG = 1_000;

  private static final double CONFINED_BAR = 1.15;
  private static final double SHARED_BAR = 2;
  private static final int MANY = 100;
  private static final double MANY_THREADS_BAR = 1.1;

  /** The C program's own growth differs by this from run to run. */
  private static final double GROWTH_BAR = 1.05;

  private static final int GROWTH_FROM = 1_000;

  private final Effort effort;
  private final int rounds;
  private final List<StopAndRun> rows = new ArrayList<>();
  private final List<Figure> figures = new ArrayList<>();

  private CycleBench(Effort effort) {
    this.effort = effort;
    rounds = effort.of(11, 5, 1);
  }

  static Section measure(Effort effort) throws GrabException {
    return new CycleBench(effort).measure();
  }

  private Section measure() throws GrabException {
    StopAndRun.ofAll(1, cycles(1), 0, Placement.FREE, rounds); // until it is compiled
    StopAndRun.ofAll(MANY, cycles(MANY), 0, Placement.FREE, rounds);
    for (int threads : effort.threads()) {
      for (Placement placement : placements(threads)) {
        rows.add(StopAndRun.ofAll(threads, cycles(threads), 0, placement, rounds));
      }
    }
    StopAndRun apart =
        StopAndRun.ofAll(1, effort.of(20, 10, 2), Apart.PAUSE_MILLIS, Placement.FREE, rounds);
    int among = Math.min(AMONG, effort.threads().getLast());
    StopAndRun single = StopAndRun.ofOne(among, cycles(1), rounds);
    judge();
    figures.addAll(Apart.measure(effort.of(300, 50, 2)));
    Table bySignal = BySignal.measure(effort);
    return new Section(
        "Stop and run",
        TEXT,
        List.of(
            costs(bySignal),
            latency("stop-latency", rows.getFirst(), "back to back"),
            latency("stop-latency-apart", apart, Apart.PAUSE_MILLIS + " ms apart")),
        List.of(table(apart, single, among), bySignal),
        figures);
  }

  private int cycles(int threads) {
    int most = effort.of(MOST_CYCLES_A_ROUND, MOST_CYCLES_A_ROUND, 10);
    return Math.clamp(STOPS_A_ROUND / threads, 1, most);
  }

  /** It matters to few threads only. */
  private static List<Placement> placements(int threads) {
    if (threads >= MANY) {
      return List.of(Placement.FREE);
    }
    return Runtime.getRuntime().availableProcessors() > 1
        ? List.of(Placement.values())
        : List.of(Placement.TOGETHER, Placement.FREE);
  }

  private void judge() {
    double earlier = Double.NaN;
    for (StopAndRun row : rows) {
      if (row.threads == 1 || row.threads >= MANY) {
        judge(row, Ring.CONFINED, CONFINED_BAR);
        judge(row, Ring.SHARED, SHARED_BAR);
      }
      if (row.threads == GROWTH_FROM) {
        earlier = row.ratio(Ring.CONFINED);
      } else if (row.threads > GROWTH_FROM && !Double.isNaN(earlier)) {
        figures.add(
            new Figure(
                "growth of the cost a thread from "
                    + count(GROWTH_FROM)
                    + " to "
                    + Sleepers.inWords(row.threads)
                    + ", confined / C",
                row.ratio(Ring.CONFINED) / earlier,
                "",
                GROWTH_BAR));
      }
    }
  }

  private void judge(StopAndRun row, String name, double barOfOne) {
    figures.add(
        new Figure(
            name + " / C, " + row.where(),
            row.ratio(name),
            "",
            row.threads == 1 ? barOfOne : MANY_THREADS_BAR));
  }

  private Table table(StopAndRun apart, StopAndRun single, int among) {
    Table table =
        new Table(
            "cycles",
            "stopped",
            "calls",
            "where",
            "C, µs",
            "C, plain",
            "confined",
            "shared",
            "confined / C",
            "shared / C");
    for (StopAndRun row : rows) {
      add(table, row, "all of " + count(row.threads), row.micros(Ring.PLAIN_C));
    }
    add(table, apart, "all of 1", apart.micros(Ring.PLAIN_C));
    add(table, single, "one of " + count(among), "");
    return table;
  }

  private static void add(Table table, StopAndRun row, String stopped, Object plain) {
    table.add(
        stopped,
        row.pauseMillis == 0 ? "back to back" : row.pauseMillis + " ms apart",
        row.placement.inWords(),
        row.micros(Ring.C),
        plain,
        row.micros(Ring.CONFINED),
        row.micros(Ring.SHARED),
        row.ratio(Ring.CONFINED),
        row.ratio(Ring.SHARED));
  }

  private Plot costs(Table bySignal) {
    Plot plot =
        Plot.ofCosts(
            "stop-and-run", "Stop all threads and set them running", "threads", "µs a cycle");
    for (StopAndRun row : rows) {
      if (row.placement == Placement.FREE) {
        for (String name : List.of(Ring.C, Ring.CONFINED, Ring.SHARED)) {
          plot.add(name, row.threads, row.micros(name));
        }
      }
    }
    plot.addAll(bySignal);
    return plot;
  }

  private static Plot latency(String name, StopAndRun row, String calls) {
    Plot plot = Plot.ofShares(name, "Stop, " + row.where() + ", " + calls);
    for (String way : List.of(Ring.C, Ring.CONFINED, Ring.SHARED)) {
      plot.addShares(way, row.stops(way));
    }
    return plot;
  }

  private static String count(int threads) {
    return String.format(Locale.ROOT, "%,d", threads);
  }
}
