package org.libproc4j.internal.ptrace;

import org.jspecify.annotations.Nullable;

/**
 * One seized thread. Written by its tracer alone; other threads read {@link #stopped} and {@link
 * #gone}.
 */
public final class Tracee {
  /** Where the kernel has it, as far as its reports say. */
  enum State {
    /** Not in a ptrace-stop that we know of. */
    RUNNING,
    /** In a ptrace-stop, until we resume it. */
    STOPPED,
    /** Stopped by job control and left to it, by PTRACE_LISTEN. */
    LISTENING,
    /** A leader that has exited before its other threads: it reports nothing until they end. */
    ZOMBIE,
    /** No tracee any more. */
    GONE
  }

  private final int tid;
  TracedProcess process;

  /** Its place in its process's list. */
  int index;

  private volatile State state = State.RUNNING;

  /** Whether it counts as running in {@link TracedProcess#running}. */
  boolean counted;

  /** Whether it counts as one that has not ended. */
  boolean live;

  /** Of one that was attached at birth, by whom is not known: no options that there are. */
  static final int UNKNOWN_OPTIONS = -1;

  /** The ptrace options that the kernel has for it. */
  int options;

  /** A directive is in force: its next stop is to be kept. */
  boolean directed;

  /** A trap is on its way that nobody waits for: a directive withdrawn, or new options to set. */
  boolean nudged;

  /**
   * We have sent it a SIGSTOP with tgkill, so one that comes may be ours. It stays so: of two that
   * were sent for a directive withdrawn and given again, one may be queued while the other is
   * swallowed.
   */
  boolean ownStop;

  /**
   * It was sent an INTERRUPT, and has not reported the trap. If another stop comes first, the trap
   * follows if the thread was in that stop already when it was asked, and not if it came to it
   * later.
   */
  boolean interrupted;

  /** It was resumed to its next system call. */
  boolean toSyscall;

  /** It is to run for one instruction only. */
  boolean stepping;

  /**
   * It was resumed for one instruction, and the SIGTRAP that ends the step has not been taken: it
   * may be queued behind another stop, and would kill the target.
   */
  boolean stepTrap;

  /** Job-stopped, and given back to job control by setRun: it counts as running. */
  volatile boolean yielded;

  /** Which of its process's job stops that was. */
  private int yieldedStop;

  /** How many of them were over when it was last seen in one. */
  private int endsBefore;

  /** The system call that it entered, at its last syscall-enter-stop; −1 outside of one. */
  int syscall = -1;

  /** The system call that it was in when it came to its stop. */
  final BlockedCall call = new BlockedCall();

  /** The stop that it is in, while STOPPED. */
  @Nullable WaitStatus stop;

  /**
   * Whether that stop was taken from the kernel; if not, a wait for any tracee reports it again.
   */
  boolean consumed;

  /** Whether it stands in {@link Waits}'s list of stops to consume. */
  boolean listed;

  /** Let go, it has reported its job stop anew: see {@link Requests#renewJobStop}. */
  boolean jobStopIsSure;

  /**
   * It runs to its end, because it was killed where it stood or has gone on from its exit; a leader
   * reports that after all others.
   */
  boolean ending;

  private Cause cause = Cause.REQUESTED;
  private int what;

  Tracee(TracedProcess process, int tid) {
    this.process = process;
    this.tid = tid;
  }

  public int tid() {
    return tid;
  }

  public TracedProcess process() {
    return process;
  }

  State state() {
    return state;
  }

  void state(State next) {
    state = next;
  }

  /** Whether it is stopped, by us or by job control. */
  public boolean stopped() {
    State now = state;
    return now == State.STOPPED || (now == State.LISTENING && !yielded);
  }

  /** Whether it runs, or listens to what may have it run. */
  boolean mayMove() {
    State now = state;
    return now == State.RUNNING || now == State.LISTENING;
  }

  /** Whether it has ended, or is no tracee of ours any more. */
  public boolean gone() {
    State now = state;
    return now == State.GONE || now == State.ZOMBIE;
  }

  /** It has come to a job stop, or reports the same again. */
  void inJobStop() {
    endsBefore = process.jobStopEnds;
  }

  /** Whether it stands at its exit, because that is an event. */
  boolean standsAtExit() {
    return state == State.STOPPED && stop != null && stop.isExit();
  }

  /**
   * Whether it is in a job stop that is not over, as far as another thread has shown: one that we
   * hold in its stop does not report the end.
   */
  boolean isInJobStop() {
    return (state == State.LISTENING || (stopped() && stop instanceof WaitStatus.GroupStop))
        && endsBefore == process.jobStopEnds;
  }

  /** Gives a job-stopped thread back to job control. */
  void leaveToJobControl() {
    yielded = true;
    yieldedStop = process.jobStops;
    process.count(this, true);
  }

  /** Whether no other job stop of its process has begun since it was yielded. */
  boolean yieldedSameStop() {
    return yielded && yieldedStop == process.jobStops;
  }

  void why(Cause why, int detail) {
    cause = why;
    what = detail;
  }

  /** Why it is stopped; only while it is. */
  public Cause cause() {
    return cause;
  }

  /** What it will notice of the stop that it is in. */
  public Disturbance disturbance() {
    return call.disturbance();
  }

  /** The signal, system call or event message that stopped it; 0 where there is none. */
  public int what() {
    return what;
  }

  /** The signal that it would receive when resumed, 0 for none; only while it is stopped. */
  public int currentSignal() {
    return heldOnSignal() && stop instanceof WaitStatus.SignalDeliveryStop s ? s.signal() : 0;
  }

  /**
   * Whether it is kept in a signal-delivery-stop, which must not be consumed: see {@link Waits}.
   */
  boolean heldOnSignal() {
    return state == State.STOPPED && !consumed && stop instanceof WaitStatus.SignalDeliveryStop;
  }
}
