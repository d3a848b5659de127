package org.libproc4j.procfs;

import java.nio.file.Path;
import java.util.Arrays;

/** A file of {@code /proc} does not read as its man page says. The message shows its bytes. */
public final class MalformedProcException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private static final int SHOWN = 1024;

  private final transient Path path;

  /** What is wrong, without path and bytes. */
  private final String problem;

  /** The whole file. */
  private final byte[] bytes;

  MalformedProcException(Path path, byte[] bytes, int length, String problem) {
    super(path + ": " + problem + " in \"" + shown(bytes, length) + "\"");
    this.path = path;
    this.problem = problem;
    this.bytes = Arrays.copyOf(bytes, length);
  }

  /** The same of another file. */
  MalformedProcException in(Path file) {
    return new MalformedProcException(file, bytes, bytes.length, problem);
  }

  /**
   * The file that was read.
   *
   * @return its path
   */
  public Path path() {
    return path;
  }

  /**
   * The whole file.
   *
   * @return a copy of its bytes
   */
  public byte[] bytes() {
    return bytes.clone();
  }

  private static String shown(byte[] bytes, int length) {
    return length <= SHOWN
        ? Printable.of(bytes, 0, length)
        : Printable.of(bytes, 0, SHOWN) + "… (" + length + " bytes)";
  }
}
