package org.libproc4j.procfs;

import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * {@code /proc/PID/fdinfo/FD}, or a thread's: proc_pid_fdinfo(5).
 *
 * @param pos the file offset, in bytes
 * @param flags the {@code O_*} access mode, status flags and {@code O_CLOEXEC} of open(2)
 * @param mntId the id of the mount that the file is on, as in mountinfo; empty before Linux 3.15
 * @param ino the number of its inode; empty before Linux 5.14
 * @param raw every line by its key, as the kernel writes its value; what comes several times
 *     (locks, the members of an epoll set) only with its last
 */
public record FdInfo(
    long pos, int flags, OptionalInt mntId, OptionalLong ino, Map<String, String> raw) {
  /** The access mode: read only, write only, both. */
  private static final int ACCESS_MODE = 3;

  /**
   * Parses {@code fdinfo}. What kinds of files add after the common lines is kept as it is.
   *
   * @param source where the bytes come from, for an exception to name
   * @param bytes the file, from its start
   * @param length how many of the bytes belong to it
   * @return the record
   * @throws MalformedProcException if it is something else
   */
  public static FdInfo parse(Path source, byte[] bytes, int length) {
    Scanner in = new Scanner(source, bytes, length);
    in.requireLastNewline();
    KeyedLines lines = KeyedLines.lenient(in);
    return new FdInfo(
        lines.value("pos", Long::valueOf),
        lines.value("flags", text -> Integer.parseUnsignedInt(text, 8)),
        lines.optionalInt("mnt_id"),
        lines.optionalNumber("ino"),
        lines.raw());
  }

  /**
   * Whether it is open for reading.
   *
   * @return true for {@code O_RDONLY} and {@code O_RDWR}
   */
  public boolean isReadable() {
    return (flags & ACCESS_MODE) != 1;
  }

  /**
   * Whether it is open for writing.
   *
   * @return true for {@code O_WRONLY} and {@code O_RDWR}
   */
  public boolean isWritable() {
    return (flags & ACCESS_MODE) != 0;
  }
}
