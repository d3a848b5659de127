package org.libproc4j.procfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class SmallFilesTest {
  @Test
  void wchanIsAFunctionOrNone() {
    assertThat(Fixture.of("do_sys_poll.constprop.0").parse(Wchan::parse))
        .hasValue("do_sys_poll.constprop.0");
    assertThat(Fixture.of("0").parse(Wchan::parse)).isEmpty();
    assertThat(Fixture.of("").parse(Wchan::parse)).isEmpty();
  }

  @Test
  void wchanIsOneWord() {
    assertThatThrownBy(() -> Fixture.of("do_sys poll").parse(Wchan::parse))
        .isInstanceOf(MalformedProcException.class);
    assertThatThrownBy(() -> Fixture.of("do_sys\377").parse(Wchan::parse))
        .isInstanceOf(MalformedProcException.class);
  }

  @Test
  void childrenAreNumbers() {
    assertThat(Fixture.of("12 7 4194304 ").parse(Children::parse)).containsExactly(12, 7, 4194304);
    assertThat(Fixture.of("").parse(Children::parse)).isEmpty();
  }

  @Test
  void aCutNumberIsNoChild() {
    assertThatThrownBy(() -> Fixture.of("12 7").parse(Children::parse))
        .isInstanceOf(MalformedProcException.class);
  }
}
