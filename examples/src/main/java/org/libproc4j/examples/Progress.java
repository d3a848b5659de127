package org.libproc4j.examples;

import java.time.Duration;

/**
 * Says on a terminal that freezing takes its time. On nothing else, and not on one whose emulator
 * is to be frozen: nobody would take it from us.
 */
final class Progress implements AutoCloseable {
  private static final Duration STEP = Duration.ofSeconds(1);

  private final Thread thread;

  Progress(boolean everybodyIsFrozen) {
    thread = Thread.ofPlatform().daemon().unstarted(Progress::tell);
    if (!everybodyIsFrozen && Terminal.isError()) {
      thread.start();
    }
  }

  private static void tell() {
    try {
      for (int seconds = 1; ; seconds++) {
        Thread.sleep(STEP);
        System.err.println("pfreeze: freezing for " + seconds + " s now");
      }
    } catch (InterruptedException e) {
      // done
    }
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
