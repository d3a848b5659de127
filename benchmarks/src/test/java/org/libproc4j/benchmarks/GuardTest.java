package org.libproc4j.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GuardTest {
  private static final Map<String, Double> LIMITS = Map.of("cycle", 2.0, "grab", 3.0);

  @Test
  void whatIsWithinItsLimitsIsNoRegression() {
    assertThat(Guard.regressions(Map.of("cycle", 2.0, "grab", 0.5), LIMITS)).isEmpty();
  }

  @Test
  void whatExceedsItsLimitIsNamedWithBoth() {
    assertThat(Guard.regressions(Map.of("cycle", 2.5, "grab", 0.5), LIMITS))
        .containsExactly("cycle is 2.50, at most 2.00");
  }

  @Test
  void nothingPassesBecauseItWasNotMeasured() {
    assertThat(Guard.regressions(Map.of("cycle", Double.NaN), LIMITS))
        .containsExactly("cycle was not measured", "grab was not measured");
  }

  @Test
  void nothingPassesBecauseItHasNoLimit() {
    assertThat(Guard.regressions(Map.of("cycle", 1.0, "grab", 1.0, "wake", 1.0), LIMITS))
        .containsExactly("wake has no limit");
  }

  @Test
  void onlyWhatIsTwiceAboveItsLimitCounts() {
    Map<String, Double> better =
        Guard.lower(Map.of("cycle", 9.0, "grab", 9.0), Map.of("cycle", 1.0, "grab", 4.0));
    assertThat(Guard.regressions(better, LIMITS)).containsExactly("grab is 4.00, at most 3.00");
  }

  @Test
  void aFailedSecondMeasurementDoesNotHideTheFirst() {
    assertThat(Guard.lower(Map.of("cycle", 9.0), Map.of("cycle", Double.NaN)))
        .containsEntry("cycle", Double.NaN);
  }

  @Test
  void theLimitsAreThoseOfTheFile() throws IOException {
    assertThat(Guard.limits()).containsKeys("cycle.confined.1", "grab.shared.1000", "sweep");
    assertThat(Guard.limits().values()).allMatch(limit -> limit > 1);
  }
}
