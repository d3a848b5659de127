package org.libproc4j.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.libproc4j.GrabException;
import org.libproc4j.freezer.FreezeException;
import org.openjdk.jmh.runner.RunnerException;

/** {@code libproc bench}. */
public final class Main {
  private Main() {}

  public static void main(String[] args)
      throws IOException, GrabException, FreezeException, RunnerException {
    if (List.of(args).contains("--help")) {
      System.out.print(Options.USAGE);
      return;
    }
    Options options;
    try {
      options = Options.parse(args);
    } catch (IllegalArgumentException e) {
      System.err.print("libproc bench: " + e.getMessage() + "\n" + Options.USAGE);
      System.exit(2);
      return;
    }
    Path bench = Path.of(System.getProperty("libproc4j.bench", "."));
    Path page = bench.resolve("page");
    if (options.page() != null) {
      try {
        Page.copy(page, options.page());
      } catch (NoSuchFileException e) {
        System.err.println("libproc bench: " + e.getMessage());
        System.exit(1);
      }
    } else if (options.modes().contains(Options.Mode.JMH)) {
      Path json = Files.createDirectories(bench.resolve("jmh")).resolve("jmh.json");
      Jmh.run(options.effort().of(false, true, true), json);
    } else if (options.modes().contains(Options.Mode.GUARD)) {
      System.exit(Guard.check() ? 0 : 1);
    } else if (options.modes().contains(Options.Mode.INSIDE)) {
      FreezeBench.measure(options.effort());
    } else if (options.parts().isEmpty()) {
      measure(EnumSet.allOf(Part.class), options.effort(), page);
    } else {
      measure(options.parts(), options.effort(), bench.resolve("part"));
    }
  }

  private static void measure(Set<Part> parts, Effort effort, Path page)
      throws IOException, GrabException {
    Map<String, String> circumstances = circumstances(effort); // before we are a load ourselves
    List<Section> sections = new ArrayList<>();
    for (Part part : parts) {
      long start = System.nanoTime();
      sections.add(part.measure(effort));
      double seconds = (System.nanoTime() - start) / 1e9;
      System.err.printf(Locale.ROOT, "bench: %s took %.0f s%n", part.option(), seconds);
    }
    sections.add(Peer.section());
    Report report = new Report(circumstances, sections);
    Page.write(report, page);
    System.out.println(report.markdown());
    System.out.println("written to " + page);
  }

  private static Map<String, String> circumstances(Effort effort) {
    Map<String, String> all = new LinkedHashMap<>();
    all.put("date", LocalDate.now(ZoneOffset.UTC).toString());
    all.put("run", effort.level().name().toLowerCase(Locale.ROOT));
    all.put("processor", Machine.processor());
    all.put("processors", String.valueOf(Runtime.getRuntime().availableProcessors()));
    all.put("kernel", System.getProperty("os.name") + " " + System.getProperty("os.version"));
    all.put("Java", Runtime.version() + ", " + System.getProperty("java.vendor"));
    all.put("load before", Machine.load());
    return all;
  }
}
