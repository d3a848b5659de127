package org.libproc4j.procfs;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * {@code /proc/PID/limits}, or a thread's: proc_pid_limits(5), getrlimit(2).
 *
 * @param raw every line by what the kernel calls it, {@code Max open files} for example
 */
public record Limits(Map<String, Limit> raw) {
  /** Where the columns begin, which the kernel pads. */
  private static final int SOFT = 26;

  private static final int HARD = 47;
  private static final int UNITS = 68;

  /**
   * The limit of one resource. Values are unsigned.
   *
   * @param soft what the kernel enforces; empty for unlimited
   * @param hard how far the process may raise that; empty for unlimited
   * @param units the unit of both in the kernel's words, {@code bytes} for example; empty for a
   *     priority
   */
  public record Limit(OptionalLong soft, OptionalLong hard, String units) {}

  /** The resources of getrlimit(2). */
  public enum Resource {
    /** {@code RLIMIT_CPU}, in seconds. */
    CPU("Max cpu time"),
    /** {@code RLIMIT_FSIZE}, in bytes. */
    FSIZE("Max file size"),
    /** {@code RLIMIT_DATA}, in bytes. */
    DATA("Max data size"),
    /** {@code RLIMIT_STACK}, in bytes. */
    STACK("Max stack size"),
    /** {@code RLIMIT_CORE}, in bytes. */
    CORE("Max core file size"),
    /** {@code RLIMIT_RSS}, in bytes; without effect. */
    RSS("Max resident set"),
    /** {@code RLIMIT_NPROC}: threads of the user. */
    NPROC("Max processes"),
    /** {@code RLIMIT_NOFILE}: one more than the highest file descriptor. */
    NOFILE("Max open files"),
    /** {@code RLIMIT_MEMLOCK}, in bytes. */
    MEMLOCK("Max locked memory"),
    /** {@code RLIMIT_AS}, in bytes. */
    AS("Max address space"),
    /** {@code RLIMIT_LOCKS}; without effect. */
    LOCKS("Max file locks"),
    /** {@code RLIMIT_SIGPENDING}: queued signals of the user. */
    SIGPENDING("Max pending signals"),
    /** {@code RLIMIT_MSGQUEUE}, in bytes. */
    MSGQUEUE("Max msgqueue size"),
    /** {@code RLIMIT_NICE}: 20 minus the lowest nice value. */
    NICE("Max nice priority"),
    /** {@code RLIMIT_RTPRIO}. */
    RTPRIO("Max realtime priority"),
    /** {@code RLIMIT_RTTIME}, in microseconds. */
    RTTIME("Max realtime timeout");

    private final String key;

    Resource(String key) {
      this.key = key;
    }

    /**
     * What the kernel calls it.
     *
     * @return its key in {@link Limits#raw()}
     */
    public String key() {
      return key;
    }
  }

  /**
   * Parses {@code limits}.
   *
   * @param source where the bytes come from, for an exception to name
   * @param bytes the file, from its start
   * @param length how many of the bytes belong to it
   * @return the record
   * @throws MalformedProcException if it is something else
   */
  public static Limits parse(Path source, byte[] bytes, int length) {
    Scanner in = new Scanner(source, bytes, length);
    in.requireLastNewline();
    in.expect("Limit ");
    in.latin1Until('\n');
    in.expect("\n");
    Map<String, Limit> limits = new LinkedHashMap<>();
    while (!in.atEnd()) {
      String line = in.latin1Until('\n');
      in.expect("\n");
      if (line.length() < UNITS) {
        throw in.malformed("no three columns");
      }
      limits.put(
          line.substring(0, SOFT).strip(),
          new Limit(
              value(in, line.substring(SOFT, HARD)),
              value(in, line.substring(HARD, UNITS)),
              line.substring(UNITS).strip()));
    }
    return new Limits(Collections.unmodifiableMap(limits));
  }

  private static OptionalLong value(Scanner in, String column) {
    String text = column.strip();
    if (text.equals("unlimited")) {
      return OptionalLong.empty();
    }
    try {
      return OptionalLong.of(Long.parseUnsignedLong(text));
    } catch (NumberFormatException e) {
      throw in.malformed("no limit");
    }
  }

  /**
   * The limit of a resource.
   *
   * @param resource the resource
   * @return its limit; empty if the kernel knows none
   */
  public Optional<Limit> get(Resource resource) {
    return Optional.ofNullable(raw.get(resource.key()));
  }
}
