package org.libproc4j;

/** A mode of a process under control, as libproc's {@code PR_*} flags of {@code Psetflags}. */
public enum ProcessFlag {
  /** An event that stops one thread leaves the others running (libproc's {@code PR_ASYNC}). */
  ASYNC
}
