package org.libproc4j.benchmarks;

import java.util.Arrays;
import java.util.List;
import org.libproc4j.GrabException;
import org.libproc4j.GrabOption;
import org.libproc4j.ProcessHandle;
import org.libproc4j.Tracer;

/** Single calls of a shared tracer's user, long after the one before: everybody sleeps by then. */
final class Apart {
  static final int PAUSE_MILLIS = 10;

  private static final double MOST_MICROS = 100;

  private Apart() {}

  static List<Figure> measure(int repeats) throws GrabException {
    long[] stops = new long[repeats];
    long[] runs = new long[repeats];
    try (Sleepers target = new Sleepers(1);
        Tracer tracer = Tracer.ofShared();
        ProcessHandle process = tracer.grab(target.pid(), GrabOption.NOSTOP)) {
      for (int i = 0; i < repeats; i++) {
        Pause.millis(PAUSE_MILLIS);
        long start = System.nanoTime();
        process.stop().orThrow("stop");
        stops[i] = System.nanoTime() - start;
        Pause.millis(PAUSE_MILLIS);
        start = System.nanoTime();
        process.setRun().orThrow("setRun");
        runs[i] = System.nanoTime() - start;
      }
    }
    return List.of(figure("stop", stops), figure("setRun", runs));
  }

  private static Figure figure(String call, long[] nanos) {
    return new Figure(
        call + ", shared, 1 thread, " + PAUSE_MILLIS + " ms after the call before",
        Median.of(Arrays.stream(nanos).asDoubleStream()) / 1e3,
        "µs",
        MOST_MICROS);
  }
}
