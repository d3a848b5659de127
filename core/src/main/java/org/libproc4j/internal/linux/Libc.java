package org.libproc4j.internal.linux;

import static org.libproc4j.internal.linux.Downcall.capture;
import static org.libproc4j.internal.linux.Downcall.impossible;
import static org.libproc4j.internal.linux.Downcall.link;
import static org.libproc4j.internal.linux.Downcall.linkVariadic;
import static org.libproc4j.internal.linux.Downcall.result;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import org.libproc4j.linux.linux_h;
import org.libproc4j.linux.pollfd;
import org.libproc4j.linux.statx;
import org.libproc4j.linux.timespec;

/**
 * The C functions of process control, each as "result or −errno".
 *
 * <p>An object rather than static methods, so that a test can put itself between the engine and the
 * kernel and fail or alter one call.
 */
public class Libc {
  /** The kernel itself. */
  public static final Libc SYSTEM = new Libc();

  private static final MethodHandle PTRACE =
      linkVariadic(
          linux_h.ptrace.address(),
          FunctionDescriptor.of(
              linux_h.C_LONG, linux_h.C_INT, linux_h.C_INT, linux_h.C_LONG, linux_h.C_LONG),
          1);
  private static final MethodHandle WAITID =
      link(linux_h.waitid$address(), linux_h.waitid$descriptor());
  private static final MethodHandle TGKILL =
      link(linux_h.tgkill$address(), linux_h.tgkill$descriptor());
  private static final MethodHandle GETTID =
      link(linux_h.gettid$address(), linux_h.gettid$descriptor());
  private static final MethodHandle PIDFD_OPEN =
      link(linux_h.pidfd_open$address(), linux_h.pidfd_open$descriptor());
  private static final MethodHandle PIDFD_SEND_SIGNAL =
      link(linux_h.pidfd_send_signal$address(), linux_h.pidfd_send_signal$descriptor());
  private static final MethodHandle OPEN =
      linkVariadic(
          linux_h.open.address(),
          FunctionDescriptor.of(linux_h.C_INT, linux_h.C_POINTER, linux_h.C_INT, linux_h.C_INT),
          2);
  private static final MethodHandle CLOSE =
      link(linux_h.close$address(), linux_h.close$descriptor());
  private static final MethodHandle LSEEK =
      link(linux_h.lseek$address(), linux_h.lseek$descriptor());
  private static final MethodHandle GETDENTS64 =
      link(linux_h.getdents64$address(), linux_h.getdents64$descriptor());
  private static final MethodHandle STATX =
      link(linux_h.statx$address(), linux_h.statx$descriptor());
  private static final MethodHandle PPOLL =
      link(linux_h.ppoll$address(), linux_h.ppoll$descriptor());

  private static final int AT_EMPTY_PATH = linux_h.AT_EMPTY_PATH();
  private static final int STATX_NLINK = linux_h.STATX_NLINK();
  private static final MemorySegment EMPTY_PATH = Arena.global().allocateFrom("");

  /** For subclasses, which are tests. */
  protected Libc() {}

  /**
   * {@code long ptrace(enum __ptrace_request request, pid_t pid, void *addr, void *data)}
   *
   * <p>Never used for the PEEK requests, for which glibc gives −1 a second meaning.
   */
  public long ptrace(int request, int tid, long addr, long data) {
    MemorySegment errno = capture();
    try {
      return result((long) PTRACE.invokeExact(errno, request, tid, addr, data), errno);
    } catch (Throwable t) {
      throw impossible(t);
    }
  }

  /**
   * {@code int waitid(idtype_t idtype, id_t id, siginfo_t *infop, int options)}
   *
   * <p>EINTR is surfaced. With {@code WNOHANG} and nothing to report, {@code info.pid()} is 0.
   */
  public int waitid(int idType, int id, SigInfo info, int options) {
    MemorySegment errno = capture();
    info.clearPid();
    try {
      return result((int) WAITID.invokeExact(errno, idType, id, info.segment(), options), errno);
    } catch (Throwable t) {
      throw impossible(t);
    }
  }

  /** {@code int tgkill(pid_t tgid, pid_t tid, int signal)} */
  public int tgkill(int tgid, int tid, int signal) {
    MemorySegment errno = capture();
    try {
      return result((int) TGKILL.invokeExact(errno, tgid, tid, signal), errno);
    } catch (Throwable t) {
      throw impossible(t);
    }
  }

  /** {@code pid_t gettid(void)} */
  public int gettid() {
    MemorySegment errno = capture();
    try {
      return (int) GETTID.invokeExact(errno);
    } catch (Throwable t) {
      throw impossible(t);
    }
  }

  /** {@code int pidfd_open(pid_t pid, unsigned int flags)}; the descriptor is close-on-exec. */
  public int pidfdOpen(int pid) {
    MemorySegment errno = capture();
    try {
      return result((int) PIDFD_OPEN.invokeExact(errno, pid, 0), errno);
    } catch (Throwable t) {
      throw impossible(t);
    }
  }

  /** {@code int pidfd_send_signal(int pidfd, int sig, siginfo_t *info, unsigned int flags)} */
  public int pidfdSendSignal(int pidfd, int signal) {
    MemorySegment errno = capture();
    try {
      return result(
          (int) PIDFD_SEND_SIGNAL.invokeExact(errno, pidfd, signal, MemorySegment.NULL, 0), errno);
    } catch (Throwable t) {
      throw impossible(t);
    }
  }

  /** {@code int open(const char *path, int flags, mode_t mode)}; EINTR is retried. */
  public int open(String path, int flags, int mode) {
    MemorySegment errno = capture();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment name = arena.allocateFrom(path);
      int fd;
      do {
        fd = result((int) OPEN.invokeExact(errno, name, flags, mode), errno);
      } while (fd == -Err.EINTR);
      return fd;
    } catch (Throwable t) {
      throw impossible(t);
    }
  }

  /** {@code int close(int fd)}; never retried: on Linux the descriptor is gone even after EINTR. */
  public int close(int fd) {
    MemorySegment errno = capture();
    try {
      return result((int) CLOSE.invokeExact(errno, fd), errno);
    } catch (Throwable t) {
      throw impossible(t);
    }
  }

  /** {@code off_t lseek(int fd, off_t offset, int whence)}, here always to the start. */
  long rewind(int fd) {
    MemorySegment errno = capture();
    try {
      return result((long) LSEEK.invokeExact(errno, fd, 0L, linux_h.SEEK_SET()), errno);
    } catch (Throwable t) {
      throw impossible(t);
    }
  }

  /** {@code ssize_t getdents64(int fd, void *buffer, size_t length)} */
  long getdents64(int fd, MemorySegment buffer) {
    MemorySegment errno = capture();
    try {
      return result((long) GETDENTS64.invokeExact(errno, fd, buffer, buffer.byteSize()), errno);
    } catch (Throwable t) {
      throw impossible(t);
    }
  }

  /**
   * {@code int statx(int dirfd, const char *path, int flags, unsigned int mask, struct statx
   * *buffer)} of the open file itself: its number of links.
   */
  int linkCount(int fd, MemorySegment buffer) {
    MemorySegment errno = capture();
    try {
      int r =
          result(
              (int) STATX.invokeExact(errno, fd, EMPTY_PATH, AT_EMPTY_PATH, STATX_NLINK, buffer),
              errno);
      return r < 0 ? r : statx.stx_nlink(buffer);
    } catch (Throwable t) {
      throw impossible(t);
    }
  }

  /**
   * {@code int ppoll(struct pollfd *fds, nfds_t nfds, const struct timespec *timeout, const
   * sigset_t *sigmask)} on one descriptor; EINTR is surfaced.
   *
   * @param fd the descriptor, or −1 to sleep only
   * @param nanos how long at most; negative: for ever
   * @return the events that are there, 0 after the time limit, or −errno
   */
  public int poll(int fd, int events, long nanos) {
    MemorySegment errno = capture();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment fds = pollfd.allocate(arena);
      pollfd.fd(fds, fd);
      pollfd.events(fds, (short) events);
      MemorySegment limit = MemorySegment.NULL;
      if (nanos >= 0) {
        limit = timespec.allocate(arena);
        timespec.tv_sec(limit, nanos / 1_000_000_000L);
        timespec.tv_nsec(limit, nanos % 1_000_000_000L);
      }
      int r = result((int) PPOLL.invokeExact(errno, fds, 1L, limit, MemorySegment.NULL), errno);
      return r <= 0 ? r : pollfd.revents(fds);
    } catch (Throwable t) {
      throw impossible(t);
    }
  }

  /** {@code pid_t getpid(void)}, without a call: it never changes. */
  public int getpid() {
    return Pid.SELF;
  }

  private static final class Pid {
    static final int SELF = (int) java.lang.ProcessHandle.current().pid();
  }

  /** Reads an {@code int} that a request such as PTRACE_GETEVENTMSG left at an address. */
  static long readLong(MemorySegment word) {
    return word.get(ValueLayout.JAVA_LONG, 0);
  }
}
