package org.libproc4j.procfs;

import java.util.OptionalLong;

/**
 * How processors spent their time since boot, in clock ticks (hundredths of a second): the {@code
 * cpu} lines of proc_stat(5).
 *
 * @param user in user mode, {@code guest} included
 * @param nice in user mode with a nice value above 0, {@code guestNice} included
 * @param system in kernel mode
 * @param idle with nothing to do
 * @param iowait with nothing to do but to wait for the disk; not reliable
 * @param irq in interrupt handlers
 * @param softirq in soft interrupt handlers
 * @param steal taken by the hypervisor; empty before Linux 2.6.11
 * @param guest running virtual processors; empty before Linux 2.6.24
 * @param guestNice running virtual processors with a nice value above 0; empty before Linux 2.6.33
 */
public record CpuTimes(
    long user,
    long nice,
    long system,
    long idle,
    long iowait,
    long irq,
    long softirq,
    OptionalLong steal,
    OptionalLong guest,
    OptionalLong guestNice) {
  /** Reads what follows the line's first word. */
  static CpuTimes parse(Scanner in) {
    return new CpuTimes(
        next(in),
        next(in),
        next(in),
        next(in),
        next(in),
        next(in),
        next(in),
        nextIfAny(in),
        nextIfAny(in),
        nextIfAny(in));
  }

  private static long next(Scanner in) {
    in.expect(" ");
    in.skipSpaces();
    return in.int64();
  }

  private static OptionalLong nextIfAny(Scanner in) {
    return in.at(' ') ? OptionalLong.of(next(in)) : OptionalLong.empty();
  }
}
