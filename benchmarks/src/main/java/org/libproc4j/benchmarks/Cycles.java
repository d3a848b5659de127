package org.libproc4j.benchmarks;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.libproc4j.Errno;
import org.libproc4j.ProcessHandle;

/** The median time of a stop of all threads together with the run after it, in microseconds. */
final class Cycles {
  private Cycles() {}

  /** Stops and runs a process so often, with a pause before each call. */
  static double micros(ProcessHandle process, int cycles, int pauseMillis) {
    long[] nanos = new long[cycles];
    for (int i = 0; i < cycles; i++) {
      Pause.millis(pauseMillis);
      long start = System.nanoTime();
      Errno stop = process.stop();
      long stopped = System.nanoTime() - start;
      Pause.millis(pauseMillis);
      start = System.nanoTime();
      Errno run = process.setRun();
      nanos[i] = stopped + System.nanoTime() - start;
      stop.orThrow("stop");
      run.orThrow("setRun");
    }
    return Median.of(Arrays.stream(nanos).asDoubleStream()) / 1e3;
  }

  /** As the C program prints them: each stop's nanoseconds, and each run's. */
  static double micros(String line) {
    double[] all =
        Arrays.stream(line.trim().split(" ", -1)).mapToDouble(Double::parseDouble).toArray();
    return Median.of(
            IntStream.range(0, all.length / 2).mapToDouble(i -> all[2 * i] + all[2 * i + 1]))
        / 1e3;
  }
}
