package org.libproc4j.procfs.internal;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A process's {@code /proc/PID/task}, held open: a reused pid can never be listed by mistake.
 *
 * <p>Counting is one cheap call, because the directory's link count is the number of threads plus
 * two; listing costs some 2 µs a thread.
 */
public final class TaskDir implements AutoCloseable {
  static final int LINKS_OF_AN_EMPTY_DIRECTORY = 2;

  private final ProcCalls calls;
  private final int fd;
  private final Arena arena = Arena.ofShared();
  private final MemorySegment stat = arena.allocate(ProcCalls.STATX_SIZE, Long.BYTES);

  private final AtomicBoolean open = new AtomicBoolean(true);

  private TaskDir(ProcCalls calls, int fd) {
    this.calls = calls;
    this.fd = fd;
  }

  /**
   * Opens the list of a process's threads.
   *
   * @return the directory, or null with −errno in {@code error[0]}
   */
  public static @Nullable TaskDir open(ProcCalls calls, int pid, int[] error) {
    try (Arena arena = Arena.ofConfined()) {
      int fd = calls.openDirectory(arena.allocateFrom("/proc/" + pid + "/task"));
      if (fd < 0) {
        error[0] = fd;
        return null;
      }
      return new TaskDir(calls, fd);
    }
  }

  /** How many threads there are, those that died and were not reaped included; or −errno. */
  public int count() {
    int links = calls.linkCount(fd, stat);
    return links < 0 ? links : links - LINKS_OF_AN_EMPTY_DIRECTORY;
  }

  /** Calls the visitor for each thread; 0 or −errno. */
  public int list(IntConsumer visitor) {
    long r = calls.rewind(fd);
    if (r < 0) {
      return (int) r;
    }
    try (Arena scan = Arena.ofConfined()) {
      return Numbers.list(calls, fd, scan.allocate(Numbers.BUFFER, Long.BYTES), visitor);
    }
  }

  /** Closing it twice does nothing. */
  @Override
  public void close() {
    if (open.compareAndSet(true, false)) {
      calls.close(fd);
      arena.close();
    }
  }
}
