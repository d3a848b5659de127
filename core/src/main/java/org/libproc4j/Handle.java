package org.libproc4j;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * What a {@link ProcessHandle} and an {@link LwpHandle} have in common: the family of {@code stop}.
 *
 * <p>Any thread may call, unless the handle belongs to a {@linkplain Tracer#ofConfined() confined
 * tracer}: then every other thread gets a {@link WrongThreadException}.
 */
public abstract sealed class Handle implements AutoCloseable permits ProcessHandle, LwpHandle {
  private static final Duration LONGEST = Duration.ofMillis(Integer.MAX_VALUE);

  Handle() {}

  abstract boolean isReleased();

  abstract StopProtocol.Subject subject();

  /**
   * The state as far as it is known: never older than what the last operation learned. {@code
   * stop(PCNULL, 0)} brings it up to date. After the release, as it was then.
   *
   * @return the state
   */
  public abstract ProcessState state();

  /**
   * Directs to stop, waits for a stop, or both (Pstopstatus, Lstopstatus).
   *
   * <table>
   * <caption>Results, in the order in which they are checked</caption>
   * <tr><td>EBADF</td><td>the handle is released, also during the call; or it was grabbed RDONLY
   * and the request is not PCNULL</td></tr>
   * <tr><td>EINVAL</td><td>{@code msec} is negative; nothing was done</td></tr>
   * <tr><td>EAGAIN</td><td>control is lost, or gets lost; {@link ProcessHandle#reopen()} may win it
   * back</td></tr>
   * <tr><td>ENOENT</td><td>it has ended, ends meanwhile, or never ran</td></tr>
   * <tr><td>OK</td><td>it is stopped; or the request was PCNULL or PCDSTOP; or the time ran out:
   * {@link #state()} tells</td></tr>
   * <tr><td>EPROTO</td><td>the wait ended without a stop, or with one that ptrace(2) does not
   * describe</td></tr>
   * <tr><td>EINTR</td><td>the calling thread is interrupted; its interrupt flag stays set</td></tr>
   * </table>
   *
   * <p>A directive of PCSTOP or PCDSTOP stays in force after EINTR or a timeout, until it is met or
   * withdrawn by {@code setRun} or a release. For a process, PCSTOP returns OK with state STOP only
   * when no thread of it executes, those that were born meanwhile included.
   *
   * @param request what to do
   * @param msec how long to wait at most, in milliseconds; 0 for ever; ignored but for its sign by
   *     PCDSTOP and PCNULL, which never wait
   * @return the result
   * @throws WrongThreadException if another thread's confined tracer has control
   * @see <a href="https://illumos.org/man/3PROC/Pstopstatus">Pstopstatus(3PROC)</a>
   * @see <a href="https://man7.org/linux/man-pages/man2/ptrace.2.html">ptrace(2)</a>
   */
  public Errno stop(StopRequest request, int msec) {
    return stop(request.code(), msec);
  }

  /**
   * As {@link #stop(StopRequest, int)}, with libproc's code for the request.
   *
   * @param request 0 (PCNULL), 1 (PCSTOP), 2 (PCDSTOP) or 3 (PCWSTOP)
   * @param msec milliseconds; 0 for ever
   * @return the result; EINVAL also for an unknown request
   * @throws WrongThreadException if another thread's confined tracer has control
   */
  public Errno stop(int request, int msec) {
    return StopProtocol.stop(this, request, msec);
  }

  /**
   * Stops, and waits for ever (Pstop, Lstop).
   *
   * @return as {@link #stop(StopRequest, int)}
   * @throws WrongThreadException if another thread's confined tracer has control
   */
  public Errno stop() {
    return stop(StopRequest.PCSTOP, 0);
  }

  /**
   * Stops, and waits for a limited time.
   *
   * @param limit how long at most, rounded up to a millisecond
   * @return as {@link #stop(StopRequest, int)}
   * @throws IllegalArgumentException if the limit is zero, negative, or over 24 days; leave it out
   *     to wait for ever
   * @throws WrongThreadException if another thread's confined tracer has control
   */
  public Errno stop(Duration limit) {
    return stop(StopRequest.PCSTOP, milliseconds(limit));
  }

  /**
   * Directs to stop, and does not wait (Pdstop, Ldstop).
   *
   * @return as {@link #stop(StopRequest, int)}
   * @throws WrongThreadException if another thread's confined tracer has control
   */
  public Errno requestStop() {
    return stop(StopRequest.PCDSTOP, 0);
  }

  /**
   * Waits for a stop, whoever causes it, for ever (Pwait, Lwait).
   *
   * @return as {@link #stop(StopRequest, int)}
   * @throws WrongThreadException if another thread's confined tracer has control
   */
  public Errno awaitStop() {
    return stop(StopRequest.PCWSTOP, 0);
  }

  /**
   * Waits for a stop, whoever causes it, for a limited time.
   *
   * @param limit how long at most, rounded up to a millisecond
   * @return as {@link #stop(StopRequest, int)}
   * @throws IllegalArgumentException if the limit is zero, negative, or over 24 days; leave it out
   *     to wait for ever
   * @throws WrongThreadException if another thread's confined tracer has control
   */
  public Errno awaitStop(Duration limit) {
    return stop(StopRequest.PCWSTOP, milliseconds(limit));
  }

  private static int milliseconds(Duration limit) {
    Objects.requireNonNull(limit);
    if (limit.isZero() || limit.isNegative()) {
      throw new IllegalArgumentException(
          "the limit is " + limit + ": it must be positive; leave it out to wait for ever");
    }
    if (limit.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "the limit is " + limit + ": it must be under 24 days; leave it out to wait for ever");
    }
    return (int) limit.plusNanos(TimeUnit.MILLISECONDS.toNanos(1) - 1).toMillis();
  }

  @Override
  public abstract void close();
}
