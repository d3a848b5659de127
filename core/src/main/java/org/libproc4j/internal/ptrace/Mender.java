package org.libproc4j.internal.ptrace;

import org.jspecify.annotations.Nullable;
import org.libproc4j.internal.linux.BlockingCall;
import org.libproc4j.internal.linux.Err;
import org.libproc4j.internal.linux.Libc;
import org.libproc4j.internal.linux.Machine;
import org.libproc4j.internal.linux.Registers;
import org.libproc4j.internal.linux.SeccompFilters;
import org.libproc4j.internal.linux.SyscallInfo;
import org.libproc4j.internal.linux.TimeLimit;
import org.libproc4j.internal.linux.UserDispatch;

/**
 * Makes stops invisible. A few calls that block end with EINTR when their thread was stopped, as if
 * a handler had run. Where a thread is about to return that, the result is replaced by the kernel's
 * own ERESTARTNOHAND: on the thread's way out the kernel decides anew, by the signals that are
 * there by then. If a handler runs, the call returns EINTR; if none does, it is entered again.
 *
 * <p>The result is replaced at once, so that the target goes on as if it had never been stopped
 * also if its tracer is killed.
 *
 * <p>For one thread, the tracer's.
 */
public final class Mender {
  /** For those that know the limits of a call's time from its first stop on. */
  public static final long AT_ONCE = 0;

  /** For those that stop threads again and again for an instant: a call is late by that at most. */
  static final long AFTER_TWO_MILLISECONDS = 2_000_000;

  private static final long RESTART_UNLESS_HANDLED = -514; // ERESTARTNOHAND of linux/errno.h

  private final Libc libc;
  private final long learnsAfter;
  private final Registers registers = new Registers();
  private final SyscallInfo info = new SyscallInfo();
  private final SeccompFilters filters = new SeccompFilters();
  private final UserDispatch dispatch = new UserDispatch();
  private final TimeLimit limits = new TimeLimit();
  private final TaskFacts facts = new TaskFacts();
  private boolean mends = true;

  /**
   * For the calling thread.
   *
   * @param learnsAfter how many nanoseconds after its first stop the limit of a call's time is
   *     read, which costs more than all the rest
   */
  public Mender(Libc libc, long learnsAfter) {
    this.libc = libc;
    this.learnsAfter = learnsAfter;
  }

  /** Whether to mend, and not only to say what will be noticed. */
  public void mends(boolean whether) {
    mends = whether;
  }

  /**
   * A thread has come to a stop on the kernel's way to its signals: an INTERRUPT's, a group-stop or
   * a signal-delivery-stop. Nowhere else may a result be replaced.
   *
   * @param stepping whether it was to execute one instruction
   */
  public void stopped(int pid, int tid, boolean stepping, BlockedCall state) {
    state.disturbance(examine(pid, tid, stepping, state));
  }

  private Disturbance examine(int pid, int tid, boolean stepping, BlockedCall state) {
    if (!Machine.IS_X86_64 || registers.read(libc, tid) < 0) {
      return Disturbance.UNKNOWN;
    }
    BlockingCall call = BlockingCall.of(registers.call());
    long result = registers.call() < 0 ? 0 : registers.result();
    if (call != null && result == RESTART_UNLESS_HANDLED) {
      return Disturbance.MENDED; // at a stop before, and it has not got away since
    }
    if (result == -Err.EINTR && !mends) {
      state.forget();
      return Disturbance.UNMENDED;
    }
    boolean interrupted = call != null && result == -Err.EINTR;
    // With the sign in its flags it is in the call that was mended before, and not in a new one.
    boolean again =
        interrupted
            && registers.isSigned()
            && (state.signed || LeftCalls.find(tid, registers, state));
    if (!again) {
      state.forget();
    }
    if (call == null
        || !interrupted
        || !(again || call.isInterrupted(libc, tid, registers, limits))) {
      if (result == -Err.EINTR) {
        return Disturbance.UNMENDED;
      }
      return call != null && call.isCutShort(registers)
          ? Disturbance.SHORT_WRITE
          : Disturbance.NONE;
    }
    Disturbance obstacle = obstacle(pid, tid, stepping, again);
    return obstacle == Disturbance.NONE ? mend(pid, tid, call, again, state) : obstacle;
  }

  /**
   * @param again what only the thread itself can change was asked in the same call before
   */
  private Disturbance obstacle(int pid, int tid, boolean stepping, boolean again) {
    if (stepping) {
      return Disturbance.STEPPED;
    }
    if (!again && !isX86_64(tid)) {
      return Disturbance.OTHER_ABI;
    }
    if (!again && dispatch.isOn(libc, tid)) {
      return Disturbance.USER_DISPATCH;
    }
    return switch (filters.about(libc, tid, registers)) {
      case NONE, ALLOWED -> Disturbance.NONE;
      case NOT_ALLOWED -> Disturbance.SECCOMP;
      case UNREADABLE -> facts.isFiltered(pid, tid) ? Disturbance.SECCOMP : Disturbance.NONE;
    };
  }

  private boolean isX86_64(int tid) {
    return registers.is64Bit()
        && (registers.isOfSyscallInstruction() || (info.read(libc, tid) == 0 && info.isX86_64()));
  }

  private Disturbance mend(int pid, int tid, BlockingCall call, boolean again, BlockedCall state) {
    if (!again && call.mayHaveLimit(registers) && registers.sign(libc, tid) == 0) {
      state.signed = true;
      state.since = System.nanoTime();
      state.stackPointer = registers.stackPointer();
      state.instructionPointer = registers.instructionPointer();
      if (learnsAfter == AT_ONCE) {
        learn(pid, tid, call, state);
      }
    }
    return registers.result(libc, tid, RESTART_UNLESS_HANDLED) == 0
        ? Disturbance.MENDED
        : Disturbance.UNKNOWN;
  }

  private void learn(int pid, int tid, BlockingCall call, BlockedCall state) {
    long limit = call.limit(libc, pid, tid, registers, limits);
    state.deadline = limit == TimeLimit.NONE ? Deadline.NEVER : Deadline.after(state.since, limit);
    state.timedOut = call.timedOut();
    state.limitKnown = true;
  }

  /**
   * A thread is about to go on from such a stop. If the time of its call is over by now, the call
   * says so, unless a signal goes along that a handler may be there for.
   *
   * @param forGood whether it is let go
   */
  public void goesOn(int pid, int tid, int signal, boolean forGood, BlockedCall state) {
    if (state.signed && state.disturbance() == Disturbance.MENDED) {
      learnInTime(pid, tid, state);
      if (signal == 0 && state.isOverdue()) {
        long _ = registers.result(libc, tid, state.timedOut);
        state.forget();
      } else if (forGood) {
        LeftCalls.leave(tid, state);
      }
    }
    state.disturbance(Disturbance.NONE);
  }

  private void learnInTime(int pid, int tid, BlockedCall state) {
    if (!state.limitKnown
        && System.nanoTime() - state.since >= learnsAfter
        && registers.read(libc, tid) == 0) {
      @Nullable BlockingCall call = BlockingCall.of(registers.call());
      if (call != null) {
        learn(pid, tid, call, state);
      }
    }
  }

  /**
   * Whether a thread that stands at the entry or the exit of a system call would return EINTR
   * because of us, when it went on from there: then another stop has to come first.
   */
  boolean isAboutToBeInterrupted(int tid) {
    return mends
        && Machine.IS_X86_64
        && registers.read(libc, tid) == 0
        && BlockingCall.of(registers.call()) != null
        && (registers.result() == -Err.EINTR || registers.result() == -Err.ENOSYS);
  }
}
