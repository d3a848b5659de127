package org.libproc4j.internal.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** Links C functions so that errno survives the way back to Java. */
@SuppressWarnings("restricted")
final class Downcall {
  private static final StructLayout CAPTURE = Linker.Option.captureStateLayout();
  private static final long ERRNO_OFFSET =
      CAPTURE.byteOffset(java.lang.foreign.MemoryLayout.PathElement.groupElement("errno"));

  /** Where the linker leaves errno: one place a thread, so that no call needs to allocate. */
  private static final ThreadLocal<MemorySegment> CAPTURED =
      ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(CAPTURE));

  private Downcall() {}

  /** A handle whose first parameter is the segment that {@link #capture()} returns. */
  static MethodHandle link(MemorySegment address, FunctionDescriptor descriptor) {
    return Linker.nativeLinker()
        .downcallHandle(address, descriptor, Linker.Option.captureCallState("errno"));
  }

  /** As {@link #link}, for a variadic function of which {@code fixed} parameters are named. */
  static MethodHandle linkVariadic(MemorySegment address, FunctionDescriptor full, int fixed) {
    return Linker.nativeLinker()
        .downcallHandle(
            address,
            full,
            Linker.Option.captureCallState("errno"),
            Linker.Option.firstVariadicArg(fixed));
  }

  /**
   * A handle for a function that reports its error as its return value, as {@code pthread_*} and
   * {@code posix_spawn*} do.
   */
  static MethodHandle linkPlain(MemorySegment address, FunctionDescriptor descriptor) {
    return Linker.nativeLinker().downcallHandle(address, descriptor);
  }

  static MemorySegment capture() {
    return CAPTURED.get();
  }

  /** errno is read only after a failure: after a success it means nothing. */
  static long result(long returned, MemorySegment captured) {
    return returned >= 0 ? returned : -captured.get(ValueLayout.JAVA_INT, ERRNO_OFFSET);
  }

  static int result(int returned, MemorySegment captured) {
    return returned >= 0 ? returned : -captured.get(ValueLayout.JAVA_INT, ERRNO_OFFSET);
  }

  /** What a method handle throws is a bug here, never a failure of the C function. */
  static AssertionError impossible(Throwable thrown) {
    return new AssertionError("a downcall threw", thrown);
  }
}
