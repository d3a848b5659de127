package org.libproc4j.internal.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.libproc4j.linux.statx;

/**
 * A mounted {@code /proc}, for who asks about every process of the machine again and again: no
 * garbage, and as few system calls as there can be. For one thread at a time.
 */
public final class ProcDir implements AutoCloseable {
  /** The kernel's 52 numbers, of 20 digits at most, and its longest name. */
  private static final int LARGEST_STAT = 2048;

  private static final int LONGEST_TAIL = 64;
  private static final byte[] TASK = {'/', 't', 'a', 's', 'k', '/'};
  private static final byte[] STAT = {'/', 's', 't', 'a', 't', 0};

  private final Libc libc;
  private final int fd;
  private final Arena arena = Arena.ofShared();
  private final MemorySegment entries = arena.allocate(Numbers.BUFFER, Long.BYTES);
  private final MemorySegment links = arena.allocate(statx.layout());
  private final MemorySegment stat = arena.allocate(LARGEST_STAT);
  private final MemorySegment path;
  private final int rootLength;

  private ProcDir(Libc libc, int fd, String root) {
    this.libc = libc;
    this.fd = fd;
    MemorySegment prefix = arena.allocateFrom(root + "/");
    rootLength = (int) prefix.byteSize() - 1;
    path = arena.allocate(rootLength + LONGEST_TAIL);
    path.copyFrom(prefix);
  }

  /**
   * Opens it.
   *
   * @throws IllegalStateException if that cannot be
   */
  public static ProcDir open(Libc libc, String root) {
    int fd = libc.open(root, TaskDir.READ, 0);
    if (fd < 0) {
      throw new IllegalStateException("open of " + root + " failed with errno " + -fd);
    }
    return new ProcDir(libc, fd, root);
  }

  /** Calls the visitor for each process; 0 or −errno. */
  public int processes(Numbers.Visitor visitor) {
    long r = libc.rewind(fd);
    return r < 0 ? (int) r : Numbers.list(libc, fd, entries, visitor);
  }

  /** How many threads a process has, those that died and were not reaped included; or −errno. */
  public int threadCount(int pid) {
    taskPath(pid);
    int count = libc.linkCount(path, links);
    return count < 0 ? count : count - TaskDir.LINKS_OF_AN_EMPTY_DIRECTORY;
  }

  /** Calls the visitor for each thread of a process; 0 or −errno. One listing may miss some. */
  public int threads(int pid, Numbers.Visitor visitor) {
    taskPath(pid);
    int tasks = libc.open(path, TaskDir.READ);
    if (tasks < 0) {
      return tasks;
    }
    int r = Numbers.list(libc, tasks, entries, visitor);
    libc.close(tasks);
    return r;
  }

  /** A thread's state as the kernel's letter, or −errno. */
  public int state(int pid, int tid) {
    long at = taskPath(pid);
    at = put(tid, at);
    MemorySegment.copy(STAT, 0, path, ValueLayout.JAVA_BYTE, at, STAT.length);
    int file = libc.open(path, Open.O_RDONLY | Open.O_CLOEXEC);
    if (file < 0) {
      return file;
    }
    long length = libc.read(file, stat);
    libc.close(file);
    if (length <= 0) {
      return length == 0 ? -Err.ESRCH : (int) length;
    }
    // The name may hold anything, what follows it no parenthesis.
    long end = length - 1;
    while (stat.get(ValueLayout.JAVA_BYTE, end) != ')') {
      end--;
    }
    return stat.get(ValueLayout.JAVA_BYTE, end + 2);
  }

  /** {@code ROOT/PID/task/}: where it ends. */
  private long taskPath(int pid) {
    long at = put(pid, rootLength);
    MemorySegment.copy(TASK, 0, path, ValueLayout.JAVA_BYTE, at, TASK.length);
    at += TASK.length;
    path.set(ValueLayout.JAVA_BYTE, at, (byte) 0);
    return at;
  }

  private long put(int number, long at) {
    int digits = 1;
    for (int rest = number; rest >= 10; rest /= 10) {
      digits++;
    }
    int rest = number;
    for (long digit = at + digits - 1; digit >= at; digit--) {
      path.set(ValueLayout.JAVA_BYTE, digit, (byte) ('0' + rest % 10));
      rest /= 10;
    }
    return at + digits;
  }

  @Override
  public void close() {
    libc.close(fd);
    arena.close();
  }
}
