package org.libproc4j.internal.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.libproc4j.linux.itimerspec;
import org.libproc4j.linux.linux_h;
import org.libproc4j.linux.sigevent;
import org.libproc4j.linux.timespec;

/**
 * A timer that sends the wake signal to the thread that made it: a time limit for {@code waitid},
 * which has none.
 *
 * <p>Once expired it goes on every millisecond until it is disarmed, because a signal that arrives
 * just before the thread enters its wait is lost.
 */
public final class KernelTimer implements AutoCloseable {
  private static final long NANOS_A_SECOND = 1_000_000_000L;
  private static final long REPEAT_NANOS = 1_000_000L;

  private final Libc libc;

  /** Closing a shared one would wait for every thread of the JVM to pass a safepoint check. */
  private final Arena arena = Arena.ofAuto();

  private final MemorySegment spec = arena.allocate(itimerspec.layout());
  private final MemorySegment value = itimerspec.it_value(spec);
  private final MemorySegment timer;

  /** Makes a timer for the calling thread; it is disarmed. */
  public KernelTimer(Libc libc) {
    this.libc = libc;
    MemorySegment event = arena.allocate(sigevent.layout());
    MemorySegment id = arena.allocate(ValueLayout.ADDRESS);
    sigevent.sigev_notify(event, linux_h.SIGEV_THREAD_ID());
    sigevent.sigev_signo(event, WakeSignal.NUMBER);
    sigevent._sigev_un._tid(sigevent._sigev_un(event), libc.gettid());
    int r = libc.timerCreate(event, id);
    if (r < 0) {
      throw new FailedCallException("timer_create", -r);
    }
    timer = id.get(ValueLayout.ADDRESS, 0);
    set(itimerspec.it_interval(spec), REPEAT_NANOS);
  }

  /**
   * Expires after so many nanoseconds, at least one.
   *
   * @return 0 or −errno; then nothing will end a wait that blocks
   */
  public int arm(long nanos) {
    set(value, Math.max(1, nanos));
    return libc.timerSettime(timer, spec);
  }

  /** Sends nothing more. */
  public void disarm() {
    set(value, 0);
    if (libc.timerSettime(timer, spec) < 0) {
      libc.timerSettime(timer, spec); // or it would go on for ever
    }
  }

  private static void set(MemorySegment time, long nanos) {
    timespec.tv_sec(time, nanos / NANOS_A_SECOND);
    timespec.tv_nsec(time, nanos % NANOS_A_SECOND);
  }

  @Override
  public void close() {
    libc.timerDelete(timer);
  }
}
