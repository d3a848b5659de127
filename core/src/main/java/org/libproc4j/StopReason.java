package org.libproc4j;

/**
 * Why a thread is stopped: libproc's {@code PR_*}, and Linux's events.
 *
 * @see <a href="https://man7.org/linux/man-pages/man2/ptrace.2.html">ptrace(2)</a>, "Stopped
 *     states"
 */
public enum StopReason {
  /** A directive of ours, or an event in another thread of the process. */
  REQUESTED,
  /** A signal of the {@linkplain ProcessHandle#traceSignals traced set}, not yet delivered. */
  SIGNALLED,
  /** The entry of a {@linkplain ProcessHandle#traceSysEntry traced} system call. */
  SYSENTRY,
  /** The exit of a {@linkplain ProcessHandle#traceSysExit traced} system call. */
  SYSEXIT,
  /** A {@linkplain ProcessHandle#traceFaults traced} fault, or the end of a single step. */
  FAULTED,
  /** Job control: SIGSTOP, SIGTSTP, SIGTTIN or SIGTTOU with its default action. */
  JOBCONTROL,
  /** libproc's "suspended by its own process"; Linux has no such stop, so it is never reported. */
  SUSPENDED,
  /** A traced exec(2); also a process that {@link ProcessHandle#create} has just made. */
  EXEC,
  /** A traced fork(2). */
  FORK,
  /** A traced vfork(2). */
  VFORK,
  /** The traced birth of a thread. */
  CLONE,
  /** A traced exit of a thread, while its state can still be read. */
  EXIT
}
