package org.libproc4j.freezer;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import org.libproc4j.internal.linux.Libc;
import org.libproc4j.internal.linux.SigInfo;
import org.libproc4j.internal.linux.Wait;

/**
 * What the freezer's thread has seized, for a second thread to reap what of it has died.
 *
 * <p>While an exec waits for a seized sibling that has died and was not reaped, PTRACE_SEIZE of
 * another thread of that process blocks for ever; but any thread of ours may reap the dead one.
 */
final class Seized {
  private static final int PEEK = Wait.WEXITED | Wait.WNOWAIT | Wait.WNOHANG | Wait.WALL;
  private static final int REAP = Wait.WEXITED | Wait.WNOHANG | Wait.WALL;

  private final Libc libc;
  private int[] tids = new int[1024];
  private int count;

  /** What the freezer's thread has got done, for another to see whether it gets on. */
  private final AtomicLong steps = new AtomicLong();

  private long stepsBefore = -1;

  Seized(Libc libc) {
    this.libc = libc;
  }

  synchronized void add(int tid) {
    if (count == tids.length) {
      tids = Arrays.copyOf(tids, 2 * count);
    }
    tids[count++] = tid;
  }

  /** The freezer's thread gets on. */
  void step() {
    steps.lazySet(steps.getPlain() + 1);
  }

  /** Reaps the dead, if the freezer's thread has not got on since the last time. */
  void unblock() {
    long now = steps.get();
    if (now != stepsBefore) {
      stepsBefore = now;
      return;
    }
    int[] known;
    synchronized (this) {
      known = Arrays.copyOf(tids, count);
    }
    SigInfo info = new SigInfo();
    for (int tid : known) {
      if (libc.waitid(Wait.P_PID, tid, info, PEEK) == 0
          && info.pid() != 0
          && info.code() != Wait.CLD_TRAPPED) {
        libc.waitid(Wait.P_PID, tid, info, REAP);
      }
    }
  }
}
