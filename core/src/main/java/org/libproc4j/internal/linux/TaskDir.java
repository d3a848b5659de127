package org.libproc4j.internal.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicBoolean;
import org.libproc4j.linux.linux_h;
import org.libproc4j.linux.statx;

/**
 * A process's {@code /proc/PID/task}, held open: a reused pid can never be listed by mistake.
 *
 * <p>Part of the tracer's own system calls, on its hot path, and therefore not the procfs module's:
 * counting is one cheap call, because the directory's link count is the number of threads plus two;
 * listing costs some 2 µs a thread.
 */
public final class TaskDir implements AutoCloseable {
  static final int READ = linux_h.O_RDONLY() | linux_h.O_DIRECTORY() | linux_h.O_CLOEXEC();
  static final int LINKS_OF_AN_EMPTY_DIRECTORY = 2;

  private final Libc libc;
  private final int fd;
  private final Arena arena = Arena.ofShared();
  private final MemorySegment stat = arena.allocate(statx.layout());

  private final AtomicBoolean open = new AtomicBoolean(true);

  private TaskDir(Libc libc, int fd) {
    this.libc = libc;
    this.fd = fd;
  }

  /**
   * Opens the list of a process's threads.
   *
   * @return the directory, or null with −errno in {@code error[0]}
   */
  public static @org.jspecify.annotations.Nullable TaskDir open(Libc libc, int pid, int[] error) {
    int fd = libc.open("/proc/" + pid + "/task", READ, 0);
    if (fd < 0) {
      error[0] = fd;
      return null;
    }
    return new TaskDir(libc, fd);
  }

  /** How many threads there are, those that died and were not reaped included; or −errno. */
  public int count() {
    int links = libc.linkCount(fd, stat);
    return links < 0 ? links : links - LINKS_OF_AN_EMPTY_DIRECTORY;
  }

  /** Calls the visitor for each thread; 0 or −errno. */
  public int list(Numbers.Visitor visitor) {
    long r = libc.rewind(fd);
    if (r < 0) {
      return (int) r;
    }
    try (Arena scan = Arena.ofConfined()) {
      return Numbers.list(libc, fd, scan.allocate(Numbers.BUFFER, Long.BYTES), visitor);
    }
  }

  /** Closing it twice does nothing. */
  @Override
  public void close() {
    if (open.compareAndSet(true, false)) {
      libc.close(fd);
      arena.close();
    }
  }
}
