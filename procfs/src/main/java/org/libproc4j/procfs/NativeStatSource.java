package org.libproc4j.procfs;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.IntConsumer;
import org.libproc4j.procfs.internal.Numbers;

/**
 * By the C library's own open, read and close: the JDK's make some 300 bytes of garbage for each
 * file. The only user of native access in this module, and only where it is granted. What fails
 * here is read again by the JDK, which tells why.
 */
@SuppressWarnings("restricted")
final class NativeStatSource implements StatSource {
  private static final int O_CLOEXEC = 0x80000;
  private static final int LARGEST_STAT = 2048;
  private static final int LONGEST_PATH = 32;

  private static final byte[] STAT = {'/', 's', 't', 'a', 't', 0};

  private final StatSource fallback;
  private final Arena arena = Arena.ofConfined();
  private final MemorySegment path = arena.allocate(LONGEST_PATH);
  private final MemorySegment buffer = arena.allocate(LARGEST_STAT);
  private final int directory;

  NativeStatSource(Path root, StatSource fallback) {
    this.fallback = fallback;
    this.directory = Calls.open(arena.allocateFrom(root.toAbsolutePath().toString()));
  }

  /** Whether the module may call C, and does so already or can. */
  static boolean isAvailable() {
    return NativeStatSource.class.getModule().isNativeAccessEnabled();
  }

  @Override
  public int[] pids() {
    Pids pids = new Pids();
    MemorySegment entries = arena.allocate(Numbers.BUFFER, Long.BYTES);
    int length;
    while ((length = Calls.getdents64(directory, entries)) > 0) {
      Numbers.visit(entries, length, pids);
    }
    return length == 0 && pids.count > 0 ? pids.toArray() : fallback.pids();
  }

  /** Those listed so far. */
  private static final class Pids implements IntConsumer {
    private int[] pids = new int[1024];
    private int count;

    @Override
    public void accept(int pid) {
      pids = count < pids.length ? pids : Arrays.copyOf(pids, 2 * count);
      pids[count++] = pid;
    }

    int[] toArray() {
      return Arrays.copyOf(pids, count);
    }
  }

  @Override
  public int read(int pid, byte[] target) {
    putPath(pid);
    int fd = Calls.openat(directory, path);
    if (fd < 0) {
      return fallback.read(pid, target);
    }
    long length = Calls.read(fd, buffer);
    Calls.close(fd);
    if (length <= 0) {
      return fallback.read(pid, target);
    }
    MemorySegment.copy(buffer, JAVA_BYTE, 0, target, 0, (int) length);
    return (int) length;
  }

  /** {@code PID/stat}. */
  private void putPath(int pid) {
    long at = Numbers.put(pid, path, 0);
    MemorySegment.copy(STAT, 0, path, JAVA_BYTE, at, STAT.length);
  }

  @Override
  public void close() {
    if (directory >= 0) {
      Calls.close(directory);
    }
    arena.close();
  }

  /** The C functions: linked when first used. */
  private static final class Calls {
    private static final Linker LINKER = Linker.nativeLinker();

    /** {@code int openat(int dirfd, const char *pathname, int flags, ...)}. */
    private static final MethodHandle OPENAT =
        link(
            "openat",
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT),
            Linker.Option.firstVariadicArg(3));

    /** {@code ssize_t read(int fd, void *buf, size_t count)}. */
    private static final MethodHandle READ =
        link("read", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG));

    /** {@code int close(int fd)}. */
    private static final MethodHandle CLOSE =
        link("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));

    /** {@code ssize_t getdents64(int fd, void *dirp, size_t count)}. */
    private static final MethodHandle GETDENTS64 =
        link("getdents64", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG));

    private Calls() {}

    private static MethodHandle link(
        String name, FunctionDescriptor descriptor, Linker.Option... options) {
      return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), descriptor, options);
    }

    /** Ignored where the path is absolute. */
    private static final int ANY_DIRECTORY = -1;

    static int open(MemorySegment absolutePath) {
      return openat(ANY_DIRECTORY, absolutePath);
    }

    static int openat(int directory, MemorySegment path) {
      try {
        return (int) OPENAT.invokeExact(directory, path, O_CLOEXEC);
      } catch (Throwable t) {
        throw new AssertionError("a downcall threw", t);
      }
    }

    static long read(int fd, MemorySegment buffer) {
      try {
        return (long) READ.invokeExact(fd, buffer, buffer.byteSize());
      } catch (Throwable t) {
        throw new AssertionError("a downcall threw", t);
      }
    }

    static int getdents64(int fd, MemorySegment buffer) {
      try {
        return (int) (long) GETDENTS64.invokeExact(fd, buffer, buffer.byteSize());
      } catch (Throwable t) {
        throw new AssertionError("a downcall threw", t);
      }
    }

    static void close(int fd) {
      try {
        int _ = (int) CLOSE.invokeExact(fd);
      } catch (Throwable t) {
        throw new AssertionError("a downcall threw", t);
      }
    }
  }
}
