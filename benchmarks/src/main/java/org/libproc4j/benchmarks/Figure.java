package org.libproc4j.benchmarks;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One measured number, and what it must not exceed.
 *
 * @param bar null where nothing is promised
 */
record Figure(String what, double value, String unit, @Nullable Double bar) {
  static Figure of(String what, double value, String unit) {
    return new Figure(what, value, unit, null);
  }

  boolean isPromised() {
    return bar != null;
  }

  boolean isMet() {
    return bar != null && value <= bar;
  }

  static Table table(List<Figure> figures) {
    Table table = new Table("figures", "figure", "measured", "", "at most", "met?");
    for (Figure figure : figures) {
      table.add(
          figure.what,
          figure.value,
          figure.unit,
          figure.bar == null ? "" : figure.bar,
          figure.bar == null ? "" : figure.isMet() ? "met" : "**not met**");
    }
    return table;
  }
}
