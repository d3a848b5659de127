package org.libproc4j.benchmarks;

/** One measured number, and what it must not exceed; NaN where nothing is promised. */
record Figure(String what, double value, String unit, double bar) {
  static Figure of(String what, double value, String unit) {
    return new Figure(what, value, unit, Double.NaN);
  }

  /** "met", "not met", or nothing where nothing is promised. */
  String verdict() {
    if (Double.isNaN(bar)) {
      return "";
    }
    return value <= bar ? "met" : "not met";
  }
}
