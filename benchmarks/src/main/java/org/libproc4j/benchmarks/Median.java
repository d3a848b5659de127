package org.libproc4j.benchmarks;

import java.util.stream.DoubleStream;

/** The figure that a noisy neighbour moves least. */
final class Median {
  private Median() {}

  static double of(DoubleStream values) {
    double[] sorted = values.sorted().toArray();
    int n = sorted.length;
    return n % 2 == 1 ? sorted[n / 2] : (sorted[n / 2 - 1] + sorted[n / 2]) / 2;
  }
}
