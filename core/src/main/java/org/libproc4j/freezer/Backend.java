package org.libproc4j.freezer;

/** By which means processes are made to stand still. */
public enum Backend {
  /**
   * PTRACE_SEIZE and PTRACE_INTERRUPT of every thread: parents and processes notice nothing, and
   * the kernel lets all run on when our process dies. Needs the right to trace.
   */
  TRACE,
  /**
   * SIGSTOP, parents before children, and SIGCONT in reverse. Parents may notice, and a program can
   * handle SIGCONT. Needs no more than the right to send signals. A guardian process lets all run
   * on when ours dies; a journal is kept for {@link Freezer#recover}.
   */
  SIGNAL,
  /**
   * {@code cgroup.freeze} of the largest control groups of version 2 in which everybody is to be
   * frozen: not our own, nor those above it. For those whom these do not reach, {@code
   * freezer.state} of such groups of version 1, where that is mounted. Who is in neither is held by
   * what {@link #AUTO} chooses. Needs the right to write there. Parents and processes notice
   * nothing. A guardian process thaws when ours dies; a journal is kept for {@link
   * Freezer#recover}.
   */
  CGROUP,
  /** {@link #TRACE} where we may trace every process, else {@link #SIGNAL}. */
  AUTO
}
