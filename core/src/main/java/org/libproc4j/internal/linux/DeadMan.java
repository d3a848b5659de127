package org.libproc4j.internal.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.libproc4j.linux.itimerspec;
import org.libproc4j.linux.linux_h;
import org.libproc4j.linux.sigevent;
import org.libproc4j.linux.timespec;

/**
 * What makes the kernel end our process, and at once: a timer that delivers SIGKILL, which needs no
 * thread of ours to run, and no core dump, which would take seconds first.
 */
public final class DeadMan implements AutoCloseable {
  private static final long NANOS_A_SECOND = 1_000_000_000L;
  private static final int UNDUMPABLE = 0;

  private final Libc libc;
  private final MemorySegment timer;
  private final int dumpable;

  /** Kills this process after so many nanoseconds, unless closed before. */
  public DeadMan(Libc libc, long nanos) {
    this.libc = libc;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment event = arena.allocate(sigevent.layout());
      MemorySegment id = arena.allocate(ValueLayout.ADDRESS);
      sigevent.sigev_notify(event, linux_h.SIGEV_SIGNAL());
      sigevent.sigev_signo(event, Signal.SIGKILL);
      check("timer_create", libc.timerCreate(event, id));
      timer = id.get(ValueLayout.ADDRESS, 0);
      MemorySegment spec = arena.allocate(itimerspec.layout());
      timespec.tv_sec(itimerspec.it_value(spec), nanos / NANOS_A_SECOND);
      timespec.tv_nsec(itimerspec.it_value(spec), nanos % NANOS_A_SECOND);
      check("timer_settime", libc.timerSettime(timer, spec));
    }
    dumpable = libc.prctl(linux_h.PR_GET_DUMPABLE(), 0);
    libc.prctl(linux_h.PR_SET_DUMPABLE(), UNDUMPABLE);
  }

  private static void check(String call, int result) {
    if (result < 0) {
      throw new IllegalStateException(call + " failed with errno " + -result);
    }
  }

  @Override
  public void close() {
    libc.timerDelete(timer);
    if (dumpable > UNDUMPABLE) {
      libc.prctl(linux_h.PR_SET_DUMPABLE(), dumpable);
    }
  }
}
