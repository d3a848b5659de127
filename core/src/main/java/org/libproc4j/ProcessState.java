package org.libproc4j;

/**
 * What a process, or a thread of it, is doing, as libproc's {@code PS_*} with the same numbers.
 *
 * @see <a href="https://illumos.org/man/3PROC/Pstate">Pstate(3PROC)</a>
 */
public enum ProcessState {
  /** At least one thread is not stopped under our control. */
  RUN(1),
  /** Every thread is stopped, and it is known why. */
  STOP(2),
  /**
   * Alive, but no longer ours: its tracer has ended, or it was detached behind our back. {@link
   * ProcessHandle#reopen()} may win it back.
   */
  LOST(3),
  /** Terminated: a zombie, or already reaped. */
  UNDEAD(4),
  /** A core file. */
  DEAD(5),
  /** An executable file that was never run. */
  IDLE(6);

  private final int code;

  ProcessState(int code) {
    this.code = code;
  }

  /**
   * libproc's number.
   *
   * @return 1 to 6
   */
  public int code() {
    return code;
  }
}
