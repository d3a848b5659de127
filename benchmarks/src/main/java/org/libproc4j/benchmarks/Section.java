package org.libproc4j.benchmarks;

import java.util.List;
import java.util.stream.Collectors;

/**
 * What belongs together on the page.
 *
 * @param text what was measured, and how
 */
record Section(
    String title, String text, List<Plot> plots, List<Table> tables, List<Figure> figures) {
  String markdown() {
    return "\n## "
        + title
        + "\n\n"
        + text
        + plots.stream().map(Plot::markdown).collect(Collectors.joining())
        + tables.stream().map(Table::markdown).collect(Collectors.joining())
        + (figures.isEmpty() ? "" : Figure.table(figures).markdown());
  }
}
