package org.libproc4j.procfs.internal;

/**
 * What decides whether and how a process is stopped, of its {@code stat}: proc_pid_stat(5). One is
 * filled again and again, by {@link ProcDir#stat}.
 */
public final class StatLine {
  private static final int PPID = 4;
  private static final int FLAGS = 9;
  private static final int NUM_THREADS = 20;
  private static final int START_TIME = 22;
  private static final long KERNEL_THREAD = 0x0020_0000; // PF_KTHREAD

  /** Of the kernel's largest numbers, none of which is among those that are asked for. */
  private static final int MOST_DIGITS = 20;

  private char state;
  private final long[] fields = new long[START_TIME + 1];

  /**
   * Takes the fields from the state on.
   *
   * @param text what follows the name
   * @return false if these are none
   */
  boolean parse(byte[] text, int length) {
    int at = 1;
    if (length < 2 || text[0] != ' ') {
      return false;
    }
    state = (char) text[at++];
    for (int field = PPID; field <= START_TIME; field++) {
      int end = parse(text, at, length, field);
      if (end < 0) {
        return false;
      }
      at = end;
    }
    return true;
  }

  /** A space and a number: where it ends, or negative. */
  private int parse(byte[] text, int start, int length, int field) {
    int at = start;
    if (at >= length || text[at++] != ' ') {
      return -1;
    }
    boolean negative = at < length && text[at] == '-';
    if (negative) {
      at++;
    }
    int digits = at;
    long value = 0;
    while (at < length && text[at] >= '0' && text[at] <= '9') {
      value = 10 * value + text[at++] - '0';
    }
    fields[field] = negative ? -value : value;
    return at > digits && at - digits <= MOST_DIGITS ? at : -1;
  }

  /** The kernel's letter. */
  public char state() {
    return state;
  }

  /** The process that is told of its end. */
  public int ppid() {
    return (int) fields[PPID];
  }

  /** Whether it is one of the kernel's. */
  public boolean isKernelThread() {
    return (fields[FLAGS] & KERNEL_THREAD) != 0;
  }

  /** How many threads it has. */
  public int threads() {
    return (int) fields[NUM_THREADS];
  }

  /** When it started, in clock ticks since boot. */
  public long startTime() {
    return fields[START_TIME];
  }
}
