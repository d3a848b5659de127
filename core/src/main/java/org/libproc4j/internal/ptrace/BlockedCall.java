package org.libproc4j.internal.ptrace;

/** What a {@link Mender} keeps of the call that a thread was stopped in. */
public final class BlockedCall {
  private Disturbance disturbance = Disturbance.NONE;

  /** When the time of a mended call is over; {@link Deadline#NEVER} where it has no limit. */
  long deadline = Deadline.NEVER;

  /** What the call returns then: a result or −errno. */
  int timedOut;

  /** What of its present stop the thread will notice. */
  public Disturbance disturbance() {
    return disturbance;
  }

  /** Whether it is a mended one whose time is over. */
  public boolean isOverdue() {
    return deadline != Deadline.NEVER && Deadline.passed(deadline);
  }

  void disturbance(Disturbance now) {
    disturbance = now;
  }
}
