package org.libproc4j.benchmarks;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.libproc4j.GrabException;
import org.libproc4j.GrabOption;
import org.libproc4j.ProcessHandle;
import org.libproc4j.Tracer;

/** What a stop and run leave to the garbage collector, and what control takes of the heap. */
final class Footprint {
  private static final String TEXT =
      """
      Allocated is what all threads of the JVM have allocated while a process was stopped and set running, many times over, and
      after as many times in which it was compiled. Held is how much more of the heap is in use, after a collection, while there
      is control of a process.
      """;

  private static final List<Integer> SIZES = List.of(1, 10, 1_000);
  private static final double MOST_BYTES = 0;
  private static final int BATCHES = 5;

  /** Since what runs once is compiled late. */
  private static final int WARM_UP_BATCHES = 4;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private Footprint() {}

  static Section measure(Effort effort) throws GrabException {
    List<Figure> figures = new ArrayList<>();
    List<Integer> sizes = SIZES.stream().filter(effort.threads()::contains).toList();
    for (int threads : sizes) {
      int cycles = Math.clamp(effort.of(50_000, 10_000, 20) / threads, 1, 20_000);
      figures.add(
          new Figure(
              "allocated a cycle, confined, " + Sleepers.inWords(threads),
              allocated(threads, cycles, Tracer.ofConfined()),
              "B",
              MOST_BYTES));
      figures.add(
          Figure.of(
              "allocated a cycle, shared, " + Sleepers.inWords(threads),
              allocated(threads, Math.ceilDiv(cycles, 4), Tracer.ofShared()),
              "B"));
    }
    for (int threads : sizes) {
      figures.add(Figure.of("held, " + Sleepers.inWords(threads), held(threads), "B a thread"));
    }
    return new Section("Memory and garbage", TEXT, List.of(), List.of(), figures);
  }

  /** The median of some batches, in one of which the compiler may still replace what runs. */
  static double allocated(int threads, int cycles, Tracer tracer) throws GrabException {
    return allocated(new Sleepers(threads), cycles, tracer);
  }

  /** As above, of this target, which it closes. */
  static double allocated(Sleepers target, int cycles, Tracer tracer) throws GrabException {
    try (Ring ring = new Ring(target, Placement.TOGETHER);
        tracer) {
      double[] batches = new double[WARM_UP_BATCHES + BATCHES];
      ring.inJava(tracer, process -> cycle(process, cycles, batches)).once();
      return Median.of(
          IntStream.range(WARM_UP_BATCHES, batches.length).mapToDouble(i -> batches[i]));
    }
  }

  private static double cycle(ProcessHandle process, int cycles, double[] batches) {
    for (int batch = 0; batch < batches.length; batch++) {
      long before = THREADS.getTotalThreadAllocatedBytes();
      for (int i = 0; i < cycles; i++) {
        process.stop().orThrow("stop");
        process.setRun().orThrow("setRun");
      }
      batches[batch] = (double) (THREADS.getTotalThreadAllocatedBytes() - before) / cycles;
    }
    return batches[batches.length - 1];
  }

  private static double held(int threads) throws GrabException {
    try (Sleepers target = new Sleepers(threads);
        Tracer tracer = Tracer.ofConfined()) {
      tracer.grab(target.pid()).close(); // what is held for good is there
      double[] held = new double[BATCHES];
      for (int i = 0; i < BATCHES; i++) {
        long before = used();
        try (ProcessHandle process = tracer.grab(target.pid(), GrabOption.NOSTOP)) {
          held[i] = (double) (used() - before) / threads;
          process.stop().orThrow("stop"); // until here, it is in use
        }
      }
      return Median.of(Arrays.stream(held));
    }
  }

  private static long used() {
    var memory = ManagementFactory.getMemoryMXBean();
    memory.gc();
    return memory.getHeapMemoryUsage().getUsed();
  }
}
