package org.libproc4j.procfs.internal;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HexFormat;
import java.util.function.IntConsumer;

/**
 * A mounted {@code /proc}, for who asks about every process of the machine again and again: no
 * garbage, and as few system calls as there can be. For one thread at a time.
 */
public final class ProcDir implements AutoCloseable {
  private static final int ESRCH = 3;

  /** The kernel's 52 numbers, of 20 digits at most, and its longest name. */
  private static final int LARGEST_STAT = 2048;

  private static final int LONGEST_TAIL = 64;
  private static final byte[] TASK = {'/', 't', 'a', 's', 'k', '/'};
  private static final byte[] STAT = {'/', 's', 't', 'a', 't', 0};
  private static final byte[] SYSCALL = {'/', 's', 'y', 's', 'c', 'a', 'l', 'l', 0};

  private final ProcCalls calls;
  private final int fd;

  /** Closing a shared one would wait for every thread of the JVM to pass a safepoint check. */
  private final Arena arena = Arena.ofAuto();

  private final MemorySegment entries = arena.allocate(Numbers.BUFFER, Long.BYTES);
  private final MemorySegment links = arena.allocate(ProcCalls.STATX_SIZE, Long.BYTES);
  private final MemorySegment text = arena.allocate(LARGEST_STAT);
  private final byte[] bytes = new byte[LARGEST_STAT];
  private final MemorySegment path;
  private final int rootLength;

  private ProcDir(ProcCalls calls, int fd, String root) {
    this.calls = calls;
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
  public static ProcDir open(ProcCalls calls, String root) {
    try (Arena arena = Arena.ofConfined()) {
      int fd = calls.openDirectory(arena.allocateFrom(root));
      if (fd < 0) {
        throw new IllegalStateException("open of " + root + " failed with errno " + -fd);
      }
      return new ProcDir(calls, fd, root);
    }
  }

  /** Calls the visitor for each process; 0 or −errno. */
  public int processes(IntConsumer visitor) {
    long r = calls.rewind(fd);
    return r < 0 ? (int) r : Numbers.list(calls, fd, entries, visitor);
  }

  /** How many threads a process has, those that died and were not reaped included; or −errno. */
  public int threadCount(int pid) {
    taskPath(pid);
    int count = calls.linkCount(path, links);
    return count < 0 ? count : count - TaskDir.LINKS_OF_AN_EMPTY_DIRECTORY;
  }

  /** Calls the visitor for each thread of a process; 0 or −errno. One listing may miss some. */
  public int threads(int pid, IntConsumer visitor) {
    taskPath(pid);
    int tasks = calls.openDirectory(path);
    if (tasks < 0) {
      return tasks;
    }
    int r = Numbers.list(calls, tasks, entries, visitor);
    calls.close(tasks);
    return r;
  }

  /**
   * A thread's state as the kernel's letter, or −errno.
   *
   * @throws IllegalStateException if the file is no {@code stat}; shows the path and the bytes
   */
  public int state(int pid, int tid) {
    long length = read(pid, tid, STAT);
    if (length <= 0) {
      return length == 0 ? -ESRCH : (int) length;
    }
    return text.get(ValueLayout.JAVA_BYTE, endOfName(length) + 2);
  }

  /**
   * Fills a line with what the {@code stat} of a process says now: 0 or −errno.
   *
   * @throws IllegalStateException as {@link #state}
   */
  public int stat(int pid, StatLine line) {
    long length = read(pid, pid, STAT);
    if (length <= 0) {
      return length == 0 ? -ESRCH : (int) length;
    }
    long from = endOfName(length) + 1;
    MemorySegment.copy(text, ValueLayout.JAVA_BYTE, from, bytes, 0, (int) (length - from));
    if (!line.parse(bytes, (int) (length - from))) {
      throw malformed(length);
    }
    return 0;
  }

  /**
   * The number of the system call that a thread is blocked in; negative if it is in none, or we may
   * not know.
   */
  public long systemCall(int pid, int tid) {
    long length = read(pid, tid, SYSCALL);
    long number = 0;
    for (long at = 0; at < length; at++) {
      byte next = text.get(ValueLayout.JAVA_BYTE, at);
      if (next < '0' || next > '9') {
        return next == ' ' && at > 0 ? number : -1; // "-1 …" and "running" are none
      }
      number = 10 * number + next - '0';
    }
    return -1;
  }

  /**
   * Reads a file of a thread: its length, or −errno. A leader's is its process's too, under a
   * shorter path: the kernel makes an inode for each directory on the way.
   */
  private long read(int pid, int tid, byte[] name) {
    long at = Numbers.put(tid, path, pid == tid ? rootLength : taskPath(pid));
    MemorySegment.copy(name, 0, path, ValueLayout.JAVA_BYTE, at, name.length);
    int file = calls.openFile(path);
    if (file < 0) {
      return file;
    }
    long length = calls.read(file, text);
    calls.close(file);
    return length;
  }

  /** The name may hold anything, what follows it no parenthesis. A file cut short is none. */
  private long endOfName(long length) {
    boolean whole = text.get(ValueLayout.JAVA_BYTE, length - 1) == '\n';
    for (long end = length - 4; whole && end >= 0; end--) {
      if (text.get(ValueLayout.JAVA_BYTE, end) == ')') {
        return end;
      }
    }
    throw malformed(length);
  }

  private IllegalStateException malformed(long length) {
    byte[] all = text.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE);
    return new IllegalStateException(
        path.getString(0) + " is no stat file: " + HexFormat.of().formatHex(all));
  }

  /** {@code ROOT/PID/task/}: where it ends. */
  private long taskPath(int pid) {
    long at = Numbers.put(pid, path, rootLength);
    MemorySegment.copy(TASK, 0, path, ValueLayout.JAVA_BYTE, at, TASK.length);
    at += TASK.length;
    path.set(ValueLayout.JAVA_BYTE, at, (byte) 0);
    return at;
  }

  @Override
  public void close() {
    calls.close(fd);
  }
}
