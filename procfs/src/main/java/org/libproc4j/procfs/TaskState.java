package org.libproc4j.procfs;

/**
 * The state of a task, as one letter of proc_pid_stat(5). Of a process it is its leader's, which
 * says nothing about the other threads.
 */
public enum TaskState {
  /** Runs, or waits for a processor. */
  RUNNING('R'),
  /** Sleeps until something happens or a signal comes. */
  SLEEPING('S'),
  /** Sleeps in the kernel where no signal but perhaps SIGKILL wakes it. */
  DISK_SLEEP('D'),
  /** Stopped by job control. */
  STOPPED('T'),
  /** Stopped for its tracer. */
  TRACING_STOP('t'),
  /** Ended, but not waited for; or a leader that ended before its other threads. */
  ZOMBIE('Z'),
  /** About to vanish. */
  DEAD('X'),
  /** A kernel thread that is parked. */
  PARKED('P'),
  /** A kernel thread with nothing to do. */
  IDLE('I'),
  /** A letter that this library does not know. */
  OTHER('?');

  private final char code;

  TaskState(char code) {
    this.code = code;
  }

  /**
   * The letter that the kernel shows.
   *
   * @return the letter, or {@code ?} for {@link #OTHER}
   */
  public char code() {
    return code;
  }

  /**
   * The state that a letter stands for.
   *
   * @param code the kernel's letter
   * @return the state, {@link #OTHER} if there is none
   */
  public static TaskState of(char code) {
    return switch (code) {
      case 'R' -> RUNNING;
      case 'S' -> SLEEPING;
      case 'D' -> DISK_SLEEP;
      case 'T' -> STOPPED;
      case 't' -> TRACING_STOP;
      case 'Z' -> ZOMBIE;
      case 'X', 'x' -> DEAD;
      case 'P' -> PARKED;
      case 'I' -> IDLE;
      default -> OTHER;
    };
  }
}
