package org.libproc4j.benchmarks;

import static org.libproc4j.benchmarks.Table.number;
import static org.libproc4j.benchmarks.Table.quoted;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.libproc4j.benchmarks.SideBySide.Way;

/** What each kind of measurement looks like. */
final class Tables {
  private Tables() {}

  static Table cycles(List<SideBySide.Row> rows) {
    return new Table(
        "cycles",
        """
        | threads | calls | where | C, peeking | C, plain | confined | shared | confined / C | shared / C |
        |---:|---|---|---:|---:|---:|---:|---:|---:|
        """,
        rows.stream().map(Tables::line).toList(),
        rows.stream().map(Tables::object).toList());
  }

  private static String line(SideBySide.Row row) {
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

  private static String object(SideBySide.Row row) {
    return String.format(
        Locale.ROOT,
        "{\"threads\": %d, \"pauseMillis\": %d, \"placement\": %s, \"micros\": %s, \"ratio\": %s}",
        row.threads(),
        row.pauseMillis(),
        quoted(row.placement().name()),
        numbers(row.allMicros()),
        numbers(row.allRatios()));
  }

  private static String numbers(Map<Way, Double> values) {
    return values.entrySet().stream()
        .map(e -> String.format(Locale.ROOT, "\"%s\": %.3f", e.getKey(), e.getValue()))
        .collect(Collectors.joining(", ", "{", "}"));
  }

  static Table sweeps(List<Sweeps.Row> rows) {
    return new Table(
        "sweeps",
        """
        | sweep by | processes | ms | times C |
        |---|---:|---:|---:|
        """,
        rows.stream()
            .map(
                row ->
                    String.format(
                        Locale.ROOT,
                        "| %s | %,d | %s | %.2f |%n",
                        row.who(),
                        row.processes(),
                        number(row.millis()),
                        row.ratio()))
            .toList(),
        rows.stream()
            .map(
                row ->
                    String.format(
                        Locale.ROOT,
                        "{\"by\": %s, \"processes\": %d, \"millis\": %.3f, \"ratio\": %.3f}",
                        quoted(row.who()),
                        row.processes(),
                        row.millis(),
                        row.ratio()))
            .toList());
  }

  static Table freezes(List<Freezes.Row> rows) {
    return new Table(
        "freezes",
        """
        | processes | threads each | by | freeze: C | Sys::FreezeThaw | libproc4j | / C | / Sys::FreezeThaw | thaw: C | Sys::FreezeThaw | libproc4j | / C |
        |---:|---:|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|
        """,
        rows.stream().map(Tables::line).toList(),
        rows.stream().map(Tables::object).toList());
  }

  private static String line(Freezes.Row row) {
    FreezeSeries peer = row.peer();
    return String.format(
        Locale.ROOT,
        "| %,d | %d | %s | %s | %s | %s | %.2f | %s | %s | %s | %s | %.2f |%n",
        row.processes(),
        row.threadsEach(),
        row.means(),
        number(row.c().freezeMillis()),
        peer == null ? "" : number(peer.freezeMillis()),
        number(row.ours().freezeMillis()),
        row.ours().freezeRatio(row.c()),
        peer == null ? "" : number(row.ours().freezeRatio(peer)),
        number(row.c().thawMillis()),
        peer == null ? "" : number(peer.thawMillis()),
        number(row.ours().thawMillis()),
        row.ours().thawRatio(row.c()));
  }

  private static String object(Freezes.Row row) {
    return String.format(
        Locale.ROOT,
        "{\"processes\": %d, \"threadsEach\": %d, \"by\": %s, \"c\": %s, \"libproc4j\": %s,"
            + " \"sysFreezeThaw\": %s, \"freezeRatio\": %.3f, \"thawRatio\": %.3f}",
        row.processes(),
        row.threadsEach(),
        quoted(row.means().name()),
        millis(row.c()),
        millis(row.ours()),
        millis(row.peer()),
        row.ours().freezeRatio(row.c()),
        row.ours().thawRatio(row.c()));
  }

  private static String millis(@Nullable FreezeSeries series) {
    return series == null
        ? "null"
        : String.format(
            Locale.ROOT,
            "{\"processes\": %d, \"freezeMillis\": %.3f, \"thawMillis\": %.3f}",
            series.processes(),
            series.freezeMillis(),
            series.thawMillis());
  }

  static Table figures(List<Figure> figures) {
    return new Table(
        "figures",
        """
        | figure | measured | at most | |
        |---|---:|---:|---|
        """,
        figures.stream()
            .map(
                figure ->
                    String.format(
                        Locale.ROOT,
                        "| %s | %s %s | %s | %s |%n",
                        figure.what(),
                        number(figure.value()),
                        figure.unit(),
                        Double.isNaN(figure.bar()) ? "" : number(figure.bar()),
                        figure.verdict()))
            .toList(),
        figures.stream()
            .map(
                figure ->
                    String.format(
                        Locale.ROOT,
                        "{\"what\": %s, \"value\": %.3f, \"unit\": %s, \"bar\": %s}",
                        quoted(figure.what()),
                        figure.value(),
                        quoted(figure.unit()),
                        Double.isNaN(figure.bar()) ? "null" : String.valueOf(figure.bar())))
            .toList());
  }
}
