package org.libproc4j.examples;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.libproc4j.ProcessHandle;

/** Waits for any of several processes to end: a thread for each, until the tool itself ends. */
final class Endings<K> {
  private final BlockingQueue<K> ended = new LinkedBlockingQueue<>();

  Endings(Map<K, ProcessHandle> processes) {
    processes.forEach(
        (key, process) ->
            Thread.ofPlatform()
                .daemon()
                .name("ending-of-" + process.pid())
                .start(
                    () -> {
                      if (process.awaitEnd().isOk()) {
                        ended.add(key);
                      }
                    }));
  }

  /** The next one that has ended, or empty at the deadline. */
  Optional<K> next(Deadline deadline) throws InterruptedException {
    return Optional.ofNullable(ended.poll(deadline.nanosLeft(), TimeUnit.NANOSECONDS));
  }
}
