package org.libproc4j.examples;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Cells in columns that are as wide as they must be, cut off where the terminal ends. */
final class Table {
  private static final String GAP = "  ";

  private final List<String[]> rows = new ArrayList<>();

  Table(String... headings) {
    rows.add(headings.clone());
  }

  void add(String... cells) {
    rows.add(cells.clone());
  }

  /** The table's lines, none wider than that. */
  List<String> lines(int width) {
    int[] widths = new int[rows.getFirst().length];
    for (String[] row : rows) {
      Arrays.setAll(widths, i -> Math.max(widths[i], width(row[i])));
    }
    return rows.stream().map(row -> cut(line(row, widths), width)).toList();
  }

  private static String line(String[] row, int[] widths) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < row.length; i++) {
      line.append(row[i]).append(" ".repeat(widths[i] - width(row[i]))).append(GAP);
    }
    return line.toString().stripTrailing();
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
