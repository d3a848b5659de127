package org.libproc4j.peers;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * One row of the table: a situation, and what is to be right in it.
 *
 * @param scenario its number in the list of scenarios, or nothing
 * @param situation what the table says
 * @param doing what a peer has to be able to do
 * @param rounds how often it is tried
 * @param play one round
 */
record Row(String scenario, String situation, Doing doing, int rounds, Play play) {
  static final String NOT_INSTALLED = "not installed";

  /** Then there is no further round: one that goes wrong waits for what does not come. */
  private static final Duration LONGEST = Duration.ofSeconds(40);

  enum Doing {
    HOLD("does not hold") {
      @Override
      Optional<Command> of(Peer peer) {
        return peer.hold(1);
      }
    },
    HOLD_THREAD("cannot hold one thread") {
      @Override
      Optional<Command> of(Peer peer) {
        return peer.holdThread(1, 1);
      }
    },
    FOLLOW("does not follow") {
      @Override
      Optional<Command> of(Peer peer) {
        return peer.follow(1);
      }
    },
    CYCLE("does neither") {
      @Override
      Optional<Command> of(Peer peer) {
        return peer.cycle(1);
      }
    };

    private final String otherwise;

    Doing(String otherwise) {
      this.otherwise = otherwise;
    }

    abstract Optional<Command> of(Peer peer);
  }

  @FunctionalInterface
  interface Play {
    void once(Peer peer, Findings findings) throws Exception;
  }

  /** The same, to be tried only once. */
  Row once() {
    return new Row(scenario, situation, doing, 1, play);
  }

  /** Plays it, and returns the table's cell. */
  String play(Peer peer, Consumer<String> evidence) throws Exception {
    if (doing.of(peer).isEmpty()) {
      return "– (" + doing.otherwise + ")";
    }
    if (peer.version().isEmpty()) {
      return NOT_INSTALLED;
    }
    Findings findings = new Findings(evidence);
    long start = System.nanoTime();
    while (findings.rounds() < rounds && System.nanoTime() - start < LONGEST.toNanos()) {
      findings.nextRound();
      findings.unless("round failed", () -> play.once(peer, findings));
    }
    return findings.toString();
  }
}
