package org.libproc4j.benchmarks;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.libproc4j.Errno;
import org.libproc4j.GrabException;
import org.libproc4j.GrabOption;
import org.libproc4j.ProcessHandle;
import org.libproc4j.ProcessState;
import org.libproc4j.StopRequest;
import org.libproc4j.Tracer;

/** Waiting for somebody else's stop: how soon it returns, and what it costs until then. */
final class Waits {
  private static final int SIGCONT = 18;
  private static final int SIGSTOP = 19;
  private static final double MOST_WAKE_MICROS = 100;
  private static final double MOST_OVERSHOOT_MICROS = 2_000;

  /** A JVM's clock of a thread's CPU time ticks in far smaller steps than this. */
  private static final double NOT_MEASURABLE_MICROS = 1_000;

  private Waits() {}

  static List<Figure> measure(int repeats, Duration idle) throws GrabException {
    List<Figure> figures = new ArrayList<>();
    figures.add(
        new Figure(
            "awaitStop returns after SIGSTOP was sent, shared",
            wakeUp(Tracer::ofShared, repeats),
            "µs",
            MOST_WAKE_MICROS));
    figures.add(
        new Figure(
            "awaitStop returns after SIGSTOP was sent, confined",
            wakeUp(Tracer::ofConfined, repeats),
            "µs",
            MOST_WAKE_MICROS));
    figures.add(
        new Figure(
            "CPU time of an endless awaitStop and its tracer in " + idle.toSeconds() + " s, shared",
            cpuOfEndlessWait(Tracer::ofShared, idle),
            "µs",
            NOT_MEASURABLE_MICROS));
    figures.add(
        new Figure(
            "CPU time of an endless awaitStop in " + idle.toSeconds() + " s, confined",
            cpuOfEndlessWait(Tracer::ofConfined, idle),
            "µs",
            NOT_MEASURABLE_MICROS));
    figures.add(
        new Figure(
            "PCWSTOP of 10 ms returns late by, shared",
            overshoot(Tracer::ofShared, repeats),
            "µs",
            MOST_OVERSHOOT_MICROS));
    figures.add(
        new Figure(
            "PCWSTOP of 10 ms returns late by, confined",
            overshoot(Tracer::ofConfined, repeats),
            "µs",
            MOST_OVERSHOOT_MICROS));
    return figures;
  }

  /** From just before a SIGSTOP is sent until {@code awaitStop} has returned because of it. */
  private static double wakeUp(Supplier<Tracer> tracers, int repeats) throws GrabException {
    long[] returned = new long[repeats];
    long[] nanos = new long[repeats];
    Semaphore begun = new Semaphore(0);
    Semaphore stopped = new Semaphore(0);
    try (Sleepers target = new Sleepers(1);
        ProcessHandle somebodyElse = ProcessHandle.grab(target.pid(), GrabOption.RDONLY)) {
      Waiter waiter =
          new Waiter(
              tracers,
              target,
              process -> {
                for (int i = 0; i < repeats; i++) {
                  begun.release();
                  process.awaitStop().orThrow("awaitStop");
                  returned[i] = System.nanoTime();
                  stopped.release();
                  while (process.state() != ProcessState.RUN) {
                    process.stop(StopRequest.PCNULL, 0);
                  }
                }
              });
      for (int i = 0; i < repeats; i++) {
        begun.acquireUninterruptibly();
        Pause.millis(5);
        long sent = System.nanoTime();
        somebodyElse.kill(SIGSTOP).orThrow("SIGSTOP");
        stopped.acquireUninterruptibly();
        nanos[i] = returned[i] - sent;
        somebodyElse.kill(SIGCONT).orThrow("SIGCONT");
      }
      waiter.join();
    }
    return Median.of(Arrays.stream(nanos).asDoubleStream()) / 1e3;
  }

  private static double cpuOfEndlessWait(Supplier<Tracer> tracers, Duration idle) {
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

  private static double overshoot(Supplier<Tracer> tracers, int repeats) throws GrabException {
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

  /** A thread with a tracer of its own that has control of a target. */
  private static final class Waiter {
    private interface Body {
      void run(ProcessHandle process);
    }

    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    final Thread thread;

    Waiter(Supplier<Tracer> tracers, Sleepers target, Body body) {
      thread =
          Thread.ofPlatform()
              .daemon()
              .start(
                  () -> {
                    try (Tracer tracer = tracers.get();
                        ProcessHandle process = tracer.grab(target.pid(), GrabOption.NOSTOP)) {
                      body.run(process);
                    } catch (GrabException | RuntimeException e) {
                      failure.set(e);
                    }
                  });
    }

    void join() {
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      if (failure.get() != null) {
        throw new IllegalStateException("the waiting thread failed", failure.get());
      }
    }
  }
}
