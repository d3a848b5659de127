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
  /**
   * Run the representative thread alone, for one instruction. A system call is one instruction, so
   * that the step is done when the call is, or when a stop, a signal or a release cuts it short.
   *
   * <p>The kernel ends a step with a SIGTRAP, which never reaches the target. But where the thread
   * blocks or ignores SIGTRAP, its action is reset to the default; and if this JVM is killed at
   * that very moment, the target is too.
   */
  PRSTEP
}
