package org.libproc4j.internal.linux;

import java.util.HashSet;
import java.util.Set;

/** Waits for a process to end by its pidfd, which becomes readable then. */
public final class ExitWatch {
  private final Libc libc;
  private final int pidfd;

  /** What wakes those who wait: the writing ends of their pipes. Guarded by this. */
  private final Set<Integer> waiting = new HashSet<>();

  private volatile boolean givenUp;

  public ExitWatch(Libc libc, int pidfd) {
    this.libc = libc;
    this.pidfd = pidfd;
  }

  /**
   * Waits, and can be interrupted.
   *
   * @param deadline by {@link System#nanoTime}; {@link Long#MAX_VALUE} for none
   * @return 0 when it has ended, −ETIMEDOUT, −EINTR with the thread's flag still set, −EBADF once
   *     given up, or −errno
   */
  public int await(long deadline) {
    int[] wake = new int[2];
    int r = libc.pipe(wake);
    if (r < 0) {
      return r;
    }
    synchronized (this) {
      waiting.add(wake[1]);
    }
    try {
      return await(wake, deadline);
    } finally {
      synchronized (this) {
        waiting.remove(wake[1]);
        libc.close(wake[0]);
        libc.close(wake[1]);
      }
    }
  }

  private int await(int[] wake, long deadline) {
    InterruptHook hook = new InterruptHook(() -> wake(wake[1]));
    while (true) {
      if (givenUp) {
        return -Err.EBADF;
      }
      if (Thread.currentThread().isInterrupted()) {
        return -Err.EINTR;
      }
      long left = deadline == Long.MAX_VALUE ? -1 : Math.max(0, deadline - System.nanoTime());
      int r;
      hook.before();
      try {
        r = libc.pollFirst(pidfd, wake[0], left);
      } finally {
        hook.after();
      }
      if (r > 0) {
        return givenUp ? -Err.EBADF : 0;
      }
      if (r == 0 && left == 0) {
        return -Err.ETIMEDOUT;
      }
      if (r < 0 && r != -Err.EINTR) {
        return r;
      }
    }
  }

  /** The pidfd is about to be closed: whoever waits is to stop waiting. */
  public synchronized void giveUp() {
    givenUp = true;
    waiting.forEach(this::wake);
  }

  private void wake(int fd) {
    if (libc.writeByte(fd) < 0) {
      libc.writeByte(fd); // the pipe is empty: there is nothing that it could have against that
    }
  }
}
