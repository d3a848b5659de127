package org.libproc4j.benchmarks;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.libproc4j.GrabException;
import org.libproc4j.ProcessHandle;
import org.libproc4j.Tracer;

/** What it costs that a stop is not noticed. */
final class InvisibleBench {
  private static final String TEXT =
      """
      The same stop and run by a confined tracer that mends what its stops would end with EINTR, and by one that does not
      (`Tracer.transparent`), on the same target and on one CPU. A thread that waits in `epoll_wait` is mended; one in `pause` is only
      looked at. Unmended, a thread in `epoll_wait` returns to its program and calls again, which is in the time without. What it
      takes more is counted from the ratio. A single thread does not come to its call between a run and the next stop, so that there is
      nothing to mend.
      """;

  private static final String WITHOUT = "without";
  private static final String WITH = "with";
  private static final double MOST_MICROS = 3;
  private static final int WARM_UPS = 3;
  private static final Duration LIMIT = Duration.ofSeconds(5);
  private static final int THREADS = 100;

  private final int cycles;
  private final int rounds;
  private final Table table =
      new Table(
          "invisible",
          "threads",
          "in",
          "without, µs",
          "with, µs",
          "with / without",
          "more a thread, µs");
  private final List<Figure> figures = new ArrayList<>();

  private InvisibleBench(int cycles, int rounds) {
    this.cycles = cycles;
    this.rounds = rounds;
  }

  static Section measure(Effort effort) throws GrabException {
    InvisibleBench bench = new InvisibleBench(effort.of(2_000, 500, 5), effort.of(15, 7, 1));
    for (int threads : new int[] {1, THREADS}) {
      bench.compare(threads, "pause", () -> new Sleepers(threads), false);
      bench.compare(threads, "epoll_wait", () -> Sleepers.inEpollWait(threads, false), true);
      bench.compare(
          threads, "epoll_wait for an hour", () -> Sleepers.inEpollWait(threads, true), true);
    }
    bench.figures.add(
        new Figure(
            "allocated a cycle, confined, %s in epoll_wait for an hour"
                .formatted(Sleepers.inWords(THREADS)),
            Footprint.allocated(
                Sleepers.inEpollWait(THREADS, true), effort.of(500, 100, 1), Tracer.ofConfined()),
            "B",
            0.0));
    return new Section("Invisible stops", TEXT, List.of(), List.of(bench.table), bench.figures);
  }

  private void compare(int threads, String call, Supplier<Sleepers> target, boolean promised)
      throws GrabException {
    try (Ring ring = new Ring(target.get(), Placement.TOGETHER)) {
      Contest contest =
          new Contest()
              .add(WITHOUT, stops(ring, threads, false))
              .add(WITH, stops(ring, threads, true))
              .run(WARM_UPS, rounds, LIMIT);
      double ratio = contest.ratio(WITH, WITHOUT);
      double more = contest.median(WITHOUT) * (ratio - 1) / threads;
      table.add(threads, call, contest.median(WITHOUT), contest.median(WITH), ratio, more);
      String what = "an invisible stop takes more, a thread, " + Sleepers.inWords(threads);
      if (promised) {
        figures.add(new Figure(what + " in " + call, more, "µs", MOST_MICROS));
      }
    }
  }

  private Contest.Contender stops(Ring ring, int threads, boolean transparent) {
    Tracer tracer = ring.confined;
    Contest.Contender contender =
        ring.inJava(tracer, process -> micros(process, Math.max(1, cycles / threads)));
    return () -> {
      tracer.transparent(transparent);
      return contender.once();
    };
  }

  private static double micros(ProcessHandle process, int cycles) {
    return Cycles.of(process::stop, process::setRun, cycles, 0).micros();
  }
}
