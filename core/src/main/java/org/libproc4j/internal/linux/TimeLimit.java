package org.libproc4j.internal.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.libproc4j.linux.io_uring_getevents_arg;
import org.libproc4j.linux.iovec;
import org.libproc4j.linux.linux_h;
import org.libproc4j.linux.timespec;
import org.libproc4j.linux.timeval;
import org.libproc4j.procfs.internal.Numbers;

/**
 * Reads for how long a stopped thread's call may block, in nanoseconds from its beginning; its
 * owner reuses this.
 */
public final class TimeLimit {
  /** For ever, or as long as nobody can tell. */
  public static final long NONE = -1;

  /** Flags of io_uring_enter(2) that are younger than our headers. */
  private static final long ABSOLUTE = 1 << 5;

  private static final long REGISTERED = 1 << 6;

  private static final long SECOND = 1_000_000_000;

  /** A descriptor's place in {@code /proc}, at its longest. */
  private static final int LONGEST_PATH = 64;

  private static final byte[] PROC = {'/', 'p', 'r', 'o', 'c', '/'};
  private static final byte[] FD = {'/', 'f', 'd', '/'};
  private static final byte[] SOCKET = {'s', 'o', 'c', 'k', 'e', 't', ':'};

  private final Arena arena = Arena.ofAuto();
  private final MemorySegment time = arena.allocate(timespec.layout());
  private final MemorySegment wait = arena.allocate(io_uring_getevents_arg.layout());
  private final MemorySegment vectors = arena.allocate(iovec.layout(), 2);
  private final MemorySegment length = arena.allocate(ValueLayout.JAVA_INT);
  private final MemorySegment domain = arena.allocate(ValueLayout.JAVA_INT);
  private final MemorySegment path = arena.allocate(LONGEST_PATH);
  private final MemorySegment target = arena.allocate(SOCKET.length);
  private final MemorySegment socket = arena.allocateFrom(ValueLayout.JAVA_BYTE, SOCKET);

  /** Of a number of milliseconds, negative for no limit. */
  public long ofMillis(int millis) {
    return millis < 0 ? NONE : millis * 1_000_000L;
  }

  /** Of a {@code struct timespec} in the thread's memory, or of none at 0. */
  public long ofTimespec(Libc libc, int tid, long address) {
    if (address == 0 || libc.readMemory(tid, address, time, vectors) < 0) {
      return NONE;
    }
    long seconds = timespec.tv_sec(time);
    return seconds < 0 || seconds >= Long.MAX_VALUE / SECOND - 1
        ? NONE
        : seconds * SECOND + timespec.tv_nsec(time);
  }

  /**
   * Of io_uring_enter(2), whose fourth and fifth arguments these are. An absolute time needs
   * nobody's care.
   */
  public long ofRing(Libc libc, int tid, long flags, long address) {
    int relative = linux_h.IORING_ENTER_EXT_ARG();
    if ((flags & (relative | ABSOLUTE | REGISTERED)) != relative
        || libc.readMemory(tid, address, wait, vectors) < 0) {
      return NONE;
    }
    return ofTimespec(libc, tid, io_uring_getevents_arg.ts(wait));
  }

  /**
   * Of a socket's operations.
   *
   * @param sends whether of sending, not of receiving
   */
  public long ofSocket(Libc libc, int pid, int fd, boolean sends) {
    int ours = take(libc, pid, fd);
    if (ours < 0) {
      return NONE;
    }
    long nanos = ofOurs(libc, ours, sends);
    libc.close(ours);
    return nanos;
  }

  /**
   * Of connect(2) on a Unix domain socket; of another there is none here. A connection over a
   * network goes on being made when the call ends, so that the call would say EINPROGRESS the first
   * time that its limit is over, and EALREADY after that.
   */
  public long ofConnect(Libc libc, int pid, int fd) {
    int ours = take(libc, pid, fd);
    if (ours < 0) {
      return NONE;
    }
    length.set(ValueLayout.JAVA_INT, 0, (int) domain.byteSize());
    boolean unix =
        libc.getsockopt(ours, linux_h.SO_DOMAIN(), domain, length) == 0
            && domain.get(ValueLayout.JAVA_INT, 0) == linux_h.AF_UNIX();
    long nanos = unix ? ofOurs(libc, ours, true) : NONE;
    libc.close(ours);
    return nanos;
  }

  /** A descriptor of ours for a thread's; negative for none. */
  private static int take(Libc libc, int pid, int fd) {
    int pidfd = libc.pidfdOpen(pid);
    if (pidfd < 0) {
      return pidfd;
    }
    int ours = libc.pidfdGetfd(pidfd, fd);
    libc.close(pidfd);
    return ours;
  }

  private long ofOurs(Libc libc, int ours, boolean sends) {
    length.set(ValueLayout.JAVA_INT, 0, (int) timeval.layout().byteSize());
    int r =
        libc.getsockopt(ours, sends ? linux_h.SO_SNDTIMEO() : linux_h.SO_RCVTIMEO(), time, length);
    long nanos = timeval.tv_sec(time) * SECOND + timeval.tv_usec(time) * 1000;
    return r < 0 || nanos == 0 ? NONE : nanos;
  }

  /** Whether a thread's descriptor is a socket; asks the kernel alone, and no file system. */
  public boolean isSocket(Libc libc, int tid, int fd) {
    if (fd < 0) {
      return false;
    }
    MemorySegment.copy(PROC, 0, path, ValueLayout.JAVA_BYTE, 0, PROC.length);
    long at = Numbers.put(tid, path, PROC.length);
    MemorySegment.copy(FD, 0, path, ValueLayout.JAVA_BYTE, at, FD.length);
    at = Numbers.put(fd, path, at + FD.length);
    path.set(ValueLayout.JAVA_BYTE, at, (byte) 0);
    return libc.readlink(path, target) == SOCKET.length && target.mismatch(socket) < 0;
  }
}
