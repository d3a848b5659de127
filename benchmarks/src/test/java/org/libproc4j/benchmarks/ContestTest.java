package org.libproc4j.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.libproc4j.GrabException;

class ContestTest {
  private static final Duration LONG = Duration.ofMinutes(1);

  private static Contest.Contender of(double... all) {
    Iterator<Double> rest = java.util.Arrays.stream(all).iterator();
    return rest::next;
  }

  @Test
  void aRatioIsTheMedianOfTheRatiosOfEachRound() throws GrabException {
    Contest contest =
        new Contest().add("C", of(9, 1, 10, 2)).add("ours", of(9, 2, 30, 2)).run(1, 3, LONG);
    assertThat(contest.median("ours")).isEqualTo(2);
    assertThat(contest.median("C")).isEqualTo(2);
    assertThat(contest.ratio("ours")).isEqualTo(2);
    assertThat(contest.ratio("C")).isEqualTo(1);
  }

  @Test
  void theyTakeTurns() throws GrabException {
    List<String> turns = new java.util.ArrayList<>();
    Contest contest = new Contest();
    for (String name : List.of("C", "ours")) {
      contest.add(
          name,
          () -> {
            turns.add(name);
            return 1;
          });
    }
    contest.run(0, 2, LONG);
    assertThat(turns).containsExactly("C", "ours", "C", "ours");
  }

  @Test
  void threeRoundsAreMadeHoweverLongTheyTake() throws GrabException {
    AtomicInteger rounds = new AtomicInteger();
    new Contest().add("C", rounds::incrementAndGet).run(0, 100, Duration.ZERO);
    assertThat(rounds).hasValue(3);
  }
}
