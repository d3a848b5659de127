package org.libproc4j.examples;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Cells in columns that are as wide as they must be, cut off where the terminal ends. */
final class Table {
  private static final String GAP = "  ";
  private static final String CUT = "...";

  private final List<String[]> rows = new ArrayList<>();
  private Set<Integer> right = Set.of();
  private boolean keepsTails;

  Table(String... headings) {
    rows.add(headings.clone());
  }

  private Table() {}

  /** Without headings. */
  static Table bare() {
    return new Table();
  }

  /** Numbers, for example, end below each other: in these columns, counted from 0. */
  Table right(Integer... columns) {
    right = Set.of(columns);
    return this;
  }

  /** Of a last cell that does not fit, the end is kept: in a path, that is what tells most. */
  Table keepTails() {
    keepsTails = true;
    return this;
  }

  void add(String... cells) {
    rows.add(cells.clone());
  }

  /** The table's lines, none wider than that. */
  List<String> lines(int width) {
    int[] widths = new int[rows.stream().mapToInt(row -> row.length).max().orElse(0)];
    for (String[] row : rows) {
      for (int i = 0; i < row.length; i++) {
        widths[i] = Math.max(widths[i], width(row[i]));
      }
    }
    return rows.stream().map(row -> line(row, widths, width)).toList();
  }

  private String line(String[] row, int[] widths, int width) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < row.length; i++) {
      String cell = row[i];
      if (keepsTails && i == row.length - 1) {
        cell = tail(cell, width - width(line.toString()));
      }
      String padding = " ".repeat(Math.max(0, widths[i] - width(cell)));
      line.append(right.contains(i) ? padding + cell : cell + padding).append(GAP);
    }
    return cut(line.toString().stripTrailing(), width);
  }

  /** The end of the text, as much as fits. */
  static String tail(String text, int width) {
    if (width(text) <= width || width <= CUT.length()) {
      return text;
    }
    int start = 0;
    for (int over = width(text) + CUT.length() - width; over > 0; ) {
      int codePoint = text.codePointAt(start);
      over -= width(codePoint);
      start += Character.charCount(codePoint);
    }
    return CUT + text.substring(start);
  }

  /** As much of the text as fits. */
  static String cut(String text, int width) {
    int used = 0;
    for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
      used += width(text.codePointAt(i));
      if (used > width) {
        return text.substring(0, i);
      }
    }
    return text;
  }

  static int width(String text) {
    return text.codePoints().map(Table::width).sum();
  }

  /** The columns that a terminal gives a character, near enough: 0, 1, or 2 for East Asian ones. */
  private static int width(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.NON_SPACING_MARK, Character.ENCLOSING_MARK -> 0;
      default -> {
        boolean wide =
            Character.isIdeographic(codePoint)
                || Character.isEmojiPresentation(codePoint)
                || switch (Character.UnicodeScript.of(codePoint)) {
                  case HANGUL, HIRAGANA, KATAKANA -> true;
                  default -> false;
                };
        yield wide ? 2 : 1;
      }
    };
  }
}
