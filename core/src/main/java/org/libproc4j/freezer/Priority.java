package org.libproc4j.freezer;

import org.libproc4j.internal.linux.Libc;
import org.libproc4j.internal.linux.Sched;

/** Precedence over what is to be frozen: on a busy machine our turn could be seconds away. */
final class Priority {
  private static final int REALTIME = 50;
  private static final int NICEST = -20;

  private Priority() {}

  /**
   * Has what the calling thread starts now inherit real-time precedence, if the thread has that: a
   * child that must get ready before anything is frozen. Until the next {@link #raise}.
   */
  static void bequeath(Libc libc) {
    libc.schedSetscheduler(0, Sched.FIFO, REALTIME);
  }

  /** Gives a thread what it can get, and says what that is. */
  static String raise(Libc libc, int tid) {
    if (libc.schedSetscheduler(tid, Sched.FIFO | Sched.RESET_ON_FORK, REALTIME) == 0) {
      return "SCHED_FIFO";
    }
    return libc.setpriority(tid, NICEST) == 0 ? "nice -20" : "ordinary";
  }
}
