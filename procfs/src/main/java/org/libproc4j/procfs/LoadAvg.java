package org.libproc4j.procfs;

import java.nio.file.Path;

/**
 * {@code /proc/loadavg}: proc_loadavg(5).
 *
 * @param one tasks that ran, wanted to run or slept uninterruptibly, averaged over one minute
 * @param five the same over five minutes
 * @param fifteen the same over fifteen minutes
 * @param runnable tasks that run or want to, now
 * @param tasks all tasks
 * @param lastPid the task id that was given out last, in this procfs's PID namespace
 */
public record LoadAvg(
    double one, double five, double fifteen, int runnable, int tasks, int lastPid) {
  /**
   * Parses {@code loadavg}.
   *
   * @param source where the bytes come from, for an exception to name
   * @param bytes the file, from its start
   * @param length how many of the bytes belong to it
   * @return the record
   * @throws MalformedProcException if it is something else
   */
  public static LoadAvg parse(Path source, byte[] bytes, int length) {
    Scanner in = new Scanner(source, bytes, length);
    in.requireLastNewline();
    final double one = in.hundredths() / 100.0;
    in.expect(" ");
    final double five = in.hundredths() / 100.0;
    in.expect(" ");
    final double fifteen = in.hundredths() / 100.0;
    in.expect(" ");
    final int runnable = in.int32();
    in.expect("/");
    final int tasks = in.int32();
    in.expect(" ");
    final int lastPid = in.int32();
    in.expect("\n");
    in.expectEnd();
    return new LoadAvg(one, five, fifteen, runnable, tasks, lastPid);
  }
}
