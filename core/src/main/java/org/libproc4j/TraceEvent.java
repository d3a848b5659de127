package org.libproc4j;

/**
 * An event of Linux that {@link ProcessHandle#traceEvents} can make a stop.
 *
 * @see <a href="https://man7.org/linux/man-pages/man2/ptrace.2.html">ptrace(2)</a>,
 *     PTRACE_SETOPTIONS
 */
public enum TraceEvent {
  /** A program is executed; {@link LwpStatus#what()} is the tid of the thread that called it. */
  EXEC,
  /** A child is forked; {@code what} is its pid. The child itself runs on, untraced. */
  FORK,
  /** A child is forked that borrows the parent's memory; {@code what} is its pid. */
  VFORK,
  /** A thread is born; {@code what} is its tid. */
  CLONE,
  /**
   * A thread exits; {@code what} is its wait status. A thread that executes a program while others
   * are held at their exit sleeps uninterruptibly until they have been set running, and cannot stop
   * before: a stop without a limit would wait for ever.
   */
  EXIT
}
