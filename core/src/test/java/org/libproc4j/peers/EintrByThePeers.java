package org.libproc4j.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.libproc4j.testing.Signals.SIGCONT;

import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.libproc4j.GrabException;
import org.libproc4j.ProcessHandle;
import org.libproc4j.Tracer;
import org.libproc4j.testing.Await;
import org.libproc4j.testing.Target;

/**
 * Has each peer stop a process and let it go for ten seconds, again and again, counts what the
 * process notices, and writes the table of {@code docs/invisible-stops.md}. Takes minutes, and is
 * run by hand (see {@code CONTRIBUTING.md}).
 */
class EintrByThePeers {
  private static final List<String> CALLS = List.of("epoll_wait", "semop", "sigtimedwait", "recv");
  private static final int THREADS = 100;
  private static final int RUNS = 3;
  private static final Duration TIME = Duration.ofSeconds(10);

  @Test
  void oursIsZero() throws Exception {
    List<String> table = new ArrayList<>();
    List<Long> ours = new ArrayList<>();
    table.add(
        "%s, Linux %s; %s."
            .formatted(
                LocalDate.now(ZoneId.systemDefault()),
                System.getProperty("os.version", "").replaceFirst("-.*", ""),
                String.join(
                    "; ",
                    Arrays.stream(Peers.values())
                        .map(peer -> peer + ": " + peer.version().orElse(Row.NOT_INSTALLED))
                        .toList())));
    table.add("");
    table.add("| stopped and let go by | " + String.join(" | ", CALLS) + " |");
    table.add("|---|" + "---:|".repeat(CALLS.size()));
    for (Peers peer : Peers.values()) {
      List<String> cells = new ArrayList<>();
      for (String call : CALLS) {
        if (peer.version().isEmpty()) {
          cells.add("–");
          continue;
        }
        long interrupted = interrupted(peer, call);
        System.out.println(peer + ", " + call + ": " + interrupted);
        cells.add(String.format(Locale.ROOT, "%,d", interrupted));
        if (peer == Peers.LIBPROC4J) {
          ours.add(interrupted);
        }
      }
      table.add("| " + peer + " | " + String.join(" | ", cells) + " |");
    }
    Path root = Path.of(System.getProperty("libproc4j.root", "."));
    Document.replace(
        root.resolve("docs/invisible-stops.md"),
        EintrByThePeers.class,
        String.join("\n", table) + "\n");
    assertThat(ours).hasSize(CALLS.size()).containsOnly(0L);
  }

  private static long interrupted(Peers peer, String call) throws Exception {
    try (Target target = Target.start("idle", call, "" + THREADS)) {
      target.awaitAllInState("S");
      if (peer == Peers.LIBPROC4J) {
        holdAgainAndAgain(target);
      } else {
        holdAgainAndAgain(peer, target);
      }
      target.awaitUntraced();
      target.awaitAllInState("S");
      return Arrays.stream(target.counters()).sum();
    }
  }

  /** Here, because one that is killed in the midst of a stop may have had no time to mend it. */
  private static void holdAgainAndAgain(Target target) throws GrabException {
    long start = System.nanoTime();
    long stops = 0;
    try (Tracer tracer = Tracer.ofShared()) {
      while (System.nanoTime() - start < TIME.toNanos()) {
        try (ProcessHandle process = tracer.grab(target.pid())) {
          for (int i = 0; i < RUNS; i++) {
            process.setRun().orThrow("setRun");
            process.stop().orThrow("stop");
          }
        }
        stops += 1 + RUNS;
      }
    }
    System.out.println(stops + " stops of " + THREADS + " threads");
  }

  private static void holdAgainAndAgain(Peers peer, Target target) throws Exception {
    try (Session session = new Session(peer.cycle(target.pid()).orElseThrow())) {
      assertThat(session.awaitAnswer()).as("%s", peer).isEqualTo(Session.Answer.THERE);
      long start = System.nanoTime();
      Await.until(Target.LIMIT, () -> System.nanoTime() - start > TIME.toNanos());
    }
    target.send(SIGCONT); // a peer that is killed may leave it stopped
  }
}
