package org.libproc4j.internal.linux;

import static org.libproc4j.internal.linux.Downcall.capture;
import static org.libproc4j.internal.linux.Downcall.impossible;
import static org.libproc4j.internal.linux.Downcall.link;
import static org.libproc4j.internal.linux.Downcall.result;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
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
  private static final MethodHandle TIMER_CREATE =
      link(linux_h.timer_create$address(), linux_h.timer_create$descriptor());
  private static final MethodHandle TIMER_SETTIME =
      link(linux_h.timer_settime$address(), linux_h.timer_settime$descriptor());
  private static final MethodHandle TIMER_DELETE =
      link(linux_h.timer_delete$address(), linux_h.timer_delete$descriptor());

  private static final long NANOS_A_SECOND = 1_000_000_000L;
  private static final long REPEAT_NANOS = 1_000_000L;

  private final Arena arena = Arena.ofShared();
  private final MemorySegment spec = arena.allocate(itimerspec.layout());
  private final MemorySegment value = itimerspec.it_value(spec);
  private final MemorySegment timer;

  /** Makes a timer for the calling thread; it is disarmed. */
  public KernelTimer(Libc libc) {
    MemorySegment event = arena.allocate(sigevent.layout());
    MemorySegment id = arena.allocate(ValueLayout.ADDRESS);
    sigevent.sigev_notify(event, linux_h.SIGEV_THREAD_ID());
    sigevent.sigev_signo(event, WakeSignal.NUMBER);
    sigevent._sigev_un._tid(sigevent._sigev_un(event), libc.gettid());
    MemorySegment errno = capture();
    int r;
    try {
      r =
          result(
              (int) TIMER_CREATE.invokeExact(errno, linux_h.CLOCK_MONOTONIC(), event, id), errno);
    } catch (Throwable t) {
      throw impossible(t);
    }
    if (r < 0) {
      arena.close();
      throw new IllegalStateException("timer_create failed with errno " + -r);
    }
    timer = id.get(ValueLayout.ADDRESS, 0);
    set(itimerspec.it_interval(spec), REPEAT_NANOS);
  }

  /** Expires after so many nanoseconds, at least one. */
  public void arm(long nanos) {
    set(value, Math.max(1, nanos));
    settime();
  }

  /** Sends nothing more. */
  public void disarm() {
    set(value, 0);
    settime();
  }

  private static void set(MemorySegment time, long nanos) {
    timespec.tv_sec(time, nanos / NANOS_A_SECOND);
    timespec.tv_nsec(time, nanos % NANOS_A_SECOND);
  }

  private void settime() {
    MemorySegment errno = capture();
    int r;
    try {
      r = result((int) TIMER_SETTIME.invokeExact(errno, timer, 0, spec, MemorySegment.NULL), errno);
    } catch (Throwable t) {
      throw impossible(t);
    }
    if (r < 0) {
      throw new IllegalStateException("timer_settime failed with errno " + -r);
    }
  }

  @Override
  public void close() {
    MemorySegment errno = capture();
    try {
      int _ = (int) TIMER_DELETE.invokeExact(errno, timer);
    } catch (Throwable t) {
      throw impossible(t);
    }
    arena.close();
  }
}
