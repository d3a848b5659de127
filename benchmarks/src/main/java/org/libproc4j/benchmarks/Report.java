package org.libproc4j.benchmarks;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What was measured, and where. */
record Report(Map<String, String> circumstances, List<Section> sections) {
  private static final String HEAD =
      """
      # Measured

      Written by `./libproc bench`, which measures everything here on one machine in one run; `bench.json` has all figures, and
      the points of the plots. What is compared takes turns on the same target. A time is the median over the rounds of each
      round's median, a ratio the median of each round's ratio: a neighbour who takes the machine's time moves ratios less than
      times. [What the figures mean](../performance.md).

      """;

  List<Plot> plots() {
    return sections.stream().flatMap(section -> section.plots().stream()).toList();
  }

  String markdown() {
    return HEAD
        + circumstances.entrySet().stream()
            .map(e -> "- " + e.getKey() + ": " + e.getValue() + "\n")
            .collect(Collectors.joining())
        + promises()
        + sections.stream().map(Section::markdown).collect(Collectors.joining());
  }

  private String promises() {
    List<Figure> promised =
        sections.stream()
            .flatMap(section -> section.figures().stream())
            .filter(Figure::isPromised)
            .toList();
    List<Figure> broken = promised.stream().filter(figure -> !figure.isMet()).toList();
    return "- promises: "
        + (promised.size() - broken.size())
        + " of "
        + promised.size()
        + " are met\n"
        + (broken.isEmpty() ? "" : "\nNot met:\n" + Figure.table(broken).markdown());
  }
}
