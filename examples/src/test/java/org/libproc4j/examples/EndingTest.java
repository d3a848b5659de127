package org.libproc4j.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class EndingTest {

  @Test
  void aWaitStatusIsSaidInWords() {
    assertThat(new Ending(OptionalInt.of(0))).hasToString("exited with status 0");
    assertThat(new Ending(OptionalInt.of(0x2a00))).hasToString("exited with status 42");
    assertThat(new Ending(OptionalInt.of(9))).hasToString("killed by signal 9 (SIGKILL)");
    assertThat(new Ending(OptionalInt.of(0x8b)))
        .hasToString("killed by signal 11 (SIGSEGV), core dumped");
    assertThat(new Ending(OptionalInt.of(31))).hasToString("killed by signal 31 (SIGSYS)");
    assertThat(new Ending(OptionalInt.of(34))).hasToString("killed by signal 34 (SIGRTMIN)");
    assertThat(new Ending(OptionalInt.empty())).hasToString("ended, only its parent knows how");
  }
}
