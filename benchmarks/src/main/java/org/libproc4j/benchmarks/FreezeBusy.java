package org.libproc4j.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.libproc4j.freezer.FreezeException;
import org.libproc4j.freezer.FreezeReport;
import org.libproc4j.freezer.Frozen;

/** A freeze of processes none of which leaves its processor of its own accord. */
final class FreezeBusy {
  private static final double MOST_MILLIS = 200;

  private FreezeBusy() {}

  static List<Figure> measure(int processes, int rounds) throws FreezeException {
    List<Figure> figures = new ArrayList<>();
    try (Crowd crowd = Crowd.toFreeze(processes, 1);
        Cast cast = new Cast(crowd)) {
      for (Means means : Means.here()) {
        List<Double> callers = new ArrayList<>();
        List<Double> own = new ArrayList<>();
        String scheduling = "";
        for (int round = 0; round < rounds; round++) {
          crowd.spin(true);
          Pause.millis(100);
          long start = System.nanoTime();
          try (Frozen frozen = cast.freezer(means).freeze()) {
            callers.add((System.nanoTime() - start) / 1e6);
            crowd.spin(false);
            FreezeReport report = frozen.report();
            own.add(report.freezeTime().toNanos() / 1e6);
            scheduling = report.scheduling();
          }
        }
        String what =
            String.format(Locale.ROOT, "freeze of %,d spinning processes, %s, ", processes, means);
        boolean promised = means == Means.TRACE && scheduling.equals("SCHED_FIFO");
        figures.add(
            new Figure(
                what + scheduling,
                Median.of(own.stream().mapToDouble(v -> v)),
                "ms",
                promised ? MOST_MILLIS : null));
        figures.add(
            Figure.of(
                what + "until its caller goes on",
                Median.of(callers.stream().mapToDouble(v -> v)),
                "ms"));
      }
    }
    return figures;
  }
}
