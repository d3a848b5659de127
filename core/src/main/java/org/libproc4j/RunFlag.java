package org.libproc4j;

/**
 * How to {@linkplain ProcessHandle#setRun set running}.
 *
 * @see <a href="https://illumos.org/man/3PROC/Psetrun">Psetrun(3PROC)</a>
 */
public enum RunFlag {
  /** Discard the current signal of the representative thread. */
  PRCSIG,
  /** Discard the fault that stopped the representative thread; on Linux a fault is a signal. */
  PRCFAULT,
  /** Run the representative thread alone, for one instruction. */
  PRSTEP
}
