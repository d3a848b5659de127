package org.libproc4j.benchmarks;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What programs say of their versions. */
final class Versions {
  private static final Pattern VERSION = Pattern.compile("\\d+(?:\\.\\d+)+");

  private Versions() {}

  /** The last on the first line that has one: distributions put their own before it. */
  static Optional<String> parse(String output) {
    return output.lines().map(Versions::last).flatMap(Optional::stream).findFirst();
  }

  private static Optional<String> last(String line) {
    Matcher matcher = VERSION.matcher(line);
    Optional<String> version = Optional.empty();
    while (matcher.find()) {
      version = Optional.of(matcher.group());
    }
    return version;
  }
}
