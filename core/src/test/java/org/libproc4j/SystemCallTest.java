package org.libproc4j;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.libproc4j.internal.linux.SystemCallNumbers;

class SystemCallTest {

  @Test
  void aNumberHasTheNameThatHasTheNumber() {
    assertThat(SystemCallNumbers.BY_NAME).hasSizeGreaterThan(300);
    SystemCallNumbers.BY_NAME.forEach(
        (name, number) -> {
          assertThat(SystemCall.number(name)).hasValue(number);
          assertThat(SystemCall.name(number)).contains(name);
        });
  }

  @Test
  void whatTheHeadersDoNotKnowHasNone() {
    assertThat(SystemCall.name(-1)).isEmpty();
    assertThat(SystemCall.name(99_999)).isEmpty();
    assertThat(SystemCall.number("no such call")).isEmpty();
  }
}
