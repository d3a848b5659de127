package org.libproc4j.benchmarks;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What a freeze leaves to the garbage collector. */
final class FreezeHeap {
  private static final double MOST_MEBIBYTES = 64;
  private static final double MEBIBYTE = 1 << 20;

  private FreezeHeap() {}

  /** For each of the means, with so many processes of so many threads. */
  static List<Figure> measure(int processes, int threadsEach, int warmUps) {
    List<Figure> figures = new ArrayList<>();
    try (Crowd crowd = Crowd.toFreeze(processes, threadsEach);
        Cast cast = new Cast(crowd)) {
      for (Means means : Means.here()) {
        Freezing ours = cast.ours(means);
        for (int i = 0; i < warmUps; i++) {
          ours.once();
        }
        figures.add(
            new Figure(
                String.format(
                    Locale.ROOT,
                    "heap of this JVM with all that a freeze and thaw of %,d threads allocate, %s",
                    processes * threadsEach,
                    means),
                heap(ours) / MEBIBYTE,
                "MiB",
                MOST_MEBIBYTES));
      }
    }
    return figures;
  }

  /** As if nothing were collected meanwhile. */
  private static double heap(Freezing ours) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    var memory = ManagementFactory.getMemoryMXBean();
    memory.gc();
    long there = memory.getHeapMemoryUsage().getUsed();
    long before = threads.getTotalThreadAllocatedBytes();
    ours.once();
    return there + threads.getTotalThreadAllocatedBytes() - before;
  }
}
