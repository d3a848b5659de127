package org.libproc4j.benchmarks;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Freeze and thaw of all processes, by libproc4j, by C and by Sys::FreezeThaw: of the same
 * processes, taking turns.
 */
final class Freezes {
  /** What those took who took turns; the peer is the same for all means, or missing. */
  record Row(
      int processes,
      int threadsEach,
      Means means,
      FreezeSeries c,
      FreezeSeries ours,
      @Nullable FreezeSeries peer) {
    int threads() {
      return processes * threadsEach;
    }
  }

  private Freezes() {}

  /** Compares them on so many processes of so many threads: a row for each of the means. */
  static List<Row> compare(int processes, int threadsEach, int warmUps, int rounds) {
    try (Crowd crowd = Crowd.toFreeze(processes, threadsEach);
        Cast cast = new Cast(crowd)) {
      List<Row> rows = new ArrayList<>();
      List<FreezeSeries> all = new ArrayList<>();
      FreezeSeries peer = cast.peer().map(FreezeSeries::new).orElse(null);
      for (Means means : Means.here()) {
        FreezeSeries c = new FreezeSeries(cast.inC(means));
        FreezeSeries ours = new FreezeSeries(cast.ours(means));
        rows.add(new Row(processes, threadsEach, means, c, ours, peer));
        all.addAll(List.of(c, ours));
      }
      if (peer != null) {
        all.add(peer);
      }
      takeTurns(all, warmUps);
      all.forEach(FreezeSeries::forget);
      takeTurns(all, rounds);
      return rows;
    }
  }

  static Table table(List<Row> rows) {
    Table table =
        new Table(
            "freezes",
            "processes",
            "threads each",
            "by",
            "freeze: C, ms",
            Peer.SYS_FREEZETHAW.called,
            "libproc4j",
            "/ C",
            "/ " + Peer.SYS_FREEZETHAW.called,
            "thaw: C, ms",
            Peer.SYS_FREEZETHAW.called,
            "libproc4j",
            "/ C");
    for (Row row : rows) {
      FreezeSeries peer = row.peer();
      table.add(
          row.processes(),
          row.threadsEach(),
          row.means().name(),
          row.c().freezeMillis(),
          peer == null ? "" : (Object) peer.freezeMillis(),
          row.ours().freezeMillis(),
          row.ours().freezeRatio(row.c()),
          peer == null ? "" : (Object) row.ours().freezeRatio(peer),
          row.c().thawMillis(),
          peer == null ? "" : (Object) peer.thawMillis(),
          row.ours().thawMillis(),
          row.ours().thawRatio(row.c()));
    }
    return table;
  }

  private static void takeTurns(List<FreezeSeries> all, int rounds) {
    for (int round = 0; round < rounds; round++) {
      all.forEach(FreezeSeries::measure);
    }
  }
}
