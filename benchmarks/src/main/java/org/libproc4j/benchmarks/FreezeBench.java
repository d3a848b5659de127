package org.libproc4j.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.libproc4j.freezer.FreezeException;

/** All that is measured of the freezer, in a {@link BenchNamespace}. */
final class FreezeBench {
  private static final String TEXT =
      """
      In a PID namespace made for this, with nothing in it but what was started there: nothing else can be reached. Who takes part
      takes turns, 100 ms apart. *libproc4j* is from the caller's call to its return, which includes the thread that freezes, the
      kernel's timer, the handlers of signals, the guardian, and the journal where there is one. The C programs do the same to
      the machine, with the same verification and precedence, but have no guardian, no journal and no timer. Sys::FreezeThaw takes
      part where Perl finds it; it looks at leaders alone, and gives up where a process has not stopped after 10 ms (it is then
      asked again).
      """;

  private static final String TITLE = "Freezes";
  private static final Path SECTION =
      Path.of(System.getProperty("libproc4j.bench", "."), "freeze.json");

  private static final double C_BAR = 1.3;
  private static final double GROWTH_BAR = 1.3;

  /** Whose ratios are promised. */
  private static final int JUDGED = 2_000;

  /** From which number of threads the cost of each is compared with that of the most. */
  private static final int MANY = 500;

  private static final int THREADS_EACH = 10;

  private final Effort effort;
  private final List<Freezes.Row> rows = new ArrayList<>();
  private final List<Figure> figures = new ArrayList<>();

  private FreezeBench(Effort effort) {
    this.effort = effort;
  }

  /** By this program anew, inside a namespace; what it has measured comes in a file. */
  static Section measureInside(Effort effort) {
    if (!BenchNamespace.isPossible()) {
      String why = "\nNot measured: no PID namespace can be made here (`unshare` failed).\n";
      return new Section(TITLE, TEXT + why, List.of(), List.of(), List.of());
    }
    try {
      Files.deleteIfExists(SECTION);
      int status = BenchNamespace.run(Options.inside(effort));
      if (status != 0) {
        throw new IllegalStateException("the freezer's benchmark failed with " + status);
      }
      return Page.JSON.readValue(SECTION.toFile(), Section.class);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** To be called inside. */
  static void measure(Effort effort) throws FreezeException, IOException {
    BenchNamespace.refuseOutside();
    FreezeBench bench = new FreezeBench(effort);
    bench.compare();
    bench.judge();
    int most = effort.of(1_000, 200, 5);
    bench.figures.addAll(FreezeHeap.measure(most, THREADS_EACH, effort.of(3, 1, 1)));
    bench.figures.addAll(FreezeBusy.measure(effort.of(2_000, 500, 5), effort.of(5, 3, 1)));
    Section section =
        new Section(
            TITLE, TEXT, List.of(bench.plot()), List.of(Freezes.table(bench.rows)), bench.figures);
    Page.JSON.writeValue(SECTION.toFile(), section);
  }

  /** Of processes of one thread. */
  private Plot plot() {
    Plot plot = Plot.ofCosts("freeze", "Freeze all processes", "processes", "ms");
    for (Freezes.Row row : rows) {
      if (row.threadsEach() == 1) {
        plot.add(row.means() + ", C", row.processes(), row.c().freezeMillis());
        plot.add(row.means() + ", libproc4j", row.processes(), row.ours().freezeMillis());
        FreezeSeries peer = row.peer();
        if (peer != null && row.means() == rows.getFirst().means()) {
          plot.add(Peer.SYS_FREEZETHAW.called, row.processes(), peer.freezeMillis());
        }
      }
    }
    return plot;
  }

  private void compare() {
    Freezes.compare(effort.of(500, 500, 5), 1, effort.of(15, 10, 1), 1);
    for (int processes : effort.of(List.of(50, 500, 2_000), List.of(50, 500, 2_000), List.of(5))) {
      add(processes, 1);
    }
    for (int processes : effort.of(List.of(50, 500, 1_000), List.of(50, 500), List.of(5))) {
      add(processes, THREADS_EACH);
    }
  }

  private void add(int processes, int threadsEach) {
    rows.addAll(Freezes.compare(processes, threadsEach, effort.of(3, 2, 1), effort.of(9, 5, 1)));
  }

  private void judge() {
    for (Means means : Means.here()) {
      List<Freezes.Row> own = rows.stream().filter(row -> row.means() == means).toList();
      own.stream().filter(row -> row.threads() == JUDGED).forEach(this::judge);
      List<Freezes.Row> many = own.stream().filter(row -> row.threadsEach() > 1).toList();
      many.stream()
          .filter(row -> row.threads() == MANY)
          .findFirst()
          .ifPresent(few -> growth(means, few, many.getLast()));
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
}
