package org.libproc4j.internal.ptrace;

/** How a process is to be let go. */
public enum LetGo {
  /** As it was found. */
  RUN,
  /** Job-stopped, so that it stays stopped after us. */
  HANG,
  /** Killed. */
  KILL,
  /** As it was found, because its tracer ends: its handle is LOST, not released. */
  LOSE
}
