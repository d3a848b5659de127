package org.libproc4j.procfs;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class CommTest {
  @Test
  void onlyTheLastNewlineIsTheKernels() {
    assertThat(Fixture.of("a\n\n").parse(Comm::parse)).isEqualTo(Comm.of("a\n"));
    assertThat(Fixture.of("\n").parse(Comm::parse)).isEqualTo(Comm.of(""));
  }

  @Test
  void aCutFileIsMalformed() {
    assertThatThrownBy(() -> Fixture.of("a").parse(Comm::parse))
        .isInstanceOf(MalformedProcException.class);
    assertThatThrownBy(() -> Fixture.of("").parse(Comm::parse))
        .isInstanceOf(MalformedProcException.class);
  }

  @Test
  void bytesAreLossless() {
    byte[] all = new byte[256];
    for (int i = 0; i < all.length; i++) {
      all[i] = (byte) i;
    }

    assertThat(Comm.of(all).bytes()).isEqualTo(all);
  }

  @Test
  void aNameDoesNotChangeWithTheArrayItCameFrom() {
    byte[] bytes = {'a'};
    Comm comm = Comm.of(bytes);
    bytes[0] = 'b';
    comm.bytes()[0] = 'b';

    assertThat(comm).isEqualTo(Comm.of("a")).hasSameHashCodeAs(Comm.of("a"));
  }

  @Test
  void textIsShownAsItIs() {
    assertThat(Comm.of("Größe 日本 😀")).hasToString("Größe 日本 😀");
  }

  @ParameterizedTest
  @MethodSource
  void whatATerminalWouldObeyIsEscaped(String latin1, String shown) {
    assertThat(Comm.of(latin1.getBytes(ISO_8859_1))).hasToString(shown);
  }

  static List<Arguments> whatATerminalWouldObeyIsEscaped() {
    return List.of(
        arguments("a\nb", "a\\nb"),
        arguments("a\tb", "a\\tb"),
        arguments("a\\b", "a\\\\b"),
        arguments("\33[2J", "\\x1b[2J"),
        arguments("\0\177", "\\x00\\x7f"),
        arguments("\377\376", "\\xff\\xfe"),
        arguments("a\303", "a\\xc3"),
        arguments("a\303b", "a\\xc3b"),
        arguments("next line \302\205", "next line \\xc2\\x85"),
        arguments("right to left \342\200\256", "right to left \\xe2\\x80\\xae"));
  }
}
