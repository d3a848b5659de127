package org.libproc4j.procfs;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SortedMap;

/**
 * {@code /proc/stat}: proc_stat(5).
 *
 * @param total how all processors together spent their time
 * @param cpus the same for each processor that is online, by its number
 * @param intr interrupts since boot; empty on a kernel that does not count them
 * @param ctxt context switches since boot
 * @param btime when the machine was started, to the second
 * @param processes processes and threads that were started since boot
 * @param procsRunning tasks that run or want to, now
 * @param procsBlocked tasks that wait for the disk, now
 * @param softirq soft interrupts since boot; empty before Linux 2.6.31
 * @param raw every line but the processors' by its first word, as the kernel writes what follows
 */
public record SystemStat(
    CpuTimes total,
    SortedMap<Integer, CpuTimes> cpus,
    OptionalLong intr,
    long ctxt,
    Instant btime,
    long processes,
    long procsRunning,
    long procsBlocked,
    OptionalLong softirq,
    Map<String, String> raw) {
  /**
   * Parses {@code stat}.
   *
   * @param source where the bytes come from, for an exception to name
   * @param bytes the file, from its start
   * @param length how many of the bytes belong to it
   * @return the record
   * @throws MalformedProcException if it is something else
   */
  public static SystemStat parse(Path source, byte[] bytes, int length) {
    return new SystemStatParser(source, bytes, length).parse();
  }
}
