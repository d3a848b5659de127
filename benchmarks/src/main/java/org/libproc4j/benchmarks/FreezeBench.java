package org.libproc4j.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.libproc4j.freezer.FreezeException;

/** All that is measured of the freezer. Runs in {@link BenchNamespace} only. */
final class FreezeBench {
  private static final double C_BAR = 1.3;
  private static final double GROWTH_BAR = 1.3;

  /** Whose ratios are promised. */
  private static final int JUDGED = 2_000;

  /** From which number of threads the cost of each is compared with that of the most. */
  private static final int MANY = 500;

  private static final int THREADS_EACH = 10;

  private final boolean quick;
  private final List<Freezes.Row> rows = new ArrayList<>();
  private final List<Figure> figures = new ArrayList<>();

  private FreezeBench(boolean quick) {
    this.quick = quick;
  }

  static FreezeBench measure(boolean quick) throws FreezeException {
    FreezeBench bench = new FreezeBench(quick);
    bench.compare();
    bench.judge();
    note("heap, busy processes");
    int most = quick ? 200 : 1_000;
    bench.figures.addAll(FreezeHeap.measure(most, THREADS_EACH, quick ? 1 : 3));
    bench.figures.addAll(FreezeBusy.measure(quick ? 500 : 2_000, quick ? 3 : 5));
    return bench;
  }

  List<Freezes.Row> rows() {
    return rows;
  }

  List<Figure> figures() {
    return figures;
  }

  private void compare() {
    int rounds = quick ? 5 : 15;
    note("warming up");
    Freezes.compare(500, 1, quick ? 10 : 30, 1);
    for (int processes : new int[] {50, 500, 2_000}) {
      add(processes, 1, rounds);
    }
    for (int processes : quick ? new int[] {50, 500} : new int[] {5, 50, 500, 1_000}) {
      add(processes, THREADS_EACH, rounds);
    }
  }

  private void add(int processes, int threadsEach, int rounds) {
    note(String.format(Locale.ROOT, "%,d processes of %d threads", processes, threadsEach));
    rows.addAll(Freezes.compare(processes, threadsEach, 3, rounds));
  }

  private void judge() {
    for (Means means : Means.here()) {
      List<Freezes.Row> own = rows.stream().filter(row -> row.means() == means).toList();
      own.stream().filter(row -> row.threads() == JUDGED).forEach(this::judge);
      List<Freezes.Row> many = own.stream().filter(row -> row.threadsEach() > 1).toList();
      growth(
          means,
          many.stream().filter(row -> row.threads() == MANY).findFirst().orElseThrow(),
          many.getLast());
    }
  }

  private void judge(Freezes.Row row) {
    String of = String.format(Locale.ROOT, ", %,d processes", row.processes());
    String ours = row.means() + " / ";
    figures.add(
        new Figure("freeze, " + ours + "C" + of, row.ours().freezeRatio(row.c()), "", C_BAR));
    figures.add(new Figure("thaw, " + ours + "C" + of, row.ours().thawRatio(row.c()), "", C_BAR));
    FreezeSeries peer = row.peer();
    if (peer != null) {
      figures.add(
          new Figure(
              "freeze, " + ours + "Sys::FreezeThaw" + of,
              row.ours().freezeRatio(peer),
              "",
              row.means().peerBar));
      figures.add(
          Figure.of("thaw, " + ours + "Sys::FreezeThaw" + of, row.ours().thawRatio(peer), ""));
    }
  }

  /** A cost that is linear in the threads does not grow for each of them. */
  private void growth(Means means, Freezes.Row few, Freezes.Row most) {
    double factor = (double) few.threads() / most.threads();
    double ours = most.ours().freezeMillis() / few.ours().freezeMillis() * factor;
    double c = most.c().freezeMillis() / few.c().freezeMillis() * factor;
    String span =
        String.format(
            Locale.ROOT,
            "growth of the cost a thread from %,d to %,d threads, %s",
            few.threads(),
            most.threads(),
            means);
    figures.add(new Figure(span, ours, "", GROWTH_BAR));
    figures.add(Figure.of(span + " in C", c, ""));
  }

  private static void note(String what) {
    System.err.println("bench: " + what);
  }
}
