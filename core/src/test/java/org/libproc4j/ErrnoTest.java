package org.libproc4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.libproc4j.linux.linux_h;

/** {@link Errno} against the system's own headers. */
class ErrnoTest {
  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "OK")
  void hasTheNumberOfTheHeaders(Errno errno) throws ReflectiveOperationException {
    assertThat(errno.code()).isEqualTo(linux_h.class.getMethod(errno.name()).invoke(null));
  }

  @Test
  void hasAllNumbersFrom0To133But41And58() {
    Set<Integer> codes = new HashSet<>(Arrays.stream(Errno.values()).map(Errno::code).toList());
    assertThat(codes).hasSize(Errno.values().length);
    for (int code = 0; code <= 133; code++) {
      boolean used = code != 41 && code != 58; // Linux leaves these out
      assertThat(codes.contains(code)).as("errno %d", code).isEqualTo(used);
    }
    assertThat(codes).hasSize(132);
  }

  @ParameterizedTest
  @EnumSource
  void isFoundByItsNumber(Errno errno) {
    assertThat(Errno.of(errno.code())).isSameAs(errno);
    assertThat(Errno.ofResult(-errno.code())).isSameAs(errno);
    assertThat(errno.isOk()).isEqualTo(errno == Errno.OK);
    assertThat(errno.message()).isNotBlank();
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 41, 58, 134, Integer.MAX_VALUE, Integer.MIN_VALUE})
  void otherNumbersAreNone(int code) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Errno.of(code))
        .withMessageContaining(Integer.toString(code));
  }

  @Test
  void aResultThatIsNotNegativeIsOk() {
    assertThat(Errno.ofResult(0)).isEqualTo(Errno.OK);
    assertThat(Errno.ofResult(Long.MAX_VALUE)).isEqualTo(Errno.OK);
  }

  @Test
  void orThrowThrowsUnlessOk() {
    assertThatCode(() -> Errno.OK.orThrow("stop 4711")).doesNotThrowAnyException();
    assertThatThrownBy(() -> Errno.EAGAIN.orThrow("stop 4711"))
        .isInstanceOfSatisfying(
            ErrnoException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EAGAIN))
        .hasMessageContaining("stop 4711")
        .hasMessageContaining("EAGAIN")
        .hasMessageContaining("Resource temporarily unavailable");
  }
}
