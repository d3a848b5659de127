package org.libproc4j.internal.linux;

import static org.libproc4j.internal.linux.Downcall.capture;
import static org.libproc4j.internal.linux.Downcall.impossible;
import static org.libproc4j.internal.linux.Downcall.link;
import static org.libproc4j.internal.linux.Downcall.result;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import org.libproc4j.linux.linux_h;
import org.libproc4j.linux.pollfd;
import org.libproc4j.linux.timespec;

/** Pipes and polls: what the rarer paths need of file descriptors, each as "result or −errno". */
public final class Descriptors {
  private static final MethodHandle PIPE2 =
      link(linux_h.pipe2$address(), linux_h.pipe2$descriptor());
  private static final MethodHandle WRITE =
      link(linux_h.write$address(), linux_h.write$descriptor());
  private static final MethodHandle PPOLL =
      link(linux_h.ppoll$address(), linux_h.ppoll$descriptor());
  private static final MethodHandle MKFIFO =
      link(linux_h.mkfifo$address(), linux_h.mkfifo$descriptor());

  public static final int O_RDONLY = linux_h.O_RDONLY();
  public static final int O_WRONLY = linux_h.O_WRONLY();
  public static final int O_RDWR = linux_h.O_RDWR();
  public static final int O_CREAT = linux_h.O_CREAT();
  public static final int O_TRUNC = linux_h.O_TRUNC();
  public static final int O_APPEND = linux_h.O_APPEND();
  public static final int O_NONBLOCK = linux_h.O_NONBLOCK();
  public static final int O_CLOEXEC = linux_h.O_CLOEXEC();

  private Descriptors() {}

  /** {@code int pipe2(int pipefd[2], int flags)}, close-on-exec: reading end, writing end. */
  public static int pipe(int[] ends) {
    MemorySegment errno = capture();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment pair = arena.allocate(ValueLayout.JAVA_INT, 2);
      int r = result((int) PIPE2.invokeExact(errno, pair, O_CLOEXEC), errno);
      ends[0] = pair.getAtIndex(ValueLayout.JAVA_INT, 0);
      ends[1] = pair.getAtIndex(ValueLayout.JAVA_INT, 1);
      return r;
    } catch (Throwable t) {
      throw impossible(t);
    }
  }

  /** {@code ssize_t write(int fd, const void *buf, size_t count)} of one byte. */
  static void writeByte(int fd) {
    MemorySegment errno = capture();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment one = arena.allocate(1);
      long _ = (long) WRITE.invokeExact(errno, fd, one, 1L);
    } catch (Throwable t) {
      throw impossible(t);
    }
  }

  /** {@code int mkfifo(const char *pathname, mode_t mode)}, for the owner alone. */
  public static int mkfifo(String path) {
    MemorySegment errno = capture();
    try (Arena arena = Arena.ofConfined()) {
      return result((int) MKFIFO.invokeExact(errno, arena.allocateFrom(path), 0600), errno);
    } catch (Throwable t) {
      throw impossible(t);
    }
  }

  /** {@code ppoll} for reading from either of two; as {@link Libc#poll}, about the first. */
  static int pollFirst(int first, int second, long nanos) {
    MemorySegment errno = capture();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment fds = pollfd.allocateArray(2, arena);
      for (int i = 0; i < 2; i++) {
        MemorySegment entry = pollfd.asSlice(fds, i);
        pollfd.fd(entry, i == 0 ? first : second);
        pollfd.events(entry, (short) linux_h.POLLIN());
      }
      MemorySegment limit = MemorySegment.NULL;
      if (nanos >= 0) {
        limit = timespec.allocate(arena);
        timespec.tv_sec(limit, nanos / 1_000_000_000L);
        timespec.tv_nsec(limit, nanos % 1_000_000_000L);
      }
      int r = result((int) PPOLL.invokeExact(errno, fds, 2L, limit, MemorySegment.NULL), errno);
      return r <= 0 ? r : pollfd.revents(pollfd.asSlice(fds, 0));
    } catch (Throwable t) {
      throw impossible(t);
    }
  }
}
