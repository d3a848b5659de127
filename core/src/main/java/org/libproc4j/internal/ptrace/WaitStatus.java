package org.libproc4j.internal.ptrace;

import org.libproc4j.internal.linux.Ptrace;
import org.libproc4j.internal.linux.Signal;
import org.libproc4j.internal.linux.Wait;

/**
 * What waitid(2) reports of a seized tracee, named as in ptrace(2). Nothing else looks at status
 * bits.
 */
sealed interface WaitStatus {
  /** Stopped on its way to a signal's delivery; the signal is not yet delivered. */
  record SignalDeliveryStop(int signal) implements WaitStatus {}

  /** Stopped by job control, together with its process. */
  record GroupStop(int signal) implements WaitStatus {}

  /** Stopped at a PTRACE_EVENT that an option asked for. */
  record EventStop(int event) implements WaitStatus {}

  /**
   * Stopped by PTRACE_INTERRUPT, by SIGCONT's notice, or as a newborn: the kernel tells no more.
   */
  record InterruptStop() implements WaitStatus {
    static final InterruptStop INSTANCE = new InterruptStop();
  }

  /** Stopped at the entry or the exit of a system call. */
  record SyscallStop() implements WaitStatus {
    static final SyscallStop INSTANCE = new SyscallStop();
  }

  /** Ended by exit(2). */
  record Exited(int code) implements WaitStatus {}

  /** Ended by a signal. */
  record Killed(int signal) implements WaitStatus {}

  /** A report that ptrace(2) does not describe. */
  record Undocumented(int code, int status) implements WaitStatus {}

  /** Under PTRACE_O_TRACESYSGOOD, what tells a syscall-stop from a SIGTRAP. */
  int SYSCALL_BIT = 0x80;

  /** Whether the kernel was about to look for signals, on the thread's way to its program. */
  default boolean isOnTheWayToSignals() {
    return this instanceof InterruptStop
        || this instanceof GroupStop
        || this instanceof SignalDeliveryStop;
  }

  /** Whether it is that of a thread at its exit. */
  default boolean isExit() {
    return this instanceof EventStop(int event) && event == Ptrace.EVENT_EXIT;
  }

  /** Decodes {@code si_code} and {@code si_status}. */
  static WaitStatus decode(int code, int status) {
    if (code == Wait.CLD_TRAPPED) {
      return stop(code, status);
    }
    if (code == Wait.CLD_EXITED) {
      return new Exited(status);
    }
    if (code == Wait.CLD_KILLED || code == Wait.CLD_DUMPED) {
      return new Killed(status);
    }
    return new Undocumented(code, status);
  }

  private static WaitStatus stop(int code, int status) {
    int signal = status & 0xff;
    int event = status >> 8;
    if (event == 0) {
      if (signal == (Signal.SIGTRAP | SYSCALL_BIT)) {
        return SyscallStop.INSTANCE;
      }
      return signal >= 1 && signal <= Signal.MAX
          ? new SignalDeliveryStop(signal)
          : new Undocumented(code, status);
    }
    if (event == Ptrace.EVENT_STOP) {
      if (signal == Signal.SIGTRAP) {
        return InterruptStop.INSTANCE;
      }
      return Signal.stops(signal) ? new GroupStop(signal) : new Undocumented(code, status);
    }
    boolean known =
        event == Ptrace.EVENT_FORK
            || event == Ptrace.EVENT_VFORK
            || event == Ptrace.EVENT_CLONE
            || event == Ptrace.EVENT_EXEC
            || event == Ptrace.EVENT_EXIT;
    return signal == Signal.SIGTRAP && known
        ? new EventStop(event)
        : new Undocumented(code, status);
  }
}
