package org.libproc4j.testing;

/**
 * One run of a signal handler in a target.
 *
 * @param signal the signal's number
 * @param code {@code si_code}
 * @param senderPid {@code si_pid}; 0 for a fault
 * @param tid the thread that the handler ran in
 * @param value {@code si_value}; the address of a fault
 */
public record LoggedSignal(int signal, int code, int senderPid, int tid, long value) {

  /** {@code si_code} of a signal sent by kill. */
  public static final int SI_USER = 0;

  /** {@code si_code} of a signal sent by sigqueue. */
  public static final int SI_QUEUE = -1;

  /** {@code si_code} of a signal sent by tgkill. */
  public static final int SI_TKILL = -6;

  /** Whether it was sent by sigqueue. */
  boolean isQueued() {
    return code == SI_QUEUE;
  }
}
