package org.libproc4j.benchmarks;

import java.util.function.IntSupplier;

/** Who reads (pid, ppid, state, flags, start time, name) of all processes. */
interface Sweeper extends AutoCloseable {
  /** The nanoseconds of each of so many sweeps. */
  double[] nanos(int sweeps);

  /** How many processes the last sweep found. */
  int found();

  @Override
  void close();

  /** Another program, which answers {@code sweep N} and {@code count}. */
  static Sweeper of(Helper helper) {
    return new Sweeper() {
      @Override
      public double[] nanos(int sweeps) {
        return helper.numbers("sweep " + sweeps);
      }

      @Override
      public int found() {
        return Integer.parseInt(helper.ask("count"));
      }

      @Override
      public void close() {
        helper.close();
      }
    };
  }

  /** A method here, which returns how many processes it found. */
  static Sweeper of(IntSupplier sweep) {
    return new Sweeper() {
      private int found;

      @Override
      public double[] nanos(int sweeps) {
        double[] nanos = new double[sweeps];
        for (int i = 0; i < sweeps; i++) {
          long start = System.nanoTime();
          found = sweep.getAsInt();
          nanos[i] = System.nanoTime() - start;
        }
        return nanos;
      }

      @Override
      public int found() {
        return found;
      }

      @Override
      public void close() {}
    };
  }
}
