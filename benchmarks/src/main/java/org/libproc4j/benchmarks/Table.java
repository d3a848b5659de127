package org.libproc4j.benchmarks;

import java.util.List;
import java.util.Locale;

/**
 * Rows of one kind.
 *
 * @param name what they are called in JSON
 * @param head the two lines that a table in Markdown begins with
 * @param lines the rows in Markdown
 * @param objects the rows in JSON
 */
record Table(String name, String head, List<String> lines, List<String> objects) {
  String markdown() {
    return "\n" + head + String.join("", lines);
  }

  String json() {
    return "\"" + name + "\": [\n    " + String.join(",\n    ", objects) + "\n  ]";
  }

  static String number(double value) {
    return String.format(Locale.ROOT, value < 100 ? "%.2f" : "%,.0f", value);
  }

  static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}
