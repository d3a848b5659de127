package org.libproc4j;

import org.libproc4j.internal.ptrace.Control;

/** The checks that {@code setRun} makes for a process and for a thread alike. */
final class SetRun {
  /** What is done once they have passed; 0 or −errno. */
  @FunctionalInterface
  interface Operation {
    int run(boolean clearSignal, boolean step);
  }

  private SetRun() {}

  static Errno run(Handle handle, int signal, RunFlag[] flags, Operation operation) {
    boolean clear = false;
    boolean step = false;
    for (RunFlag flag : flags) {
      switch (flag) {
        case PRCSIG, PRCFAULT -> clear = true;
        case PRSTEP -> step = true;
      }
    }
    if (handle.isReleased()) {
      return Errno.EBADF;
    }
    if (!Signals.isValidOrZero(signal)) {
      return Errno.EINVAL;
    }
    StopProtocol.Subject subject = handle.subject();
    Errno refused = StopProtocol.refusal(subject.state());
    if (refused != null) {
      return refused;
    }
    if (subject.readOnly()) {
      return Errno.EBADF;
    }
    Errno result;
    try {
      result = Errno.ofResult(operation.run(clear, step));
    } catch (Control.EndedException e) {
      return Errno.EAGAIN;
    }
    if (result.isOk()) {
      return result; // it may have ended since, by running
    }
    Errno ended = StopProtocol.refusal(subject.state());
    return ended != null ? ended : result;
  }
}
