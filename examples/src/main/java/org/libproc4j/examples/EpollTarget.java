package org.libproc4j.examples;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.file.Path;

/**
 * The process that {@code demo --invisible} stops: a thread waits in epoll_wait(2) for what never
 * comes, and counts how often it is told so. It ends when its input does.
 */
final class EpollTarget {
  /** The name of that thread. */
  static final String THREAD = "waiter";

  /** Its counters: calls begun, calls ended, and how many of those by EINTR. */
  static final int BEGUN = 0;

  static final int ENDED = 1;
  static final int INTERRUPTED = 2;

  private static final int EINTR = 4;
  private static final int EVENT_BYTES = 16;

  private EpollTarget() {}

  public static void main(String[] args) throws IOException {
    Counters counters = Counters.map(Path.of(args[0]));
    Thread.ofPlatform().daemon().name(THREAD).start(() -> waitForEver(counters));
    System.out.println("ready");
    while (System.in.read() >= 0) {}
  }

  @SuppressWarnings("restricted") // this program is started with the right to it
  private static void waitForEver(Counters counters) {
    Linker linker = Linker.nativeLinker();
    StructLayout state = Linker.Option.captureStateLayout();
    VarHandle errno = state.varHandle(StructLayout.PathElement.groupElement("errno"));
    try (Arena arena = Arena.ofConfined()) {
      MethodHandle create =
          linker.downcallHandle(
              linker.defaultLookup().findOrThrow("epoll_create1"),
              FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
      MethodHandle wait =
          linker.downcallHandle(
              linker.defaultLookup().findOrThrow("epoll_wait"),
              FunctionDescriptor.of(
                  ValueLayout.JAVA_INT,
                  ValueLayout.JAVA_INT,
                  ValueLayout.ADDRESS,
                  ValueLayout.JAVA_INT,
                  ValueLayout.JAVA_INT),
              Linker.Option.captureCallState("errno"));
      MemorySegment captured = arena.allocate(state);
      MemorySegment events = arena.allocate(EVENT_BYTES, Long.BYTES);
      int epoll = (int) create.invokeExact(0);
      while (true) {
        counters.increment(BEGUN);
        int r = (int) wait.invokeExact(captured, epoll, events, 1, -1);
        if (r < 0 && (int) errno.get(captured, 0L) == EINTR) {
          counters.increment(INTERRUPTED);
        }
        counters.increment(ENDED);
      }
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }
}
