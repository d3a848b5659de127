package org.libproc4j.procfs;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * {@code /proc/PID/cmdline}, or a thread's: proc_pid_cmdline(5). It is the process's own memory,
 * which it may overwrite with anything (setproctitle(3bsd)): one text without a NUL, or a title
 * with many behind it.
 *
 * @param bytes the file as it is; empty for a kernel thread and for a zombie
 */
public record Cmdline(ByteString bytes) {
  /** The file as it is. */
  public Cmdline {
    Objects.requireNonNull(bytes);
  }

  /**
   * Parses {@code cmdline}, which may hold any bytes.
   *
   * @param source where the bytes come from
   * @param bytes the file, from its start
   * @param length how many of the bytes belong to it
   * @return the command line
   */
  public static Cmdline parse(Path source, byte[] bytes, int length) {
    return new Cmdline(new Scanner(source, bytes, length).rest());
  }

  /**
   * The arguments, the program's name as argument 0. Each NUL ends one; a last one without its NUL
   * counts.
   *
   * @return the arguments; empty ones too, also those that only fill up an overwritten title
   */
  public List<ByteString> args() {
    return Strings.split(bytes.bytes());
  }

  /**
   * The command line, fit for one line of a terminal, as ps(1) shows it.
   *
   * @return the arguments with a space between, without the empty ones at the end, each printed as
   *     {@link ByteString#toString()} does
   */
  @Override
  public String toString() {
    byte[] shown = bytes.bytes();
    int end = shown.length;
    while (end > 0 && shown[end - 1] == 0) {
      end--;
    }
    for (int i = 0; i < end; i++) {
      if (shown[i] == 0) {
        shown[i] = (byte) ' ';
      }
    }
    return Printable.of(shown, 0, end);
  }
}
