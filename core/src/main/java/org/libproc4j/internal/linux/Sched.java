package org.libproc4j.internal.linux;

import org.libproc4j.linux.linux_h;

/** Scheduling policies of sched(7). */
public final class Sched {
  public static final int FIFO = linux_h.SCHED_FIFO();

  /** Threads and processes that such a thread starts get the ordinary policy. */
  public static final int RESET_ON_FORK = linux_h.SCHED_RESET_ON_FORK();

  private Sched() {}
}
