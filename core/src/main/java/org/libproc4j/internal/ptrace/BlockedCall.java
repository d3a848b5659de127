package org.libproc4j.internal.ptrace;

/** What a {@link Mender} keeps of the call that a thread was stopped in. */
public final class BlockedCall {
  private Disturbance disturbance = Disturbance.NONE;

  /** Whether the thread bears a sign of having been mended in this call, which may have a limit. */
  boolean signed;

  /** When it was mended first; its time begins anew with each stop. */
  long since;

  /** Whether the next two are known. */
  boolean limitKnown;

  /** When its time is over; {@link Deadline#NEVER} where it has no limit. */
  long deadline;

  /** What it returns then: a result or −errno. */
  int timedOut;

  /** Where it was made. */
  long stackPointer;

  long instructionPointer;

  /** What of its present stop the thread will notice. */
  public Disturbance disturbance() {
    return disturbance;
  }

  /** Whether it is a mended one whose time is known to be over. */
  public boolean isOverdue() {
    return signed && limitKnown && Deadline.passed(deadline);
  }

  void disturbance(Disturbance now) {
    disturbance = now;
  }

  /** The call is over, or was never mended. */
  void forget() {
    signed = false;
    limitKnown = false;
  }

  /** Takes over all that lasts as long as the call. */
  void continues(BlockedCall before) {
    signed = before.signed;
    since = before.since;
    limitKnown = before.limitKnown;
    deadline = before.deadline;
    timedOut = before.timedOut;
    stackPointer = before.stackPointer;
    instructionPointer = before.instructionPointer;
  }
}
