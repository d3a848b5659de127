package org.libproc4j.benchmarks;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.libproc4j.Errno;
import org.libproc4j.GrabException;
import org.libproc4j.GrabOption;
import org.libproc4j.ProcessHandle;
import org.libproc4j.Tracer;

/** Waits that nothing ends but the waiter's own wish, in microseconds. */
final class Waits {
  private Waits() {}

  static double cpuOfEndlessWait(Supplier<Tracer> tracers, Duration idle) {
    var threads = ManagementFactory.getThreadMXBean();
    try (Sleepers target = new Sleepers(1)) {
      Semaphore begun = new Semaphore(0);
      Waiter waiter =
          new Waiter(
              tracers,
              target,
              process -> {
                begun.release();
                Errno result = process.awaitStop();
                if (result != Errno.EINTR) {
                  throw new IllegalStateException("awaitStop: " + result);
                }
              });
      begun.acquireUninterruptibly();
      Pause.millis(100);
      List<Thread> busy = new ArrayList<>(List.of(waiter.thread));
      Thread.getAllStackTraces().keySet().stream()
          .filter(thread -> thread.getName().startsWith("libproc4j-tracer"))
          .forEach(busy::add);
      long before = busy.stream().mapToLong(t -> threads.getThreadCpuTime(t.threadId())).sum();
      Pause.millis((int) idle.toMillis());
      long after = busy.stream().mapToLong(t -> threads.getThreadCpuTime(t.threadId())).sum();
      waiter.thread.interrupt();
      waiter.join();
      return (after - before) / 1e3;
    }
  }

  /** The median by which a wait of 10 ms returns late. */
  static double overshoot(Supplier<Tracer> tracers, int repeats) throws GrabException {
    Duration limit = Duration.ofMillis(10);
    try (Sleepers target = new Sleepers(1);
        Tracer tracer = tracers.get();
        ProcessHandle process = tracer.grab(target.pid(), GrabOption.NOSTOP)) {
      return Median.of(
              IntStream.range(0, repeats)
                  .mapToLong(
                      _ -> {
                        long start = System.nanoTime();
                        process.awaitStop(limit).orThrow("awaitStop");
                        return System.nanoTime() - start - limit.toNanos();
                      })
                  .asDoubleStream())
          / 1e3;
    }
  }
}
