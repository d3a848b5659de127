package org.libproc4j.internal.linux;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * Links and calls C functions so that errno survives the way back to Java.
 *
 * <p>All have one shape, since each further one costs the JVM dozens of classes and milliseconds
 * before a tool's first call: six longs in, one out. On Linux's 64-bit ABIs the first six integers
 * and pointers travel in a register each, those of variadic functions too; a function looks at no
 * more registers than it has parameters, and at no more of one than its parameter is wide. The rest
 * of a result that is an {@code int} means nothing. What a pointer points to is the caller's to
 * keep alive.
 */
@SuppressWarnings("restricted")
final class Downcall {
  private static final StructLayout CAPTURE = Linker.Option.captureStateLayout();
  private static final long ERRNO_OFFSET = CAPTURE.byteOffset(PathElement.groupElement("errno"));
  private static final Linker.Option ERRNO = Linker.Option.captureCallState("errno");
  private static final FunctionDescriptor SHAPE =
      FunctionDescriptor.of(
          JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);

  /** Where the linker leaves errno: one place a thread, so that no call needs to allocate. */
  private static final ThreadLocal<MemorySegment> CAPTURED =
      ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(CAPTURE));

  private Downcall() {}

  /** A handle whose first parameter is the segment that {@link #capture()} returns. */
  static MethodHandle link(String function) {
    return Linker.nativeLinker().downcallHandle(address(function), SHAPE, ERRNO);
  }

  /** Where a function of libc is. */
  static MemorySegment address(String function) {
    return Linker.nativeLinker().defaultLookup().findOrThrow(function);
  }

  /** Calls a function that returns an {@code int}: that, or −errno. */
  static int call(MethodHandle f, long a, long b, long c, long d, long e, long g) {
    MemorySegment errno = capture();
    try {
      return result((int) (long) f.invokeExact(errno, a, b, c, d, e, g), errno);
    } catch (Throwable t) {
      throw impossible(t);
    }
  }

  static int call(MethodHandle f, long a, long b, long c, long d, long e) {
    return call(f, a, b, c, d, e, 0);
  }

  static int call(MethodHandle f, long a, long b, long c, long d) {
    return call(f, a, b, c, d, 0, 0);
  }

  static int call(MethodHandle f, long a, long b, long c) {
    return call(f, a, b, c, 0, 0, 0);
  }

  static int call(MethodHandle f, long a, long b) {
    return call(f, a, b, 0, 0, 0, 0);
  }

  static int call(MethodHandle f, long a) {
    return call(f, a, 0, 0, 0, 0, 0);
  }

  static int call(MethodHandle f) {
    return call(f, 0, 0, 0, 0, 0, 0);
  }

  /** Calls a function that returns a {@code long} or a {@code ssize_t}: that, or −errno. */
  static long callLong(MethodHandle f, long a, long b, long c, long d, long e, long g) {
    MemorySegment errno = capture();
    try {
      return result((long) f.invokeExact(errno, a, b, c, d, e, g), errno);
    } catch (Throwable t) {
      throw impossible(t);
    }
  }

  static long callLong(MethodHandle f, long a, long b, long c) {
    return callLong(f, a, b, c, 0, 0, 0);
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
