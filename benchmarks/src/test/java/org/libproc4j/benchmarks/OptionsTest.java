package org.libproc4j.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class OptionsTest {

  @Test
  void withoutOptionsEverythingIsMeasuredInFull() {
    Options options = Options.parse();
    assertThat(options.parts()).isEmpty();
    assertThat(options.modes()).isEmpty();
    assertThat(options.page()).isNull();
    assertThat(options.effort()).isEqualTo(Effort.of(Effort.Level.FULL));
  }

  @Test
  void partsSizesAndEffortCanBeChosen() {
    Options options = Options.parse("--quick", "--threads", "100,1", "--cycles", "--freeze");
    assertThat(options.parts()).containsExactly(Part.CYCLES, Part.FREEZE);
    assertThat(options.effort().level()).isEqualTo(Effort.Level.QUICK);
    assertThat(options.effort().threads()).containsExactly(1, 100);
  }

  @Test
  void aPageHasItsDirectory() {
    assertThat(Options.parse("--page", "docs/performance").page())
        .isEqualTo(Path.of("docs/performance"));
  }

  @ParameterizedTest
  @EnumSource
  void whatIsStartedInTheNamespaceKnowsItsEffort(Effort.Level level) {
    Options inside = Options.parse(Options.inside(Effort.of(level)).toArray(String[]::new));
    assertThat(inside.modes()).containsExactly(Options.Mode.INSIDE);
    assertThat(inside.effort()).isEqualTo(Effort.of(level));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"--slow", "cycles", "", "--page", "--threads", "--threads 0", "--threads x"})
  void anythingElseIsRefused(String line) {
    assertThatIllegalArgumentException().isThrownBy(() -> Options.parse(line.split(" ", -1)));
  }
}
