package org.libproc4j;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.libproc4j.internal.linux.Libc;
import org.libproc4j.internal.linux.Ptrace;
import org.libproc4j.internal.linux.SigInfo;
import org.libproc4j.internal.linux.Wait;
import org.libproc4j.testing.Await;
import org.libproc4j.testing.Target;

/** What another thread reaps for a tracer, which might be stuck in the kernel. */
@Timeout(60)
class WatchdogIT {
  private static final String WATCHDOG = "libproc4j-watchdog";
  private static final int VICTIM = 1;

  /**
   * A thread ends while the last one is being seized, and the watchdog reaps it; but before it can
   * say so, the tracer is done.
   */
  private static final class LateReaper extends Libc {
    private final Target target;
    private final int victim;
    private final Thread tracer = Thread.currentThread();
    private final AtomicInteger seized = new AtomicInteger();
    private volatile boolean reaped;
    private volatile boolean done;

    LateReaper(Target target) {
      this.target = target;
      victim = target.tid(VICTIM);
    }

    @Override
    public long ptrace(int request, int tid, long addr, long data) {
      if (request == Ptrace.SEIZE && seized.incrementAndGet() == target.slots()) {
        target.tell("worker " + VICTIM);
        assertThat(Await.until(Target.LIMIT, () -> reaped)).as("reaped").isTrue();
      }
      return super.ptrace(request, tid, addr, data);
    }

    @Override
    public int waitid(int idType, int id, SigInfo info, int options) {
      int r = super.waitid(idType, id, info, options);
      boolean takes = (options & Wait.WNOWAIT) == 0;
      if (id == victim && takes && Thread.currentThread().getName().equals(WATCHDOG)) {
        reaped = true;
        Await.until(Target.LIMIT, () -> done || tracer.getState() == Thread.State.BLOCKED);
      }
      return r;
    }
  }

  @Test
  void whatIsReapedAtTheLastMomentIsNotWaitedFor() throws Exception {
    try (Target target = Target.start("exiter")) {
      LateReaper libc = new LateReaper(target);
      try (Tracer tracer = Way.CONFINED_INTERRUPT.open(libc);
          ProcessHandle process = tracer.grab(target.pid(), GrabOption.NOSTOP)) {
        libc.done = true;
        assertThat(process.stop(Target.LIMIT)).isEqualTo(Errno.OK);
        assertThat(process.state()).isEqualTo(ProcessState.STOP);
        assertThat(process.lwpIds()).doesNotContain(libc.victim).hasSize(target.slots() - 1);
      }
      target.assertSound();
    }
  }
}
