package org.libproc4j.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Rows of one kind.
 *
 * @param name what they are called in JSON
 * @param rows a cell is a number or a text, which is empty where nothing was measured
 */
record Table(String name, List<String> columns, List<List<Object>> rows) {
  Table(String name, String... columns) {
    this(name, List.of(columns), new ArrayList<>());
  }

  void add(Object... cells) {
    add(List.of(cells));
  }

  void add(List<Object> cells) {
    if (cells.size() != columns.size()) {
      throw new IllegalArgumentException(columns + " are not the columns of " + cells);
    }
    rows.add(cells);
  }

  String markdown() {
    return "\n"
        + line(columns)
        + IntStream.range(0, columns.size())
            .mapToObj(column -> isText(column) ? "---" : "---:")
            .collect(Collectors.joining("|", "|", "|\n"))
        + rows.stream()
            .map(row -> line(row.stream().map(Table::inWords).toList()))
            .collect(Collectors.joining());
  }

  private static String line(List<String> cells) {
    return cells.stream().collect(Collectors.joining(" | ", "| ", " |\n"));
  }

  private boolean isText(int column) {
    return rows.stream().noneMatch(row -> row.get(column) instanceof Number);
  }

  private static String inWords(Object cell) {
    return switch (cell) {
      case Double number -> number(number);
      case Number number -> String.format(Locale.ROOT, "%,d", number.longValue());
      default -> cell.toString();
    };
  }

  private static String number(double value) {
    double size = Math.abs(value);
    String format = size >= 100 ? "%,.0f" : size < 0.1 && size > 0 ? "%.4f" : "%.2f";
    return String.format(Locale.ROOT, format, value);
  }
}
