package org.libproc4j.peers;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** What went wrong, how often, in how many rounds of one row with one peer. */
final class Findings {
  private record Count(int found, int of) {}

  private final Map<String, Count> counts = new LinkedHashMap<>();
  private final Set<String> foundThisRound = new HashSet<>();
  private final Consumer<String> evidence;
  private int rounds;
  private String note = "";

  /** Each finding goes to the evidence as well, with all that is known. */
  Findings(Consumer<String> evidence) {
    this.evidence = evidence;
  }

  void nextRound() {
    rounds++;
    foundThisRound.clear();
  }

  int rounds() {
    return rounds;
  }

  /** In this round, however often. */
  void found(String what, String details) {
    if (foundThisRound.add(what)) {
      counts.merge(what, new Count(1, 0), (a, b) -> new Count(a.found + 1, 0));
      evidence.accept("round " + rounds + ": " + what + "\n" + details.indent(4));
    }
  }

  /** So many of so many. */
  void found(String what, int found, int of, String details) {
    counts.merge(what, new Count(found, of), (a, b) -> new Count(a.found + found, a.of + of));
    if (found > 0) {
      evidence.accept("round " + rounds + ": " + what + " " + found + "\n" + details.indent(4));
    }
  }

  /** Something that holds otherwise, as an assertion. */
  @FunctionalInterface
  interface Check {
    void run() throws Exception;
  }

  /** Finds something if the check fails; says whether it passed. */
  boolean unless(String what, Check check) throws Exception {
    try {
      check.run();
      return true;
    } catch (AssertionError e) {
      found(what, String.valueOf(e.getMessage()));
      return false;
    }
  }

  /** Something to tell although it is no fault: a time. */
  void note(String text) {
    note = text;
  }

  boolean isEmpty() {
    return counts.values().stream().allMatch(count -> count.found == 0);
  }

  /** A cell of the table: "ok", or what went wrong. */
  @Override
  public String toString() {
    String problems =
        counts.entrySet().stream()
            .filter(entry -> entry.getValue().found > 0)
            .map(
                entry ->
                    entry.getKey()
                        + " "
                        + entry.getValue().found
                        + "/"
                        + (entry.getValue().of > 0 ? entry.getValue().of : rounds))
            .collect(Collectors.joining(", "));
    return (problems.isEmpty() ? "ok" : problems) + (note.isEmpty() ? "" : "; " + note);
  }
}
