package org.libproc4j.internal.ptrace;

import java.util.concurrent.locks.LockSupport;
import org.libproc4j.internal.linux.Err;
import org.libproc4j.internal.linux.Libc;
import org.libproc4j.internal.linux.SigInfo;
import org.libproc4j.internal.linux.Wait;

/**
 * Reaps processes that are ours to reap and under nobody's control, each in a daemon thread of its
 * own, which waits for the end by a pidfd: a wait for the process itself would swallow the stops of
 * a later grab.
 */
public final class Reaper {
  private static final long FAILED_CALL_PAUSE_NANOS = 10_000_000;

  private Reaper() {}

  /**
   * Reaps a process when it ends, and closes its pidfd then.
   *
   * @param pidfd negative if there is none: the process has been killed
   * @param reaped what to do then
   */
  public static void reapWhenEnded(Libc libc, int pid, int pidfd, Runnable reaped) {
    Thread.ofPlatform()
        .daemon()
        .name("libproc4j-reaper-" + pid)
        .start(
            () -> {
              if (pidfd >= 0) {
                awaitEnd(libc, pidfd);
                reap(libc, pid, Wait.WNOHANG);
                libc.close(pidfd);
              } else {
                reap(libc, pid, 0);
              }
              reaped.run();
            });
  }

  private static void awaitEnd(Libc libc, int pidfd) {
    int r;
    while ((r = libc.poll(pidfd, Wait.POLLIN, -1)) <= 0) {
      if (r != -Err.EINTR) {
        LockSupport.parkNanos(FAILED_CALL_PAUSE_NANOS);
      }
    }
  }

  /** ECHILD: a tracer of ours has reaped it. */
  private static void reap(Libc libc, int pid, int options) {
    SigInfo info = new SigInfo();
    int r;
    while ((r = libc.waitid(Wait.P_PID, pid, info, Wait.WEXITED | Wait.WALL | options)) < 0
        && r != -Err.ECHILD) {
      LockSupport.parkNanos(FAILED_CALL_PAUSE_NANOS);
    }
  }
}
