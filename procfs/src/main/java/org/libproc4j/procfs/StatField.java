package org.libproc4j.procfs;

/**
 * What a {@link Snapshot} can hold of each process: fields of proc_pid_stat(5), as in {@link Stat}.
 */
public enum StatField {
  /** {@link Stat#comm()}. */
  COMM(2),
  /** {@link Stat#stateCode()}. */
  STATE(3),
  /** {@link Stat#ppid()}. */
  PPID(4),
  /** {@link Stat#pgrp()}. */
  PGRP(5),
  /** {@link Stat#session()}. */
  SESSION(6),
  /** {@link Stat#ttyNr()}. */
  TTY_NR(7),
  /** {@link Stat#tpgid()}. */
  TPGID(8),
  /** {@link Stat#flags()}. */
  FLAGS(9),
  /** {@link Stat#minflt()}. */
  MINFLT(10),
  /** {@link Stat#cminflt()}. */
  CMINFLT(11),
  /** {@link Stat#majflt()}. */
  MAJFLT(12),
  /** {@link Stat#cmajflt()}. */
  CMAJFLT(13),
  /** {@link Stat#utime()}, in clock ticks. */
  UTIME(14),
  /** {@link Stat#stime()}, in clock ticks. */
  STIME(15),
  /** {@link Stat#cutime()}, in clock ticks. */
  CUTIME(16),
  /** {@link Stat#cstime()}, in clock ticks. */
  CSTIME(17),
  /** {@link Stat#priority()}. */
  PRIORITY(18),
  /** {@link Stat#nice()}. */
  NICE(19),
  /** {@link Stat#numThreads()}. */
  NUM_THREADS(20),
  /** {@link Stat#startTime()}, in clock ticks since boot. */
  START_TIME(22),
  /** {@link Stat#vsize()}, in bytes. */
  VSIZE(23),
  /** {@link Stat#rss()}, in pages. */
  RSS(24),
  /** {@link Stat#exitSignal()}. */
  EXIT_SIGNAL(38),
  /** {@link Stat#processor()}. */
  PROCESSOR(39),
  /** {@link Stat#rtPriority()}. */
  RT_PRIORITY(40),
  /** {@link Stat#policy()}. */
  POLICY(41);

  private final int number;

  StatField(int number) {
    this.number = number;
  }

  /**
   * Its number in proc_pid_stat(5).
   *
   * @return 2 or more
   */
  public int number() {
    return number;
  }
}
