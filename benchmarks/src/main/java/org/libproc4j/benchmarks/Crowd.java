package org.libproc4j.benchmarks;

/** A number of processes with nothing to do; they end with this object or this JVM. */
final class Crowd implements AutoCloseable {
  private final Helper helper;

  Crowd(int processes) {
    this(processes, 1);
  }

  /** Each of them has so many threads. */
  Crowd(int processes, int threads) {
    helper = Helper.start("crowd", String.valueOf(processes), String.valueOf(threads));
    helper.answer();
  }

  /** The process that has started them, and is to tell them what to do. */
  int parent() {
    return helper.pid();
  }

  /** From now on, one thread of each uses its processor without a rest; or has nothing to do. */
  void spin(boolean on) {
    helper.ask(on ? "spin" : "rest");
  }

  @Override
  public void close() {
    helper.close();
  }
}
