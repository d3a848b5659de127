package org.libproc4j.benchmarks;

import java.util.Arrays;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.libproc4j.Errno;

/**
 * Stops, each with the run after it.
 *
 * @param stops microseconds of each
 * @param runs microseconds of each
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Cycles(double[] stops, double[] runs) {
  /** Calls so often, with a pause before each call. */
  static Cycles of(Supplier<Errno> stop, Supplier<Errno> run, int cycles, int pauseMillis) {
    double[] stops = new double[cycles];
    double[] runs = new double[cycles];
    for (int i = 0; i < cycles; i++) {
      Pause.millis(pauseMillis);
      long start = System.nanoTime();
      Errno stopped = stop.get();
      stops[i] = (System.nanoTime() - start) / 1e3;
      Pause.millis(pauseMillis);
      start = System.nanoTime();
      Errno running = run.get();
      runs[i] = (System.nanoTime() - start) / 1e3;
      stopped.orThrow("stop");
      running.orThrow("setRun");
    }
    return new Cycles(stops, runs);
  }

  /** As the C program answers: each stop's nanoseconds, and each run's. */
  static Cycles of(double[] nanos) {
    double[] micros = Arrays.stream(nanos).map(n -> n / 1e3).toArray();
    int cycles = micros.length / 2;
    return new Cycles(
        IntStream.range(0, cycles).mapToDouble(i -> micros[2 * i]).toArray(),
        IntStream.range(0, cycles).mapToDouble(i -> micros[2 * i + 1]).toArray());
  }

  /** The median of a stop and the run after it. */
  double micros() {
    return Median.of(IntStream.range(0, stops.length).mapToDouble(i -> stops[i] + runs[i]));
  }
}
