package org.libproc4j.benchmarks;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.libproc4j.GrabException;
import org.libproc4j.GrabOption;
import org.libproc4j.ProcessHandle;
import org.libproc4j.ProcessState;
import org.libproc4j.StopRequest;
import org.libproc4j.Tracer;

/** How soon waits return after a SIGSTOP: by turns, each with a target of its own. */
final class WakeUps {
  private static final int SIGCONT = 18;
  private static final int SIGSTOP = 19;
  private static final int UNTIL_ASLEEP_MILLIS = 5;
  private static final int WARM_UPS = 20;

  /** Who waits, again and again. */
  private interface Waiting extends AutoCloseable {
    /** Returns when the next wait begins. */
    void begin();

    /** When the wait has returned, by {@link System#nanoTime}, which is CLOCK_MONOTONIC. */
    long returned();

    /** Returns when the target runs again, once a SIGCONT has been sent. */
    void runs();

    @Override
    void close();
  }

  private final Map<String, double[]> micros = new LinkedHashMap<>();

  static WakeUps measure(int repeats) throws GrabException {
    WakeUps wakeUps = new WakeUps();
    try (Sleepers ofC = new Sleepers(1);
        Sleepers ofConfined = new Sleepers(1);
        Sleepers ofShared = new Sleepers(1);
        Waiting c = new InC(ofC);
        Waiting confined = new Ours(Tracer::ofConfined, ofConfined, repeats + WARM_UPS);
        Waiting shared = new Ours(Tracer::ofShared, ofShared, repeats + WARM_UPS)) {
      for (int i = -WARM_UPS; i < repeats; i++) {
        wakeUps.once(Ring.C, c, ofC, i, repeats);
        wakeUps.once(Ring.CONFINED, confined, ofConfined, i, repeats);
        wakeUps.once(Ring.SHARED, shared, ofShared, i, repeats);
      }
    }
    return wakeUps;
  }

  List<String> names() {
    return List.copyOf(micros.keySet());
  }

  double[] micros(String name) {
    return Objects.requireNonNull(micros.get(name), name);
  }

  double median(String name) {
    return Median.of(Arrays.stream(micros(name)));
  }

  /** Of the medians: each single time depends on much else. */
  double ratio(String name) {
    return median(name) / median(Ring.C);
  }

  private void once(String name, Waiting waiting, Sleepers target, int i, int repeats)
      throws GrabException {
    waiting.begin();
    Pause.millis(UNTIL_ASLEEP_MILLIS);
    try (ProcessHandle somebodyElse = ProcessHandle.grab(target.pid(), GrabOption.RDONLY)) {
      long sent = System.nanoTime();
      somebodyElse.kill(SIGSTOP).orThrow("SIGSTOP");
      long returned = waiting.returned();
      if (i >= 0) {
        micros.computeIfAbsent(name, _ -> new double[repeats])[i] = (returned - sent) / 1e3;
      }
      somebodyElse.kill(SIGCONT).orThrow("SIGCONT");
      waiting.runs();
    }
  }

  private static final class InC implements Waiting {
    private final Helper tracer;

    InC(Sleepers target) {
      tracer = Helper.start("tracer", target.pid());
      tracer.ask("seize");
    }

    @Override
    public void begin() {
      tracer.ask("await");
    }

    @Override
    public long returned() {
      return Long.parseLong(tracer.answer());
    }

    @Override
    public void runs() {
      tracer.answer();
    }

    @Override
    public void close() {
      tracer.close();
    }
  }

  private static final class Ours implements Waiting {
    private final Semaphore begun = new Semaphore(0);
    private final Semaphore stopped = new Semaphore(0);
    private final Waiter waiter;
    private volatile long returned;

    Ours(Supplier<Tracer> tracers, Sleepers target, int times) {
      waiter = new Waiter(tracers, target, process -> await(process, times));
    }

    private void await(ProcessHandle process, int times) {
      for (int i = 0; i < times; i++) {
        begun.release();
        process.awaitStop().orThrow("awaitStop");
        returned = System.nanoTime();
        stopped.release();
        while (process.state() != ProcessState.RUN) {
          process.stop(StopRequest.PCNULL, 0);
        }
      }
    }

    @Override
    public void begin() {
      begun.acquireUninterruptibly();
    }

    @Override
    public long returned() {
      stopped.acquireUninterruptibly();
      return returned;
    }

    /** The next wait begins then. */
    @Override
    public void runs() {}

    @Override
    public void close() {
      waiter.join();
    }
  }
}
