package org.libproc4j.procfs;

import java.nio.file.Path;
import java.time.Duration;

/**
 * {@code /proc/uptime}: proc_uptime(5), exact to a hundredth of a second.
 *
 * @param up since the machine was started, time asleep included
 * @param idle how long processors had nothing to do, summed over all of them
 */
public record Uptime(Duration up, Duration idle) {
  private static final long MILLIS_OF_A_HUNDREDTH = 10;

  /**
   * Parses {@code uptime}.
   *
   * @param source where the bytes come from, for an exception to name
   * @param bytes the file, from its start
   * @param length how many of the bytes belong to it
   * @return the record
   * @throws MalformedProcException if it is something else
   */
  public static Uptime parse(Path source, byte[] bytes, int length) {
    Scanner in = new Scanner(source, bytes, length);
    in.requireLastNewline();
    final Duration up = duration(in);
    in.expect(" ");
    final Duration idle = duration(in);
    in.expect("\n");
    in.expectEnd();
    return new Uptime(up, idle);
  }

  private static Duration duration(Scanner in) {
    return Duration.ofMillis(in.hundredths() * MILLIS_OF_A_HUNDREDTH);
  }
}
