package org.libproc4j.procfs;

import java.nio.file.Path;

/**
 * {@code /proc/PID/statm}, or a thread's: proc_pid_statm(5). Only roughly right; {@link
 * SmapsRollup} counts exactly. All zero for a kernel thread and for a zombie.
 *
 * @param size virtual memory, in pages
 * @param resident resident memory, in pages
 * @param shared resident pages with a file behind them, shared memory included
 * @param text the program's code, in pages
 * @param lib 0 since Linux 2.6
 * @param data data and stack, in pages
 * @param dirty 0 since Linux 2.6
 */
public record Statm(
    long size, long resident, long shared, long text, long lib, long data, long dirty) {
  /**
   * Parses {@code statm}. Fields that a newer kernel adds do not disturb.
   *
   * @param source where the bytes come from, for an exception to name
   * @param bytes the file, from its start
   * @param length how many of the bytes belong to it
   * @return the record
   * @throws MalformedProcException if it is something else
   */
  public static Statm parse(Path source, byte[] bytes, int length) {
    Scanner in = new Scanner(source, bytes, length);
    in.requireLastNewline();
    long[] fields = new long[7];
    for (int i = 0; i < fields.length; i++) {
      if (i > 0) {
        in.expect(" ");
      }
      fields[i] = in.int64();
    }
    if (!in.at(' ')) {
      in.expect("\n");
      in.expectEnd();
    }
    return new Statm(fields[0], fields[1], fields[2], fields[3], fields[4], fields[5], fields[6]);
  }
}
