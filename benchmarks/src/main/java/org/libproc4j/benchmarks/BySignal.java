package org.libproc4j.benchmarks;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.libproc4j.GrabException;

/** A stop by job control, as others ask for it, and the run after it. */
final class BySignal {
  private static final Duration LIMIT = Duration.ofSeconds(5);

  private BySignal() {}

  /** A row for each number of threads, a column for each that is there; in microseconds. */
  static Table measure(Effort effort) throws GrabException {
    Table table = new Table("bySignal", "threads", Peer.KILL.called, Peer.PSUTIL.called);
    Optional<Helper> psutil = Others.psutil();
    boolean kill = Peer.KILL.isPresent();
    for (int threads : effort.threads()) {
      Contest contest = new Contest();
      try (Sleepers target = new Sleepers(threads)) {
        String pid = String.valueOf(target.pid());
        if (kill) {
          contest.add(Peer.KILL.called, () -> kill("-STOP", pid) + kill("-CONT", pid));
        }
        psutil.ifPresent(
            helper ->
                contest.add(Peer.PSUTIL.called, () -> helper.numbers("suspend " + pid)[0] / 1e3));
        contest.run(1, effort.of(20, 10, 1), LIMIT);
      }
      table.add(threads, cell(contest, Peer.KILL), cell(contest, Peer.PSUTIL));
    }
    psutil.ifPresent(Helper::close);
    return table;
  }

  private static double kill(String signal, String pid) {
    return Command.micros(List.of("kill", signal, pid), Map.of(), LIMIT).orElseThrow();
  }

  private static Object cell(Contest contest, Peer peer) {
    return contest.names().contains(peer.called) ? contest.median(peer.called) : "";
  }
}
