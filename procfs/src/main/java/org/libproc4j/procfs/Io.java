package org.libproc4j.procfs;

import java.nio.file.Path;
import java.util.Map;

/**
 * {@code /proc/PID/io}, or a thread's: proc_pid_io(5). A process's are the sums of its threads',
 * those that ended included. Numbers are unsigned.
 *
 * @param rchar bytes that read(2) and the like returned, from wherever
 * @param wchar bytes that write(2) and the like took
 * @param syscr such calls that read
 * @param syscw such calls that wrote
 * @param readBytes bytes that were fetched from storage
 * @param writeBytes bytes that were, or will be, sent to storage
 * @param cancelledWriteBytes bytes of these that were then truncated away
 * @param raw every line by its key, as the kernel writes its value
 */
public record Io(
    long rchar,
    long wchar,
    long syscr,
    long syscw,
    long readBytes,
    long writeBytes,
    long cancelledWriteBytes,
    Map<String, String> raw) {
  /**
   * Parses {@code io}.
   *
   * @param source where the bytes come from, for an exception to name
   * @param bytes the file, from its start
   * @param length how many of the bytes belong to it
   * @return the record
   * @throws MalformedProcException if it is something else
   */
  public static Io parse(Path source, byte[] bytes, int length) {
    Scanner in = new Scanner(source, bytes, length);
    in.requireLastNewline();
    KeyedLines lines = new KeyedLines(in);
    return new Io(
        lines.number("rchar"),
        lines.number("wchar"),
        lines.number("syscr"),
        lines.number("syscw"),
        lines.number("read_bytes"),
        lines.number("write_bytes"),
        lines.number("cancelled_write_bytes"),
        lines.raw());
  }
}
