package org.libproc4j.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.libproc4j.benchmarks.SideBySide.Row;
import org.libproc4j.benchmarks.SideBySide.Way;

/** What was measured, as a table for people and as JSON for programs. */
record Report(
    Map<String, String> circumstances,
    List<Row> rows,
    List<Sweeps.Row> sweeps,
    List<Figure> figures) {

  String markdown() {
    StringBuilder out = new StringBuilder();
    circumstances.forEach(
        (name, value) -> out.append("- ").append(name).append(": ").append(value).append('\n'));
    if (!rows.isEmpty()) {
      out.append(
          """

          | threads | calls | where | C, peeking | C, plain | confined | shared | confined / C | shared / C |
          |---:|---|---|---:|---:|---:|---:|---:|---:|
          """);
      rows.forEach(row -> out.append(line(row)));
    }
    out.append(
        """

        | sweep by | processes | ms | times C |
        |---|---:|---:|---:|
        """);
    sweeps.forEach(row -> out.append(line(row)));
    out.append(
        """

        | figure | measured | at most | |
        |---|---:|---:|---|
        """);
    figures.forEach(figure -> out.append(line(figure)));
    return out.toString();
  }

  private static String line(Row row) {
    return String.format(
        Locale.ROOT,
        "| %,d | %s | %s | %s | %s | %s | %s | %.2f | %.2f |%n",
        row.threads(),
        row.pauseMillis() == 0 ? "back to back" : row.pauseMillis() + " ms apart",
        row.placement().inWords(),
        number(row.micros(Way.C_PEEK)),
        number(row.micros(Way.C_PLAIN)),
        number(row.micros(Way.CONFINED)),
        number(row.micros(Way.SHARED)),
        row.ratio(Way.CONFINED),
        row.ratio(Way.SHARED));
  }

  private static String line(Sweeps.Row row) {
    return String.format(
        Locale.ROOT,
        "| %s | %,d | %s | %.2f |%n",
        row.who(),
        row.processes(),
        number(row.millis()),
        row.ratio());
  }

  private static String line(Figure figure) {
    return String.format(
        Locale.ROOT,
        "| %s | %s %s | %s | %s |%n",
        figure.what(),
        number(figure.value()),
        figure.unit(),
        Double.isNaN(figure.bar()) ? "" : number(figure.bar()),
        figure.verdict());
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, value < 100 ? "%.2f" : "%,.0f", value);
  }

  String json() {
    List<String> members = new ArrayList<>();
    circumstances.forEach((name, value) -> members.add(quoted(name) + ": " + quoted(value)));
    members.add(
        "\"cycles\": "
            + rows.stream()
                .map(
                    row ->
                        String.format(
                            Locale.ROOT,
                            "{\"threads\": %d, \"pauseMillis\": %d, \"placement\": %s, \"micros\":"
                                + " %s, \"ratio\": %s}",
                            row.threads(),
                            row.pauseMillis(),
                            quoted(row.placement().name()),
                            numbers(row.allMicros()),
                            numbers(row.allRatios())))
                .collect(Collectors.joining(",\n    ", "[\n    ", "\n  ]")));
    members.add(
        "\"sweeps\": "
            + sweeps.stream()
                .map(
                    row ->
                        String.format(
                            Locale.ROOT,
                            "{\"by\": %s, \"processes\": %d, \"millis\": %.3f, \"ratio\": %.3f}",
                            quoted(row.who()),
                            row.processes(),
                            row.millis(),
                            row.ratio()))
                .collect(Collectors.joining(",\n    ", "[\n    ", "\n  ]")));
    members.add(
        "\"figures\": "
            + figures.stream()
                .map(
                    figure ->
                        String.format(
                            Locale.ROOT,
                            "{\"what\": %s, \"value\": %.3f, \"unit\": %s, \"bar\": %s}",
                            quoted(figure.what()),
                            figure.value(),
                            quoted(figure.unit()),
                            Double.isNaN(figure.bar()) ? "null" : String.valueOf(figure.bar())))
                .collect(Collectors.joining(",\n    ", "[\n    ", "\n  ]")));
    return members.stream().collect(Collectors.joining(",\n  ", "{\n  ", "\n}\n"));
  }

  private static String numbers(Map<Way, Double> values) {
    return values.entrySet().stream()
        .map(e -> String.format(Locale.ROOT, "\"%s\": %.3f", e.getKey(), e.getValue()))
        .collect(Collectors.joining(", ", "{", "}"));
  }

  private static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}
