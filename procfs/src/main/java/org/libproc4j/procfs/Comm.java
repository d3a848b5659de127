package org.libproc4j.procfs;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.file.Path;
import java.util.Arrays;

/**
 * The name of a process or thread: up to 15 bytes that it chose itself, any but NUL, and up to 63
 * for a kernel thread. Equal to another of the same bytes.
 */
public final class Comm {
  private final byte[] bytes;

  private Comm(byte[] bytes) {
    this.bytes = bytes;
  }

  /**
   * The name that consists of these bytes.
   *
   * @param bytes the name
   * @return the name
   */
  public static Comm of(byte[] bytes) {
    return new Comm(bytes.clone());
  }

  /**
   * The name that this text is in UTF-8.
   *
   * @param text the name
   * @return the name
   */
  public static Comm of(String text) {
    return new Comm(text.getBytes(UTF_8));
  }

  /**
   * Parses {@code comm}: proc_pid_comm(5).
   *
   * @param source where the bytes come from, for an exception to name
   * @param bytes the file, from its start
   * @param length how many of the bytes belong to it
   * @return the name
   * @throws MalformedProcException if it is something else
   */
  public static Comm parse(Path source, byte[] bytes, int length) {
    Scanner in = new Scanner(source, bytes, length);
    in.requireLastNewline();
    return new Comm(in.takeUntil(length - 1));
  }

  /**
   * The name as it is.
   *
   * @return a copy of its bytes
   */
  public byte[] bytes() {
    return bytes.clone();
  }

  /**
   * The name, fit for one line of a terminal.
   *
   * @return UTF-8 text as it is; what is none, and what a terminal would obey, as {@code \n},
   *     {@code \t}, {@code \\} or {@code \xNN}
   */
  @Override
  public String toString() {
    return Printable.of(bytes, 0, bytes.length);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Comm comm && Arrays.equals(bytes, comm.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }
}
