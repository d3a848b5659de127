package org.libproc4j.procfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever the bytes are, a parser returns a value or throws the one documented exception. */
class TotalParsersTest {
  private static final List<ProcParser<?>> PARSERS =
      List.of(
          Stat::parse, Status::parse, Comm::parse, Wchan::parse, Syscall::parse, Children::parse);

  private static final int MUTATIONS = 2_000;

  static Stream<Fixture> fixtures() {
    return Stream.concat(
        Stream.of(
                "stat-odd-name",
                "stat-kernel-thread",
                "stat-zombie-leader",
                "stat-linux-3.2",
                "status-odd-name",
                "status-kernel-thread",
                "status-zombie-leader",
                "status-linux-3.10")
            .map(Fixture::recorded),
        Stream.of(
                "a)\n\\ \377\n",
                "running\n",
                "-1 0x7ff0 0xffffffffff600000\n",
                "34 0x0 0x1 0x2 0x7f20fd732fa0 0xffffffffffffffff 0x5 0x7f20fd714ea0 0x7f\n",
                "do_sys_poll",
                "12 7 4194304 ")
            .map(Fixture::of));
  }

  /** The fixtures whose cut versions can all be recognised, because a newline ends the file. */
  static List<Arguments> selfDelimiting() {
    return List.of(
        arguments("stat-odd-name", (ProcParser<?>) Stat::parse),
        arguments("stat-kernel-thread", (ProcParser<?>) Stat::parse),
        arguments("stat-zombie-leader", (ProcParser<?>) Stat::parse),
        arguments("stat-linux-3.2", (ProcParser<?>) Stat::parse));
  }

  @ParameterizedTest
  @MethodSource("fixtures")
  void ofEveryPrefix(Fixture fixture) {
    byte[] bytes = fixture.bytes();
    for (int length = 0; length <= bytes.length; length++) {
      assertTotal(fixture, bytes, length);
    }
  }

  @ParameterizedTest
  @MethodSource("fixtures")
  void ofRandomMutations(Fixture fixture) {
    Random random = new Random(fixture.latin1().hashCode());
    for (int i = 0; i < MUTATIONS; i++) {
      byte[] bytes = mutated(fixture.bytes(), random);
      assertTotal(fixture, bytes, bytes.length);
    }
  }

  @ParameterizedTest
  @MethodSource("selfDelimiting")
  void noProperPrefixIsTakenForTheWhole(String name, ProcParser<?> parser) {
    Fixture fixture = Fixture.recorded(name);
    byte[] bytes = fixture.bytes();
    for (int length = 0; length < bytes.length; length++) {
      int cut = length;
      assertThat(catchThrowable(() -> parser.parse(fixture.source(), bytes, cut)))
          .isInstanceOf(MalformedProcException.class);
    }
  }

  private static void assertTotal(Fixture fixture, byte[] bytes, int length) {
    for (ProcParser<?> parser : PARSERS) {
      try {
        assertThat(parser.parse(fixture.source(), bytes, length)).isNotNull();
      } catch (MalformedProcException e) {
        assertThat(e.bytes()).hasSize(length);
      }
    }
  }

  private static byte[] mutated(byte[] bytes, Random random) {
    byte[] mutated = bytes;
    for (int edits = 1 + random.nextInt(3); edits > 0 && mutated.length > 0; edits--) {
      int at = random.nextInt(mutated.length);
      byte b = random.nextBoolean() ? (byte) random.nextInt() : interesting(random);
      switch (random.nextInt(3)) {
        case 0 -> mutated[at] = b;
        case 1 -> {
          byte[] longer = Arrays.copyOf(mutated, mutated.length + 1);
          System.arraycopy(mutated, at, longer, at + 1, mutated.length - at);
          longer[at] = b;
          mutated = longer;
        }
        default -> {
          System.arraycopy(mutated, at + 1, mutated, at, mutated.length - at - 1);
          mutated = Arrays.copyOf(mutated, mutated.length - 1);
        }
      }
    }
    return mutated;
  }

  private static byte interesting(Random random) {
    String bytes = "\n\t :()-/x\\0123456789";
    return (byte) bytes.charAt(random.nextInt(bytes.length()));
  }
}
