package org.libproc4j.benchmarks;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;

/**
 * A picture of figures.
 *
 * @param name of its files
 * @param logarithmicY the other axis always is
 */
record Plot(String name, String title, String x, String y, boolean logarithmicY, List<Line> lines) {
  /** Points that belong together. */
  record Line(String name, List<Double> x, List<Double> y) {}

  /** What something costs, against how much of it there is. */
  static Plot ofCosts(String name, String title, String x, String y) {
    return new Plot(name, title, x, y, true, new ArrayList<>());
  }

  /** Which share of a number of times was no longer than each of them. */
  static Plot ofShares(String name, String title) {
    return new Plot(name, title, "µs", "% done by then", false, new ArrayList<>());
  }

  /** Continues the line of that name, or begins one. */
  void add(String line, double x, double y) {
    Line known =
        lines.stream()
            .filter(l -> l.name.equals(line))
            .findFirst()
            .orElseGet(
                () -> {
                  lines.add(new Line(line, new ArrayList<>(), new ArrayList<>()));
                  return lines.getLast();
                });
    known.x.add(x);
    known.y.add(y);
  }

  /** A line for each column but the first, which is the other axis; empty cells are left out. */
  void addAll(Table costs) {
    for (List<Object> row : costs.rows()) {
      for (int column = 1; column < row.size(); column++) {
        if (row.getFirst() instanceof Number x && row.get(column) instanceof Number y) {
          add(costs.columns().get(column), x.doubleValue(), y.doubleValue());
        }
      }
    }
  }

  /** A line of {@link #ofShares}. */
  void addShares(String line, double[] micros) {
    double[] sorted = Arrays.stream(micros).sorted().toArray();
    for (int percent = 1; percent <= 100; percent++) {
      add(line, sorted[Math.ceilDiv(sorted.length * percent, 100) - 1], percent);
    }
  }

  DoubleStream allX() {
    return lines.stream().flatMap(line -> line.x.stream()).mapToDouble(v -> v);
  }

  DoubleStream allY() {
    return lines.stream().flatMap(line -> line.y.stream()).mapToDouble(v -> v);
  }

  String markdown() {
    return "\n![" + title + "](" + name + ".svg)\n";
  }
}
