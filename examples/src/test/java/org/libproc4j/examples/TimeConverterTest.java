package org.libproc4j.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class TimeConverterTest {

  @ParameterizedTest
  @CsvSource({
    "5s, PT5S",
    "200ms, PT0.2S",
    "1m, PT1M",
    "2h, PT2H",
    "3, PT3S",
    "1.5m, PT1M30S",
    "0.5, PT0.5S",
    "0.000000001ms, PT0.000000001S"
  })
  void aTimeIsANumberAndAUnit(String text, Duration time) {
    assertThat(new TimeConverter().convert(text)).isEqualTo(time);
  }

  @Test
  void theLongestIsAsGoodAsForEver() {
    assertThat(new TimeConverter().convert("999999999h")).isGreaterThan(Duration.ofDays(36_500));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "s", "-1s", "+1s", "1 s", "1d", "1e3", ".5s", "5.", "0", "0s", "1s2", "soon"})
  void anythingElseIsRefused(String text) {
    assertThatExceptionOfType(TypeConversionException.class)
        .isThrownBy(() -> new TimeConverter().convert(text));
  }
}
