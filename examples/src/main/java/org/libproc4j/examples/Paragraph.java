package org.libproc4j.examples;

import java.util.ArrayList;
import java.util.List;

/** Words that go on in the next line where the terminal ends. */
final class Paragraph {
  private static final int FURTHER = 6;

  private Paragraph() {}

  /**
   * The lines: {@code start}, then the words with {@code separator} between, which ends a line that
   * goes on; the following lines begin below the first word, if there is room.
   */
  static List<String> lines(String start, List<String> words, String separator, int width) {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder(start);
    int used = Table.width(start);
    int indent = used <= width / 2 ? used : Math.min(used, FURTHER);
    boolean empty = true;
    for (int i = 0; i < words.size(); i++) {
      String word = words.get(i) + (i + 1 < words.size() ? separator : "");
      if ((!empty || used > indent) && used + Table.width(word.stripTrailing()) > width) {
        lines.add(line.toString().stripTrailing());
        line = new StringBuilder(" ".repeat(indent));
        used = indent;
      }
      line.append(word);
      used += Table.width(word);
      empty = false;
    }
    lines.add(line.toString().stripTrailing());
    return lines;
  }
}
