package org.libproc4j.peers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes what a test has found into a document, between two marks. */
final class Document {
  private static final String END = "<!-- to here -->";

  private Document() {}

  /** Replaces what stands behind the mark of that test. */
  static void replace(Path document, Class<?> test, String text) throws IOException {
    String all = Files.readString(document);
    String mark = "<!-- " + test.getSimpleName() + " writes from here -->";
    int begin = all.indexOf(mark) + mark.length();
    int end = all.indexOf(END, begin);
    assertThat(all).as("%s", document).contains(mark);
    assertThat(end).as("the marks in %s", document).isGreaterThan(begin);
    Files.writeString(
        document, all.substring(0, begin) + "\n\n" + text + "\n" + all.substring(end));
  }
}
