package org.libproc4j.benchmarks;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.libproc4j.GrabException;

/**
 * Several ways to do the same thing, which take turns. The first is what others are compared to.
 */
final class Contest {
  /** One way. */
  interface Contender {
    /** What it takes this time, in the contest's unit. */
    double once() throws GrabException;
  }

  /** Enough for a median. */
  private static final int FEWEST_ROUNDS = 3;

  private final Map<String, Contender> contenders = new LinkedHashMap<>();
  private final Map<String, List<Double>> results = new LinkedHashMap<>();

  Contest add(String name, Contender contender) {
    contenders.put(name, contender);
    results.put(name, new ArrayList<>());
    return this;
  }

  /** Some rounds that do not count, and then so many; fewer of each where they exceed the limit. */
  Contest run(int warmUps, int rounds, Duration limit) throws GrabException {
    long start = System.nanoTime();
    for (int round = 0; round < warmUps && System.nanoTime() - start < limit.toNanos(); round++) {
      for (Contender contender : contenders.values()) {
        contender.once();
      }
    }
    start = System.nanoTime();
    for (int round = 0; round < rounds; round++) {
      if (round >= FEWEST_ROUNDS && System.nanoTime() - start > limit.toNanos()) {
        break;
      }
      for (Map.Entry<String, Contender> entry : contenders.entrySet()) {
        results(entry.getKey()).add(entry.getValue().once());
      }
    }
    return this;
  }

  List<String> names() {
    return List.copyOf(contenders.keySet());
  }

  double median(String name) {
    return Median.of(results(name).stream().mapToDouble(v -> v));
  }

  /** The median of each round's ratio to the first. */
  double ratio(String name) {
    return ratio(name, results.keySet().iterator().next());
  }

  double ratio(String name, String other) {
    List<Double> ours = results(name);
    List<Double> theirs = results(other);
    return Median.of(IntStream.range(0, ours.size()).mapToDouble(i -> ours.get(i) / theirs.get(i)));
  }

  private List<Double> results(String name) {
    return Objects.requireNonNull(results.get(name), name);
  }
}
