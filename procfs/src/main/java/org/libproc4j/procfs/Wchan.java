package org.libproc4j.procfs;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.file.Path;
import java.util.Optional;

/** The grammar of {@code wchan}: the name of a kernel function, or {@code 0}, without a newline. */
final class Wchan {
  private Wchan() {}

  static Optional<String> parse(Path source, byte[] bytes, int length) {
    Scanner in = new Scanner(source, bytes, length);
    for (int i = 0; i < length; i++) {
      if (bytes[i] <= ' ' || bytes[i] > '~') {
        throw in.malformed("no function name");
      }
    }
    String name = new String(bytes, 0, length, US_ASCII);
    return name.isEmpty() || name.equals("0") ? Optional.empty() : Optional.of(name);
  }
}
