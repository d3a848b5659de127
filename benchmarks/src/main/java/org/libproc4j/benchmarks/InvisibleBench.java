package org.libproc4j.benchmarks;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.libproc4j.Errno;
import org.libproc4j.GrabException;
import org.libproc4j.LwpHandle;
import org.libproc4j.ProcessHandle;
import org.libproc4j.StopTrace;
import org.libproc4j.Tracer;

/** What it costs that a stop is not noticed. */
final class InvisibleBench {
  private static final String TEXT =
      """
      The same stop and run by a confined tracer that mends what its stops would end with EINTR, and by one that does not
      (`Tracer.transparent`), on the same target and on one CPU. A thread that waits in `epoll_wait` is mended; one in `pause` is only
      looked at. Unmended, a thread returns to its program and calls again, which is in the time without. What it takes more is counted
      from the ratio. Each first stop in a call comes two milliseconds after one that was not mended and is not counted, so that
      the thread has returned and called again; the other stops follow upon each other.
      """;

  private static final String WITHOUT = "without";
  private static final String WITH = "with";
  private static final double MOST_MICROS = 3;
  private static final int WARM_UPS = 3;
  private static final Duration LIMIT = Duration.ofSeconds(2);
  private static final int THREADS = 100;
  private static final int RETURN_MILLIS = 2;

  /** A way to block. */
  private enum Call {
    PAUSE("pause", "pause", false),
    EPOLL("epoll", "epoll_wait", false),
    HOUR("hour", "epoll_wait for an hour", false),
    FIRST_EPOLL("epoll", "epoll_wait", true),
    FIRST_HOUR("hour", "epoll_wait for an hour", true),
    FIRST_SIGTIMEDWAIT("sigtimedwait", "sigtimedwait for an hour", true),
    FIRST_RECV("recv", "recv for an hour", true),
    FIRST_READ("read", "read of a socket for an hour", true);

    final String mode;
    final String words;
    final boolean first;

    Call(String mode, String words, boolean first) {
      this.mode = mode;
      this.words = words;
      this.first = first;
    }
  }

  private final Effort effort;
  private final Table table =
      new Table(
          "invisible",
          "threads",
          "in",
          "stop in the call",
          "without, µs",
          "with, µs",
          "with / without",
          "more a thread, µs");
  private final List<Figure> figures = new ArrayList<>();

  private InvisibleBench(Effort effort) {
    this.effort = effort;
  }

  static Section measure(Effort effort) throws GrabException {
    InvisibleBench bench = new InvisibleBench(effort);
    for (Call call : Call.values()) {
      bench.compare(THREADS, call);
    }
    bench.compare(1, Call.PAUSE);
    bench.compare(1, Call.FIRST_EPOLL);
    bench.compare(1, Call.FIRST_HOUR);
    bench.figures.add(
        new Figure(
            "allocated a cycle, confined, %s in epoll_wait for an hour"
                .formatted(Sleepers.inWords(THREADS)),
            Footprint.allocated(
                Sleepers.in(Call.HOUR.mode, THREADS), effort.of(500, 100, 1), Tracer.ofConfined()),
            "B",
            0.0));
    return new Section("Invisible stops", TEXT, List.of(), List.of(bench.table), bench.figures);
  }

  private void compare(int threads, Call call) throws GrabException {
    try (Ring ring = new Ring(Sleepers.in(call.mode, threads), Placement.TOGETHER)) {
      Contest contest =
          new Contest()
              .add(WITHOUT, stops(ring, threads, call, false))
              .add(WITH, stops(ring, threads, call, true))
              .run(WARM_UPS, effort.of(15, 7, 1), LIMIT);
      double ratio = contest.ratio(WITH, WITHOUT);
      double more = contest.median(WITHOUT) * (ratio - 1) / threads;
      table.add(
          threads,
          call.words,
          call.first ? "first" : "again and again",
          contest.median(WITHOUT),
          contest.median(WITH),
          ratio,
          more);
      if (call != Call.PAUSE) {
        figures.add(
            new Figure(
                "%s stop takes more, a thread, %s in %s"
                    .formatted(
                        call.first ? "the first invisible" : "an invisible",
                        Sleepers.inWords(threads),
                        call.words),
                more,
                "µs",
                MOST_MICROS));
      }
    }
  }

  private Contest.Contender stops(Ring ring, int threads, Call call, boolean transparent) {
    Tracer tracer = ring.confined;
    int cycles = Math.max(1, effort.of(2_000, 500, 5) / threads);
    Contest.Contender contender =
        call.first
            ? ring.inJava(tracer, process -> firstMicros(tracer, process, transparent, cycles))
            : ring.inJava(
                tracer, process -> Cycles.of(process::stop, process::setRun, cycles, 0).micros());
    return () -> {
      tracer.transparent(transparent);
      return contender.once();
    };
  }

  private static double firstMicros(
      Tracer tracer, ProcessHandle process, boolean transparent, int cycles) {
    double[] micros = new double[cycles];
    for (int i = 0; i < cycles; i++) {
      tracer.transparent(false);
      stopAndRun(process);
      Pause.awake(RETURN_MILLIS);
      tracer.transparent(transparent);
      micros[i] = stopAndRun(process);
    }
    tracer.transparent(transparent);
    Pause.awake(RETURN_MILLIS);
    process.stop().orThrow("stop");
    requireMended(process, transparent ? StopTrace.MENDED : StopTrace.UNMENDED);
    process.setRun().orThrow("setRun");
    return Median.of(Arrays.stream(micros));
  }

  /** What is measured has to be what it is said to be. */
  private static void requireMended(ProcessHandle process, StopTrace expected) {
    for (int tid : process.lwpIds()) {
      try (LwpHandle thread = process.lwp(tid)) {
        StopTrace trace = thread.status().trace().orElseThrow();
        if (trace != expected) {
          throw new IllegalStateException("thread " + tid + " is " + trace + ", not " + expected);
        }
      } catch (GrabException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private static double stopAndRun(ProcessHandle process) {
    long start = System.nanoTime();
    Errno stopped = process.stop();
    Errno running = process.setRun();
    long nanos = System.nanoTime() - start;
    stopped.orThrow("stop");
    running.orThrow("setRun");
    return nanos / 1e3;
  }
}
