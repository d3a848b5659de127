package org.libproc4j.benchmarks;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.libproc4j.GrabException;
import org.libproc4j.GrabOption;
import org.libproc4j.ProcessHandle;
import org.libproc4j.Tracer;

/** "Stop all threads, set all running" by libproc4j and by C: on the same target, taking turns. */
final class SideBySide implements AutoCloseable {
  /** Who stops and runs. */
  enum Way {
    /** The C program, with the system calls that libproc4j makes. */
    C_PEEK,
    CONFINED,
    /** The C program, with the fewest that do. */
    C_PLAIN,
    SHARED
  }

  /** Medians over all rounds, in microseconds, and of each round's ratio to {@link Way#C_PEEK}. */
  record Row(
      int threads,
      int pauseMillis,
      Placement placement,
      Map<Way, Double> allMicros,
      Map<Way, Double> allRatios) {
    double micros(Way way) {
      return allMicros.getOrDefault(way, Double.NaN);
    }

    double ratio(Way way) {
      return allRatios.getOrDefault(way, Double.NaN);
    }
  }

  private static final int WARM_UP_ROUNDS = 2;

  private final int rounds;
  private final Tracer confined = Tracer.ofConfined();
  private final Tracer shared = Tracer.ofShared();

  SideBySide(int rounds) {
    this.rounds = rounds;
  }

  /** Compares the four ways. */
  Row compare(int threads, int cycles, int pauseMillis, Placement placement) throws GrabException {
    Map<Way, List<Double>> micros = new EnumMap<>(Way.class);
    try (Sleepers target = new Sleepers(threads);
        Helper c = Helper.start("tracer", target.pid())) {
      for (int round = -WARM_UP_ROUNDS; round < rounds; round++) {
        for (Way way : Way.values()) {
          double measured = measure(way, target, c, cycles, pauseMillis, placement);
          if (round >= 0) {
            micros.computeIfAbsent(way, _ -> new ArrayList<>()).add(measured);
          }
        }
      }
    }
    Map<Way, Double> medians = new EnumMap<>(Way.class);
    Map<Way, Double> ratios = new EnumMap<>(Way.class);
    List<Double> base = micros.getOrDefault(Way.C_PEEK, List.of());
    micros.forEach(
        (way, values) -> {
          medians.put(way, Median.of(values.stream().mapToDouble(v -> v)));
          ratios.put(
              way,
              Median.of(IntStream.range(0, rounds).mapToDouble(i -> values.get(i) / base.get(i))));
        });
    return new Row(threads, pauseMillis, placement, medians, ratios);
  }

  private double measure(
      Way way, Sleepers target, Helper c, int cycles, int pauseMillis, Placement placement)
      throws GrabException {
    return switch (way) {
      case C_PEEK -> inC("peek", target, c, cycles, pauseMillis, placement);
      case C_PLAIN -> inC("plain", target, c, cycles, pauseMillis, placement);
      case CONFINED -> inJava(confined, target, c, cycles, pauseMillis, placement);
      case SHARED -> inJava(shared, target, c, cycles, pauseMillis, placement);
    };
  }

  private static double inC(
      String loop, Sleepers target, Helper c, int cycles, int pauseMillis, Placement placement) {
    c.ask("seize");
    placement.apply(c, target);
    double measured = Cycles.micros(c.ask(loop + " " + cycles + " " + pauseMillis));
    placement.undo(c, target.tracer());
    c.ask("release");
    return measured;
  }

  private static double inJava(
      Tracer tracer, Sleepers target, Helper c, int cycles, int pauseMillis, Placement placement)
      throws GrabException {
    try (ProcessHandle process = tracer.grab(target.pid(), GrabOption.NOSTOP)) {
      placement.apply(c, target);
      double measured = Cycles.micros(process, cycles, pauseMillis);
      placement.undo(c, target.tracer());
      return measured;
    }
  }

  @Override
  public void close() {
    shared.close();
    confined.close();
  }
}
