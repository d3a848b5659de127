package org.libproc4j;

import org.libproc4j.internal.linux.Err;
import org.libproc4j.internal.ptrace.Deadline;

/**
 * The state machine of {@code stop(request, msec)}, one for processes and threads.
 *
 * <pre>
 *  1  released                                        EBADF
 *  2  unknown request, negative msec                  EINVAL
 *  3  LOST, not PCNULL                                EAGAIN
 *  4  UNDEAD, DEAD or IDLE, not PCNULL                ENOENT
 *  5  grabbed RDONLY, not PCNULL                      EBADF
 *  6  STOP already, PCSTOP or PCWSTOP                 OK
 *  7  it ends meanwhile                               ENOENT; OK for PCNULL
 *  8  control vanishes meanwhile                      EAGAIN; OK for PCNULL
 *  9  PCNULL, PCDSTOP                                 OK
 * 10  time ran out                                    OK, state as found
 * 11  without a limit, and the wait ended unstopped   EPROTO
 * 12  a stop of an undocumented kind                  EPROTO
 * 13  the calling thread is interrupted               EINTR, flag kept
 * </pre>
 */
final class StopProtocol {
  private static final long NANOS_A_MILLISECOND = 1_000_000;

  /** A process or a thread, as far as the protocol is concerned. */
  abstract static class Subject {
    abstract ProcessState state();

    abstract boolean readOnly();

    /** Brings the state up to date. */
    abstract void refresh();

    /** Directs to stop, without waiting. */
    abstract void direct();

    /** Directs, and waits; 0, −ETIMEDOUT, −EINTR, or why waiting failed. */
    abstract int directAndAwait(long deadline);

    /** Waits; results as above. */
    abstract int await(long deadline);

    /** Whether the kernel reported what it does not document, since the last question. */
    abstract boolean takeOddity();
  }

  private StopProtocol() {}

  static Errno stop(Handle handle, int code, int msec) {
    if (handle.isReleased()) {
      return Errno.EBADF; // 1
    }
    StopRequest request = StopRequest.of(code);
    if (request == null || msec < 0) {
      return Errno.EINVAL; // 2
    }
    Subject subject = handle.subject();
    if (request == StopRequest.PCNULL) {
      subject.refresh();
      return Errno.OK; // 7, 8, 9
    }
    Errno refused = refusal(subject.state());
    if (refused != null) {
      return refused; // 3, 4
    }
    if (subject.readOnly()) {
      return Errno.EBADF; // 5
    }
    if (subject.state() == ProcessState.STOP) {
      subject.refresh(); // 6 holds for a process that is stopped now, not for one killed since
    }
    int waited = 0;
    switch (request) {
      case PCDSTOP -> {
        subject.direct();
        subject.refresh();
      }
      case PCSTOP -> waited = subject.directAndAwait(deadline(msec));
      case PCWSTOP -> waited = subject.await(deadline(msec));
      case PCNULL -> throw new AssertionError(request);
    }
    if (handle.isReleased()) {
      return Errno.EBADF; // 1: released while we waited
    }
    return outcome(subject, request, waited);
  }

  private static Errno outcome(Subject subject, StopRequest request, int waited) {
    ProcessState state = subject.state();
    Errno refused = refusal(state);
    if (refused != null) {
      return refused; // 7, 8
    }
    if (request == StopRequest.PCDSTOP) {
      return Errno.OK; // 9
    }
    if (waited == -Err.EINTR) {
      return Errno.EINTR; // 13
    }
    if (subject.takeOddity()) {
      return Errno.EPROTO; // 11 (waiting itself failed), 12
    }
    if (state == ProcessState.STOP || waited == 0 || waited == -Err.ETIMEDOUT) {
      return Errno.OK; // 6, 10; or it was stopped, and another caller has set it running since
    }
    return Errno.EPROTO; // 11
  }

  /** Rows 3 and 4, and 7 and 8 with them: what a request other than PCNULL gets in this state. */
  static @org.jspecify.annotations.Nullable Errno refusal(ProcessState state) {
    return switch (state) {
      case LOST -> Errno.EAGAIN;
      case UNDEAD, DEAD, IDLE -> Errno.ENOENT;
      case RUN, STOP -> null;
    };
  }

  private static long deadline(int msec) {
    return msec == 0 ? Deadline.NEVER : Deadline.in(msec * NANOS_A_MILLISECOND);
  }
}
