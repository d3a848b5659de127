package org.libproc4j;

/**
 * What a thread will notice of the stop that it is in, when it is set running or let go.
 *
 * <p>A few calls that block are not resumed by Linux after a stop, but return EINTR to a program
 * that did nothing wrong: epoll_wait(2), semop(2), sigtimedwait(2), io_uring_enter(2), and those on
 * sockets with a time limit. A {@linkplain Tracer#transparent transparent} tracer mends that,
 * wherever it can be done exactly.
 *
 * @see <a href="https://man7.org/linux/man-pages/man7/signal.7.html">signal(7)</a>, "Interruption
 *     of system calls and library functions by stop signals"
 */
public enum StopTrace {
  /** Nothing: it is in no call, or in one that Linux resumes. */
  INVISIBLE,
  /** Nothing: its call would have returned EINTR, and will go on instead. */
  MENDED,
  /**
   * EINTR: its call is none of those that can be mended, or its tracer is not {@linkplain
   * Tracer#transparent transparent}.
   */
  UNMENDED,
  /** That a write of it has written less than it was to. */
  SHORT_WRITE,
  /** EINTR: a seccomp filter would not let the call pass a second time, or cannot be asked. */
  SECCOMP,
  /** EINTR: its system calls are handed back to itself, by PR_SET_SYSCALL_USER_DISPATCH. */
  USER_DISPATCH,
  /** EINTR: it makes its system calls as 32-bit programs do. */
  OTHER_ABI,
  /** EINTR: it was to execute a single instruction. */
  STEPPED,
  /** EINTR perhaps: nobody has looked, or it could not be told. */
  UNKNOWN;

  /**
   * Whether something of the stop will be noticed.
   *
   * @return false if nothing will, as far as is known
   */
  public boolean isNoticed() {
    return this != INVISIBLE && this != MENDED;
  }
}
