package org.libproc4j.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.libproc4j.ProcessState;

class JsonTest {

  record Inner(OptionalInt number, Optional<String> text) {}

  record Outer(int i, long l, boolean b, String s, ProcessState state, List<Inner> inner) {}

  @Test
  void aRecordIsAnObjectWithItsComponents() {
    Outer outer =
        new Outer(
            1,
            -2,
            true,
            "x",
            ProcessState.STOP,
            List.of(
                new Inner(OptionalInt.of(3), Optional.empty()),
                new Inner(OptionalInt.empty(), Optional.of("y"))));
    assertThat(Json.of(outer))
        .isEqualTo(
            "{\"i\":1,\"l\":-2,\"b\":true,\"s\":\"x\",\"state\":\"STOP\",\"inner\":["
                + "{\"number\":3,\"text\":null},{\"number\":null,\"text\":\"y\"}]}");
    assertThat(Json.of(List.of())).isEqualTo("[]");
  }

  @Test
  void aParserReadsBackAnyText() throws Exception {
    StringBuilder all = new StringBuilder("\"\\/日本\uD83D\uDE00");
    for (char c = 0; c < 0x180; c++) {
      all.append(c);
    }
    String json = Json.of(all);
    assertThat(json).matches("\\p{ASCII}*");
    assertThat(new ObjectMapper().readTree(json).textValue()).isEqualTo(all.toString());
  }

  @Test
  void whatHasNoFormIsRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> Json.of(new Object()));
  }
}
