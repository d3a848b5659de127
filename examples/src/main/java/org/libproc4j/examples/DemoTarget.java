package org.libproc4j.examples;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;

/** The process that the demo controls: eight counting threads. It ends when its input does. */
final class DemoTarget {
  private static final int BURST = 10;
  private static final long PAUSE_NANOS = 100_000;

  private DemoTarget() {}

  public static void main(String[] args) throws IOException {
    Counters counters = Counters.map(Path.of(args[0]));
    for (int i = 0; i < Counters.COUNT; i++) {
      int counter = i;
      Thread.ofPlatform().daemon().name(Counters.THREAD + i).start(() -> count(counters, counter));
    }
    System.out.println("ready");
    while (System.in.read() >= 0) {}
  }

  /** In bursts, so that eight threads are no burden where there are few processors. */
  private static void count(Counters counters, int counter) {
    while (true) {
      for (int i = 0; i < BURST; i++) {
        counters.increment(counter);
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }
}
