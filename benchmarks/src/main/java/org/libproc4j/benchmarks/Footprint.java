package org.libproc4j.benchmarks;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.libproc4j.GrabException;
import org.libproc4j.GrabOption;
import org.libproc4j.ProcessHandle;
import org.libproc4j.Tracer;

/** What a stop and run leave to the garbage collector, and what taking control costs. */
final class Footprint {
  private static final double MOST_BYTES = 100;

  private interface Grab {
    ProcessHandle grab(int pid) throws GrabException;
  }

  private Footprint() {}

  static List<Figure> measure(int cycles, int repeats) throws GrabException {
    List<Figure> figures = new ArrayList<>();
    for (int threads : new int[] {1, 10, 1_000}) {
      figures.add(
          new Figure(
              "allocated a cycle, confined" + size(threads),
              allocated(threads, Math.max(cycles / threads, 500)),
              "B",
              MOST_BYTES));
    }
    for (int threads : new int[] {1, 1_000}) {
      String size = size(threads);
      figures.add(
          Figure.of(
              "grab and release, with a tracer of its own" + size,
              grabAndRelease(threads, repeats, ProcessHandle::grab),
              "µs"));
      try (Tracer shared = Tracer.ofShared()) {
        figures.add(
            Figure.of(
                "grab and release, shared" + size,
                grabAndRelease(threads, repeats, shared::grab),
                "µs"));
      }
      try (Tracer confined = Tracer.ofConfined()) {
        figures.add(
            Figure.of(
                "grab and release, confined" + size,
                grabAndRelease(threads, repeats, confined::grab),
                "µs"));
      }
    }
    return figures;
  }

  private static String size(int threads) {
    return threads == 1 ? ", 1 thread" : String.format(Locale.ROOT, ", %,d threads", threads);
  }

  private static double allocated(int threads, int cycles) throws GrabException {
    ThreadMXBean beans = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long self = Thread.currentThread().threadId();
    try (Sleepers target = new Sleepers(threads);
        Tracer tracer = Tracer.ofConfined();
        ProcessHandle process = tracer.grab(target.pid(), GrabOption.NOSTOP)) {
      cycle(process, 4 * cycles); // until it is compiled to the end
      long before = beans.getThreadAllocatedBytes(self);
      cycle(process, cycles);
      return (double) (beans.getThreadAllocatedBytes(self) - before) / cycles;
    }
  }

  private static void cycle(ProcessHandle process, int cycles) {
    for (int i = 0; i < cycles; i++) {
      process.stop().orThrow("stop");
      process.setRun().orThrow("setRun");
    }
  }

  private static double grabAndRelease(int threads, int repeats, Grab grab) throws GrabException {
    long[] nanos = new long[repeats];
    try (Sleepers target = new Sleepers(threads)) {
      for (int i = 0; i < repeats; i++) {
        long start = System.nanoTime();
        grab.grab(target.pid()).close();
        nanos[i] = System.nanoTime() - start;
      }
    }
    return Median.of(Arrays.stream(nanos).asDoubleStream()) / 1e3;
  }
}
