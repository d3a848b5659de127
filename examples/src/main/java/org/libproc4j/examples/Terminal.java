package org.libproc4j.examples;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The terminal that standard output is.
 *
 * @param width its columns
 * @param height its lines
 */
record Terminal(int width, int height) {
  private static final Path STANDARD_OUTPUT = Path.of("/proc/self/fd/1");
  private static final Pattern SIZE = Pattern.compile("(\\d+) (\\d+)\\s*");

  /** As it is now, or empty if the output goes to a file or a pipe. */
  static Optional<Terminal> ofOutput() {
    Path device;
    try {
      device = Files.readSymbolicLink(STANDARD_OUTPUT);
    } catch (IOException _) {
      return Optional.empty(); // closed
    }
    String name = device.toString();
    return name.startsWith("/dev/pts/")
            || name.startsWith("/dev/tty")
            || name.equals("/dev/console")
        ? Optional.of(size(device))
        : Optional.empty();
  }

  private static Terminal size(Path device) {
    Terminal usual = new Terminal(80, 24);
    try {
      Process stty =
          new ProcessBuilder("stty", "size")
              .redirectInput(device.toFile())
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      String said = new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      Matcher size = SIZE.matcher(said);
      // A terminal that does not know its size says 0 0.
      return size.matches() && !size.group(1).equals("0") && !size.group(2).equals("0")
          ? new Terminal(Integer.parseInt(size.group(2)), Integer.parseInt(size.group(1)))
          : usual;
    } catch (IOException _) {
      return usual; // no stty, or somebody else's terminal
    }
  }
}
