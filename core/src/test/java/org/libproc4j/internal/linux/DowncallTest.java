package org.libproc4j.internal.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.AddressLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.libproc4j.linux.linux_h;

/** What the one shape of all calls asks of a function. */
class DowncallTest {
  private static final int REGISTERS = 6;

  static List<Method> functions() {
    return Arrays.stream(linux_h.class.getMethods())
        .filter(method -> method.getName().endsWith("$descriptor"))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("functions")
  void everyFunctionTakesAndReturnsWhatFitsIntoRegistersForIntegers(Method function)
      throws ReflectiveOperationException {
    FunctionDescriptor descriptor = (FunctionDescriptor) function.invoke(null);
    assertThat(descriptor.argumentLayouts()).hasSizeLessThanOrEqualTo(REGISTERS);
    assertThat(descriptor.argumentLayouts()).allMatch(DowncallTest::isIntegerOrPointer);
    assertThat(descriptor.returnLayout())
        .isNotEqualTo(Optional.empty())
        .get()
        .matches(DowncallTest::isIntegerOrPointer);
  }

  private static boolean isIntegerOrPointer(MemoryLayout layout) {
    return layout instanceof AddressLayout
        || layout instanceof ValueLayout.OfLong
        || layout instanceof ValueLayout.OfInt
        || layout instanceof ValueLayout.OfShort;
  }

  @Test
  void theUpperHalfOfAnIntegerMeansNothing() {
    long noise = 0x5AFE_0000_0000L;
    int signal = 0; // asks only whether there is such a process
    int self = Libc.SYSTEM.getpid();
    assertThat(Downcall.call(Downcall.link("kill"), noise | self, noise | signal)).isZero();
    assertThat(Downcall.call(Downcall.link("close"), noise | 0xFFFF_FFFFL)).isEqualTo(-Err.EBADF);
  }

  @Test
  void aPointerIsPassedWhole() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment text = arena.allocateFrom("/nonexistent");
      assertThat(Libc.SYSTEM.openFile(text)).isEqualTo(-Err.ENOENT);
    }
  }
}
