package org.libproc4j;

import org.libproc4j.internal.linux.Signal;

/** Which numbers are signals, and which signals are faults. */
final class Signals {
  private Signals() {}

  static boolean isValid(int signal) {
    return signal >= 1 && signal <= Signal.MAX;
  }

  static boolean isValidOrZero(int signal) {
    return signal == 0 || isValid(signal);
  }

  static boolean areValid(int... signals) {
    for (int signal : signals) {
      if (!isValid(signal)) {
        return false;
      }
    }
    return true;
  }

  /** Signals that a thread's own instruction can raise. */
  static boolean areFaults(int... signals) {
    for (int signal : signals) {
      if (signal != Signal.SIGSEGV
          && signal != Signal.SIGBUS
          && signal != Signal.SIGILL
          && signal != Signal.SIGFPE
          && signal != Signal.SIGTRAP
          && signal != Signal.SIGSYS) {
        return false;
      }
    }
    return true;
  }
}
