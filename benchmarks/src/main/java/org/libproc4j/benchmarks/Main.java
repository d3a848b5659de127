package org.libproc4j.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.libproc4j.GrabException;
import org.libproc4j.benchmarks.SideBySide.Row;
import org.libproc4j.benchmarks.SideBySide.Way;
import org.libproc4j.freezer.FreezeException;
import org.openjdk.jmh.runner.RunnerException;

/**
 * {@code libproc bench [--quick] [--jmh | --proc | --freeze]}: all measurements but those of JMH
 * and of the freezer; or the one of JMH alone, or the sweeps over {@code /proc} alone, or the
 * freezer alone.
 */
public final class Main {
  /** For the freezer's own use: this JVM is in the namespace that was made for it. */
  private static final String INSIDE = "--inside";

  private static final Set<String> OPTIONS =
      Set.of("--quick", "--jmh", "--proc", "--freeze", INSIDE);

  /** As many cycles a round as stop about so many threads. */
  private static final int STOPS_A_ROUND = 20_000;

  /** How many a sweep over {@code /proc} finds at least. */
  private static final int PROCESSES = 2_000;

  private static final int MOST_CYCLES_A_ROUND = 2_000;

  private static final double CONFINED_BAR = 1.3;
  private static final double SHARED_BAR = 3;
  private static final double MANY_THREADS_BAR = 1.2;

  /** The C program's own growth differs by this from run to run. */
  private static final double GROWTH_BAR = 1.05;

  private Main() {}

  public static void main(String[] args)
      throws IOException, GrabException, FreezeException, RunnerException {
    Set<String> options = Set.of(args);
    if (!OPTIONS.containsAll(options)) {
      System.err.println("usage: libproc bench [--quick] [--jmh | --proc | --freeze]");
      System.exit(2);
    }
    boolean quick = options.contains("--quick");
    Path out = Files.createDirectories(Path.of(System.getProperty("libproc4j.bench"), "results"));
    if (options.contains("--jmh")) {
      Jmh.run(quick, out.resolve("jmh.json"));
      return;
    }
    if (options.contains(INSIDE)) {
      BenchNamespace.refuseOutside();
      write(freezes(quick), out, "freeze");
    } else if (options.contains("--freeze")) {
      List<String> inside = new ArrayList<>(options);
      inside.add(INSIDE);
      System.exit(BenchNamespace.run(inside));
    } else {
      write(measure(quick, options.contains("--proc")), out, "bench");
    }
  }

  private static void write(Report report, Path out, String name) throws IOException {
    Files.writeString(out.resolve(name + ".json"), report.json());
    Files.writeString(out.resolve(name + ".md"), report.markdown());
    System.out.println(report.markdown());
    System.out.println("written to " + out);
  }

  private static Report freezes(boolean quick) throws FreezeException {
    FreezeBench bench = FreezeBench.measure(quick);
    return new Report(
        circumstances(), List.of(Tables.freezes(bench.rows()), Tables.figures(bench.figures())));
  }

  private static Report measure(boolean quick, boolean procOnly) throws GrabException {
    note("sweeps over /proc");
    Sweeps sweeps = Sweeps.measure(PROCESSES, quick ? 5 : 15);
    if (procOnly) {
      return new Report(
          circumstances(), List.of(Tables.sweeps(sweeps.rows()), Tables.figures(sweeps.figures())));
    }
    List<Row> rows = new ArrayList<>();
    List<Figure> figures = new ArrayList<>();
    try (SideBySide bench = new SideBySide(quick ? 5 : 15)) {
      note("warming up");
      bench.compare(1, MOST_CYCLES_A_ROUND, 0, Placement.FREE);
      bench.compare(100, cycles(100), 0, Placement.FREE);
      for (Placement placement : Placement.values()) {
        if (placement != Placement.APART || Runtime.getRuntime().availableProcessors() > 1) {
          for (int threads : new int[] {1, 10}) {
            add(rows, bench, threads, placement);
          }
        }
      }
      for (int threads : quick ? new int[] {100, 1_000} : new int[] {100, 1_000, 5_000}) {
        add(rows, bench, threads, Placement.FREE);
      }
      note("1 thread, calls " + Apart.PAUSE_MILLIS + " ms apart");
      rows.add(bench.compare(1, quick ? 10 : 20, Apart.PAUSE_MILLIS, Placement.FREE));
    }
    judge(rows, figures);
    figures.addAll(Apart.measure(quick ? 50 : 300));
    note("waits");
    figures.addAll(Waits.measure(quick ? 50 : 300, Duration.ofSeconds(quick ? 2 : 10)));
    note("allocation, grab and release");
    figures.addAll(Footprint.measure(quick ? 10_000 : 100_000, quick ? 20 : 100));
    figures.addAll(sweeps.figures());
    return new Report(
        circumstances(),
        List.of(Tables.cycles(rows), Tables.sweeps(sweeps.rows()), Tables.figures(figures)));
  }

  private static void add(List<Row> rows, SideBySide bench, int threads, Placement placement)
      throws GrabException {
    note(String.format(Locale.ROOT, "%,d threads, %s", threads, placement.inWords()));
    rows.add(bench.compare(threads, cycles(threads), 0, placement));
  }

  private static int cycles(int threads) {
    return Math.clamp(STOPS_A_ROUND / threads, 1, MOST_CYCLES_A_ROUND);
  }

  /** The promises that are ratios to the C program. */
  private static void judge(List<Row> rows, List<Figure> figures) {
    double costAt1000 = Double.NaN;
    for (Row row : rows) {
      double confined = row.ratio(Way.CONFINED);
      double shared = row.ratio(Way.SHARED);
      String where =
          String.format(
                  Locale.ROOT, ", %,d thread%s, ", row.threads(), row.threads() == 1 ? "" : "s")
              + row.placement().inWords();
      if (row.pauseMillis() > 0) {
        continue; // see Apart
      }
      if (row.threads() == 1) {
        figures.add(new Figure("confined / C" + where, confined, "", CONFINED_BAR));
        figures.add(new Figure("shared / C" + where, shared, "", SHARED_BAR));
      } else if (row.threads() >= 1_000) {
        figures.add(new Figure("confined / C" + where, confined, "", MANY_THREADS_BAR));
        figures.add(new Figure("shared / C" + where, shared, "", MANY_THREADS_BAR));
        if (row.threads() == 1_000) {
          costAt1000 = confined;
        } else {
          figures.add(
              new Figure(
                  "growth of the cost a thread from 1,000 threads, confined / C",
                  confined / costAt1000,
                  "",
                  GROWTH_BAR));
        }
      }
    }
  }

  private static Map<String, String> circumstances() {
    Map<String, String> all = new LinkedHashMap<>();
    all.put("processor", Machine.processor());
    all.put("processors", String.valueOf(Runtime.getRuntime().availableProcessors()));
    all.put("kernel", System.getProperty("os.name") + " " + System.getProperty("os.version"));
    all.put("Java", Runtime.version() + ", " + System.getProperty("java.vendor"));
    all.put("load", Machine.load());
    return all;
  }

  private static void note(String what) {
    System.err.println("bench: " + what);
  }
}
