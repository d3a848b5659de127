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
  /** The width where there is no terminal: nothing is cut. */
  static final int ENDLESS = Integer.MAX_VALUE;

  private static final int STANDARD_OUTPUT = 1;
  private static final int STANDARD_ERROR = 2;
  private static final Pattern SIZE = Pattern.compile("(\\d+) (\\d+)\\s*");

  /** As it is now, or empty if the output goes to a file or a pipe. */
  static Optional<Terminal> ofOutput() {
    return device(STANDARD_OUTPUT).map(Terminal::size);
  }

  /** Whether standard error is one. */
  static boolean isError() {
    return device(STANDARD_ERROR).isPresent();
  }

  private static Optional<Path> device(int fd) {
    try {
      Path device = Files.readSymbolicLink(Path.of("/proc/self/fd/" + fd));
      String name = device.toString();
      return name.startsWith("/dev/pts/")
              || name.startsWith("/dev/tty")
              || name.equals("/dev/console")
          ? Optional.of(device)
          : Optional.empty();
    } catch (IOException _) {
      return Optional.empty(); // closed
    }
  }

  /** How many columns a line may have: as many as it needs where the output is no terminal. */
  static int widthOfOutput() {
    return ofOutput().map(Terminal::width).orElse(ENDLESS);
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
      return size.matches()
          ? new Terminal(known(size.group(2), usual.width()), known(size.group(1), usual.height()))
          : usual;
    } catch (IOException _) {
      return usual; // no stty, or somebody else's terminal
    }
  }

  /** A terminal that does not know its size says 0. */
  private static int known(String said, int usual) {
    int number = Integer.parseInt(said);
    return number == 0 ? usual : number;
  }
}
