package org.libproc4j.benchmarks;

/** A number of processes with nothing to do; they end with this object or this JVM. */
final class Crowd implements AutoCloseable {
  private final Helper helper;

  Crowd(int processes) {
    helper = Helper.start("crowd", processes);
    helper.answer();
  }

  @Override
  public void close() {
    helper.close();
  }
}
