package org.libproc4j;

/**
 * How to {@linkplain ProcessHandle#release release}.
 *
 * @see <a href="https://illumos.org/man/3PROC/Prelease">Prelease(3PROC)</a>
 */
public enum ReleaseOption {
  /** Leave the process stopped, by job control, also after this JVM has ended. */
  HANG,
  /** Terminate the process. */
  KILL
}
