package org.libproc4j.freezer;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.libproc4j.internal.linux.BlockingCall;
import org.libproc4j.internal.linux.KernelTimer;
import org.libproc4j.internal.linux.Libc;
import org.libproc4j.internal.linux.Ptrace;
import org.libproc4j.internal.linux.SigInfo;
import org.libproc4j.internal.linux.Wait;
import org.libproc4j.internal.ptrace.BlockedCall;
import org.libproc4j.internal.ptrace.Disturbance;
import org.libproc4j.internal.ptrace.Mender;
import org.libproc4j.procfs.internal.ProcDir;

/**
 * Makes a freeze by SIGSTOP or by a control group of version 2 go unnoticed. A thread whose call
 * would end with EINTR is seized for a moment, while it stands still, and its call mended. It stays
 * stopped, or frozen, and runs nothing of its own meanwhile; its parent is told nothing.
 *
 * <p>What may not be traced, or is by others, is left as it is.
 */
final class Touch implements AutoCloseable {
  private static final int STOPPED = Wait.WEXITED | Wait.WALL | Wait.WNOTHREAD;

  /** Times that are over are told of for no longer: the deadline's kernel timer is near. */
  private static final long LONGEST_END_NANOS = 20_000_000;

  private final Libc libc;
  private final Seized seized;
  private final KernelTimer timer;
  private final Mender mender;
  private final SigInfo info = new SigInfo();
  private final List<Touched> mended = new ArrayList<>();
  private int noticed;

  /** A thread whose call goes on. */
  private record Touched(int pid, int tid, BlockedCall call) {}

  /** For the calling thread alone. */
  Touch(Libc libc, Seized seized) {
    this.libc = libc;
    this.seized = seized;
    timer = new KernelTimer(libc);
    mender = new Mender(libc, Mender.AT_ONCE);
  }

  /** A thread that is in a call which would end with EINTR. */
  record Blocked(int pid, int tid) {}

  /**
   * Finds the threads of a process that are to be touched. Any thread may ask.
   *
   * @param threads how many it has
   */
  static void find(ProcDir proc, int pid, int threads, Consumer<Blocked> found) {
    IntConsumer look =
        tid -> {
          if (BlockingCall.of(proc.systemCall(pid, tid)) != null) {
            found.accept(new Blocked(pid, tid));
          }
        };
    if (threads == 1) {
      look.accept(pid);
    } else {
      proc.threads(pid, look);
    }
  }

  /** Touches a thread of a process that stands still and is to run on after the thaw. */
  void touch(Blocked thread, Patience patience) throws Setback {
    patience.check();
    BlockedCall call = new BlockedCall();
    long left = patience.forOneFromNow() - System.nanoTime();
    switch (mend(thread.pid, thread.tid, call, left)) {
      case NONE -> {}
      case MENDED -> mended.add(new Touched(thread.pid, thread.tid, call));
      default -> noticed++;
    }
  }

  private Disturbance mend(int pid, int tid, BlockedCall call, long nanos) {
    seized.step();
    if (libc.ptrace(Ptrace.SEIZE, tid, 0, 0) < 0) {
      return Disturbance.UNKNOWN;
    }
    seized.add(tid);
    libc.ptrace(Ptrace.INTERRUPT, tid, 0, 0);
    timer.arm(nanos);
    int r = libc.waitid(Wait.P_PID, tid, info, STOPPED);
    timer.disarm();
    if (r < 0 || info.code() != Wait.CLD_TRAPPED) {
      return Disturbance.UNKNOWN; // it was killed; or the kernel lets it go when this thread ends
    }
    Disturbance found = Disturbance.UNKNOWN;
    if (info.status() >> 8 == Ptrace.EVENT_STOP) {
      mender.stopped(pid, tid, false, call);
      found = call.disturbance();
      mender.goesOn(pid, tid, 0, true, call);
    }
    libc.ptrace(Ptrace.DETACH, tid, 0, 0);
    return found;
  }

  /** Has each call whose time is over by now say so, while its thread stands still yet. */
  void endTimes() {
    long until = System.nanoTime() + LONGEST_END_NANOS;
    for (Touched thread : mended) {
      long left = until - System.nanoTime();
      if (left > 0 && thread.call.isOverdue()) {
        Disturbance _ = mend(thread.pid, thread.tid, thread.call, left);
      }
    }
  }

  /** How many threads' calls go on. */
  int mended() {
    return mended.size();
  }

  /** How many will notice all the same, or may. */
  int noticed() {
    return noticed;
  }

  @Override
  public void close() {
    timer.close();
  }
}
