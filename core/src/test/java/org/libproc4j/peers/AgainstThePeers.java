package org.libproc4j.peers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Plays all rows with all peers, and writes the table of {@code docs/reliability.md}. Takes
 * minutes, and is run by hand (see {@code CONTRIBUTING.md}).
 *
 * <p>{@code -Dlibproc4j.peers.rows=REGEX} plays only the rows whose situation matches, and leaves
 * the document as it is.
 */
class AgainstThePeers {
  private static final String ROWS = System.getProperty("libproc4j.peers.rows", ".*");

  /** A row and what came of it. */
  private record Line(Row row, Map<Peers, String> cells) {
    boolean lost() {
      return !cells.getOrDefault(Peers.LIBPROC4J, "").startsWith("ok")
          && cells.values().stream().anyMatch(cell -> cell.startsWith("ok"));
    }

    String markdown() {
      return "| %s | %s | %s |"
          .formatted(row.scenario(), row.situation(), String.join(" | ", cells.values()));
    }
  }

  @Test
  void weLoseNoRow() throws Exception {
    Path root = Path.of(System.getProperty("libproc4j.root", "."));
    Path results = Files.createDirectories(root.resolve("core/target/peers"));
    List<Line> lines;
    try (PrintStream evidence =
        new PrintStream(results.resolve("evidence.txt").toFile(), StandardCharsets.UTF_8)) {
      lines = play(evidence);
    }
    String table = table(lines);
    Files.writeString(results.resolve("peers.md"), table);
    System.out.println(table);
    System.out.println("written to " + results);
    if (lines.size() == Rows.all().size()) {
      Document.replace(root.resolve("docs/reliability.md"), AgainstThePeers.class, table);
    }
    assertThat(lines).as("rows that we lose").noneMatch(Line::lost);
  }

  private static List<Line> play(PrintStream evidence) throws Exception {
    List<Line> lines = new ArrayList<>();
    for (Row row : Rows.all()) {
      if (row.situation().matches(ROWS)) {
        Map<Peers, String> cells = new EnumMap<>(Peers.class);
        for (Peers peer : Peers.values()) {
          evidence.println("== " + row.situation() + ", " + peer);
          String cell = row.play(peer, evidence::println);
          cells.put(peer, cell);
          System.out.println(row.situation() + ", " + peer + ": " + cell);
        }
        lines.add(new Line(row, cells));
      }
    }
    return lines;
  }

  private static String table(List<Line> lines) {
    List<String> text = new ArrayList<>();
    text.add(
        "%s, Linux %s; %s."
            .formatted(
                LocalDate.now(ZoneId.systemDefault()),
                System.getProperty("os.version").replaceFirst("-.*", ""),
                each(peer -> peer + ": " + peer.version().orElse(Row.NOT_INSTALLED), "; ")));
    text.add("");
    text.add("| scenario | situation | " + each(Peers::toString, " | ") + " |");
    text.add("|---:|---|" + "---|".repeat(Peers.values().length));
    lines.forEach(line -> text.add(line.markdown()));
    return String.join("\n", text) + "\n";
  }

  private static String each(Function<Peers, String> text, String separator) {
    return Arrays.stream(Peers.values()).map(text).collect(Collectors.joining(separator));
  }
}
