package org.libproc4j.procfs;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Objects;

/** The bytes of a file of {@code /proc}, as a kernel wrote them. */
record Fixture(Path source, String latin1) {
  /** A recorded file. */
  static Fixture recorded(String name) {
    try (InputStream in = Objects.requireNonNull(Fixture.class.getResourceAsStream(name), name)) {
      return new Fixture(Path.of(name), new String(in.readAllBytes(), ISO_8859_1));
    } catch (IOException e) {
      throw new UncheckedIOException(name, e);
    }
  }

  /** A file with these bytes, each as the character of its number. */
  static Fixture of(String latin1) {
    return new Fixture(Path.of("/proc/1/x"), latin1);
  }

  byte[] bytes() {
    return latin1.getBytes(ISO_8859_1);
  }

  <T> T parse(ProcParser<T> parser) {
    return parser.parse(source, bytes(), latin1.length());
  }
}
