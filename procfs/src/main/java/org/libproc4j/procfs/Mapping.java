package org.libproc4j.procfs;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * One line of {@code /proc/PID/maps}, or a thread's: proc_pid_maps(5). Addresses are unsigned.
 *
 * @param start its first address
 * @param end the address behind its last
 * @param readable whether it may be read
 * @param writable whether it may be written
 * @param executable whether it may be executed
 * @param shared whether others see what is written; else it is private, copied on write
 * @param offset where in the file it begins, in bytes; unsigned
 * @param devMajor the major number of the file's device; 0 without a file
 * @param devMinor its minor number
 * @param inode the number of the file's inode; 0 without a file
 * @param path the file, with {@code " (deleted)"} behind it if it has no name any more, or what the
 *     kernel calls it: {@code [heap]}, {@code [stack]}, {@code [vdso]}, {@code [anon:NAME]}, …;
 *     empty for nameless memory. The kernel writes a newline as {@code \012} and leaves a backslash
 *     alone, so that a file name with these four characters is taken for one with a newline
 */
public record Mapping(
    long start,
    long end,
    boolean readable,
    boolean writable,
    boolean executable,
    boolean shared,
    long offset,
    int devMajor,
    int devMinor,
    long inode,
    ByteString path) {
  private static final String NEWLINE = "\\012";

  /**
   * Parses {@code maps}.
   *
   * @param source where the bytes come from, for an exception to name
   * @param bytes the file, from its start
   * @param length how many of the bytes belong to it
   * @return a record for each line, in ascending order of addresses
   * @throws MalformedProcException if it is something else
   */
  public static List<Mapping> parse(Path source, byte[] bytes, int length) {
    Scanner in = new Scanner(source, bytes, length);
    List<Mapping> mappings = new ArrayList<>();
    while (!in.atEnd()) {
      mappings.add(line(in));
    }
    return List.copyOf(mappings);
  }

  static Mapping line(Scanner in) {
    final long start = in.hex64();
    in.expect("-");
    final long end = in.hex64();
    in.expect(" ");
    final boolean readable = in.flag('r', '-');
    final boolean writable = in.flag('w', '-');
    final boolean executable = in.flag('x', '-');
    final boolean shared = in.flag('s', 'p');
    in.expect(" ");
    final long offset = in.hex64();
    in.expect(" ");
    final int devMajor = in.hex32();
    in.expect(":");
    final int devMinor = in.hex32();
    in.expect(" ");
    final long inode = in.int64();
    in.skipSpaces();
    ByteString path = in.bytesUntil('\n');
    in.expect("\n");
    return new Mapping(
        start,
        end,
        readable,
        writable,
        executable,
        shared,
        offset,
        devMajor,
        devMinor,
        inode,
        unescaped(path));
  }

  private static ByteString unescaped(ByteString path) {
    String text = path.latin1();
    return text.contains(NEWLINE) ? ByteString.ofLatin1(text.replace(NEWLINE, "\n")) : path;
  }

  /**
   * Its size.
   *
   * @return bytes
   */
  public long size() {
    return end - start;
  }

  /**
   * Its permissions as the kernel writes them.
   *
   * @return four letters, {@code r-xp} for example
   */
  public String permissions() {
    return (readable ? "r" : "-")
        + (writable ? "w" : "-")
        + (executable ? "x" : "-")
        + (shared ? "s" : "p");
  }

  /**
   * What is mapped, by the same rules as for a link of {@code /proc/PID/fd}.
   *
   * @return a file, a deleted file, a memfd, …; {@link Link.Other} for what has no file
   */
  public Link target() {
    return Link.parse(path);
  }
}
