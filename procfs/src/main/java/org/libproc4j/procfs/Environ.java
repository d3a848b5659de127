package org.libproc4j.procfs;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * {@code /proc/PID/environ}, or a thread's: proc_pid_environ(5). What the program was started with;
 * what it sets later is elsewhere in its memory, and it may overwrite this with anything.
 *
 * @param bytes the file as it is; empty for a kernel thread and for a zombie
 */
public record Environ(ByteString bytes) {
  /** The file as it is. */
  public Environ {
    Objects.requireNonNull(bytes);
  }

  /**
   * Parses {@code environ}, which may hold any bytes.
   *
   * @param source where the bytes come from
   * @param bytes the file, from its start
   * @param length how many of the bytes belong to it
   * @return the environment
   */
  public static Environ parse(Path source, byte[] bytes, int length) {
    return new Environ(new Scanner(source, bytes, length).rest());
  }

  /**
   * The settings in their order, mostly {@code NAME=VALUE}. Each NUL ends one; a last one without
   * its NUL counts.
   *
   * @return the settings, also those without {@code =}, and empty ones
   */
  public List<ByteString> strings() {
    return Strings.split(bytes.bytes());
  }

  /**
   * The value of the first setting of this name, as getenv(3) finds it.
   *
   * @param name the name, without {@code =}
   * @return its value; empty if there is none
   */
  public Optional<ByteString> get(String name) {
    byte[] prefix = (name + '=').getBytes(UTF_8);
    return strings().stream()
        .map(ByteString::bytes)
        .filter(b -> startsWith(b, prefix))
        .findFirst()
        .map(b -> ByteString.copyOf(b, prefix.length, b.length));
  }

  private static boolean startsWith(byte[] bytes, byte[] prefix) {
    return bytes.length >= prefix.length
        && Arrays.equals(bytes, 0, prefix.length, prefix, 0, prefix.length);
  }
}
