package org.libproc4j.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.TreeMap;
import java.util.TreeSet;
import org.libproc4j.GrabException;
import org.libproc4j.Tracer;

/**
 * Finds gross regressions by ratios alone, which a busy machine moves far less than times. What is
 * above its limit is measured again: only what is twice above it counts.
 */
final class Guard {
  private static final String LIMITS = "guard.properties";
  private static final int ROUNDS = 5;
  private static final List<Integer> THREADS = List.of(1, 100, 1_000);
  private static final int STOPS_A_ROUND = 5_000;
  private static final int WAKE_UPS = 40;
  private static final int CYCLES = 5_000;
  private static final int PROCESSES = 200;
  private static final Duration LIMIT = Duration.ofSeconds(3);

  private Guard() {}

  /** Measures, and says on standard output how that compares; whether all is well. */
  static boolean check() throws IOException, GrabException {
    Map<String, Double> limits = limits();
    Map<String, Double> first = measure();
    List<String> suspects = regressions(first, limits);
    if (suspects.isEmpty()) {
      say(first, limits);
      return true;
    }
    suspects.forEach(suspect -> System.err.println("bench: once more, because of " + suspect));
    Map<String, Double> better = lower(first, measure());
    say(better, limits);
    List<String> regressions = regressions(better, limits);
    regressions.forEach(regression -> System.err.println("bench: regression: " + regression));
    return regressions.isEmpty();
  }

  /** Each limit that is exceeded, each that nothing was measured for, and what has no limit. */
  static List<String> regressions(Map<String, Double> measured, Map<String, Double> limits) {
    List<String> all = new ArrayList<>();
    TreeSet<String> names = new TreeSet<>(measured.keySet());
    names.addAll(limits.keySet());
    for (String name : names) {
      Double value = measured.get(name);
      Double limit = limits.get(name);
      if (limit == null) {
        all.add(name + " has no limit");
      } else if (value == null || value.isNaN()) {
        all.add(name + " was not measured");
      } else if (value > limit) {
        all.add(String.format(Locale.ROOT, "%s is %.2f, at most %.2f", name, value, limit));
      }
    }
    return all;
  }

  /** Of what was measured twice, the better. */
  static Map<String, Double> lower(Map<String, Double> first, Map<String, Double> second) {
    Map<String, Double> all = new TreeMap<>(first);
    second.forEach((name, value) -> all.merge(name, value, Math::min));
    return all;
  }

  static Map<String, Double> limits() throws IOException {
    Properties properties = new Properties();
    try (InputStream in = Guard.class.getResourceAsStream(LIMITS)) {
      properties.load(Objects.requireNonNull(in, LIMITS));
    }
    Map<String, Double> limits = new TreeMap<>();
    properties.stringPropertyNames().forEach(n -> limits.put(n, number(properties, n)));
    return limits;
  }

  private static double number(Properties properties, String name) {
    return Double.parseDouble(properties.getProperty(name));
  }

  private static void say(Map<String, Double> measured, Map<String, Double> limits) {
    measured.forEach(
        (name, value) ->
            System.out.printf(
                Locale.ROOT, "%-20s %8.2f  at most %8.2f%n", name, value, limits.get(name)));
  }

  private static Map<String, Double> measure() throws GrabException {
    Map<String, Double> all = new TreeMap<>();
    for (int threads : THREADS) {
      int cycles = Math.clamp(STOPS_A_ROUND / threads, 1, 1_000);
      Placement placement = threads == 1 ? Placement.TOGETHER : Placement.FREE;
      StopAndRun cycle = StopAndRun.ofAll(threads, cycles, 0, placement, ROUNDS);
      both(all, "cycle", "." + threads, cycle::ratio);
      if (threads > 1) { // one alone is held so briefly that a busy machine's schedule decides
        try (Ring ring = new Ring(new Sleepers(threads), Placement.FREE)) {
          both(all, "grab", "." + threads, GrabBench.ours(ring).run(2, ROUNDS, LIMIT)::ratio);
        }
      }
    }
    both(all, "wake", "", WakeUps.measure(WAKE_UPS)::ratio);
    try (Tracer confined = Tracer.ofConfined()) {
      all.put("bytes.confined", Footprint.allocated(1, CYCLES, confined));
    }
    all.put("sweep", Sweeps.ratio(PROCESSES, ROUNDS));
    return all;
  }

  private interface Ratio {
    double to(String name);
  }

  private static void both(Map<String, Double> all, String of, String size, Ratio ratio) {
    all.put(of + "." + Ring.CONFINED + size, ratio.to(Ring.CONFINED));
    all.put(of + "." + Ring.SHARED + size, ratio.to(Ring.SHARED));
  }
}
