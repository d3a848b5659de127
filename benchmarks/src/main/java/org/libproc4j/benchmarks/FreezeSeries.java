package org.libproc4j.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.libproc4j.benchmarks.Freezing.Times;

/** What one of those who take turns has taken in each round. */
final class FreezeSeries {
  /** All who were thawed before have had their turn, and sleep again. */
  private static final int REST_MILLIS = 100;

  private final Freezing freezing;
  private final List<Times> rounds = new ArrayList<>();

  FreezeSeries(Freezing freezing) {
    this.freezing = freezing;
  }

  void measure() {
    Pause.millis(REST_MILLIS);
    rounds.add(freezing.once());
  }

  void forget() {
    rounds.clear();
  }

  double freezeMillis() {
    return median(Times::freezeMillis);
  }

  double thawMillis() {
    return median(Times::thawMillis);
  }

  int processes() {
    return rounds.getLast().processes();
  }

  /** The median of each round's ratio. */
  double freezeRatio(FreezeSeries other) {
    return ratio(other, Times::freezeMillis);
  }

  double thawRatio(FreezeSeries other) {
    return ratio(other, Times::thawMillis);
  }

  private double median(ToDoubleFunction<Times> which) {
    return Median.of(rounds.stream().mapToDouble(which));
  }

  private double ratio(FreezeSeries other, ToDoubleFunction<Times> which) {
    return Median.of(
        IntStream.range(0, rounds.size())
            .mapToDouble(
                i ->
                    which.applyAsDouble(rounds.get(i)) / which.applyAsDouble(other.rounds.get(i))));
  }
}
