package org.libproc4j.benchmarks;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.libproc4j.GrabException;
import org.libproc4j.GrabOption;
import org.libproc4j.ProcessHandle;

/** A tool that is started for one stop. */
final class ColdStart {
  private static final String TEXT =
      """
      `./libproc pstop PID` on a process of one thread, from its start to its end, with the AOT cache that the launcher makes on a
      first run, and without it; and gdb, which attaches and lets go. `pstop` leaves its target stopped, and looks whether all its
      threads are.
      """;

  private static final String WITH = "pstop, with its cache";
  private static final String WITHOUT = "pstop, without";

  private static final int SIGCONT = 18;
  private static final double CACHE_BAR = 0.6;
  private static final double GDB_BAR = 1;
  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final Duration LIMIT = Duration.ofSeconds(20);

  private final String launcher;
  private final Path caches;

  private ColdStart(Path bench) {
    launcher = bench.resolve("../../../libproc").normalize().toString();
    caches = bench.resolve("caches");
  }

  static Section measure(Effort effort) throws GrabException {
    Path bench = Path.of(System.getProperty("libproc4j.bench", ".")).toAbsolutePath();
    return new ColdStart(bench).section(effort);
  }

  private Section section(Effort effort) throws GrabException {
    Contest contest = new Contest();
    try (Sleepers target = new Sleepers(1)) {
      contest.add(WITH, () -> pstop(target.pid(), caches.toString()));
      contest.add(WITHOUT, () -> pstop(target.pid(), "/dev/null"));
      if (Peer.GDB.isPresent()) {
        contest.add(
            Peer.GDB.called,
            () -> Attaching.micros(Peer.GDB, target.pid(), PATIENCE).orElseThrow());
      }
      contest.run(1, effort.of(15, 5, 1), LIMIT); // the first builds it and makes the cache
    }
    Table table = new Table("cold", "by", "ms");
    for (String name : contest.names()) {
      table.add(name, contest.median(name) / 1e3);
    }
    List<Figure> figures = new ArrayList<>();
    figures.add(
        new Figure("pstop with its cache / without", contest.ratio(WITH, WITHOUT), "", CACHE_BAR));
    if (contest.names().contains(Peer.GDB.called)) {
      double ratio = contest.ratio(WITH, Peer.GDB.called);
      figures.add(new Figure("pstop with its cache / gdb, 1 thread", ratio, "", GDB_BAR));
    }
    return new Section("A cold start", TEXT, List.of(), List.of(table), figures);
  }

  /** Where its cache can lie nowhere, there is none. */
  private double pstop(int pid, String cacheHome) throws GrabException {
    if (!Files.isExecutable(Path.of(launcher))) {
      throw new IllegalStateException(launcher + " is missing, which starts the tools");
    }
    double micros =
        Command.micros(
                List.of(launcher, "pstop", String.valueOf(pid)),
                Map.of("XDG_CACHE_HOME", cacheHome),
                PATIENCE)
            .orElseThrow();
    try (ProcessHandle stopped = ProcessHandle.grab(pid, GrabOption.RDONLY)) {
      stopped.kill(SIGCONT).orThrow("SIGCONT");
    }
    return micros;
  }
}
