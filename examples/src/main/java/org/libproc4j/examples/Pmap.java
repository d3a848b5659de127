package org.libproc4j.examples;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.libproc4j.procfs.Mapping;
import org.libproc4j.procfs.Smaps;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows what is mapped where. */
@Command(
    name = "pmap",
    description = {
      "Shows what processes have mapped where.",
      "Of each mapping, it shows the first address, the size in KiB (1024 bytes), the permissions"
          + " (read, write, execute; shared or private) and what is mapped.",
      "On a terminal that is too narrow, only the end of a path is shown."
    })
final class Pmap extends Examiner<Pmap.Report> {
  private static final String ANONYMOUS = "[anon]";

  @Option(
      names = {"-x", "--extended"},
      description = {
        "Show in KiB what is resident (RSS; in PSS, what n processes share counts an n-th), dirty"
            + " and swapped out."
      })
  boolean extended;

  @Parameters(arity = "1..*", paramLabel = "PID", description = "What to show.")
  List<String> operands = List.of();

  /** What {@code --json} prints: a list of these. */
  record Report(
      int pid, String command, long size, Optional<Memory> memory, List<Mapped> mappings) {}

  /**
   * A mapping. All sizes are in bytes here.
   *
   * @param start its first address, in hexadecimal, as many readers of JSON know no 64-bit numbers
   * @param path null for nameless memory
   * @param memory null unless {@code --extended}
   */
  record Mapped(
      String start,
      String end,
      long size,
      String permissions,
      String offset,
      String device,
      long inode,
      Optional<String> path,
      Optional<Memory> memory) {

    static Mapped of(Mapping mapping, Optional<Memory> memory) {
      return new Mapped(
          hex(mapping.start()),
          hex(mapping.end()),
          mapping.size(),
          mapping.permissions(),
          hex(mapping.offset()),
          mapping.devMajor() + ":" + mapping.devMinor(),
          mapping.inode(),
          Optional.of(mapping.path().toString()).filter(path -> !path.isEmpty()),
          memory);
    }

    private static String hex(long address) {
      return String.format(Locale.ROOT, "%016x", address);
    }
  }

  /** The memory that a mapping has, or all of them. */
  record Memory(long rss, long pss, long dirty, long anonymous, long swap, long locked) {
    static final Memory NONE = new Memory(0, 0, 0, 0, 0, 0);

    static Memory of(Smaps smaps) {
      return new Memory(
          smaps.rss(), smaps.pss(), smaps.dirty(), smaps.anonymous(), smaps.swap(), smaps.locked());
    }

    Memory plus(Memory other) {
      return new Memory(
          rss + other.rss,
          pss + other.pss,
          dirty + other.dirty,
          anonymous + other.anonymous,
          swap + other.swap,
          locked + other.locked);
    }
  }

  Pmap() {
    super("pmap");
  }

  @Override
  public Integer call() {
    return examine(operands);
  }

  @Override
  Report report(Examinee process, Optional<LwpSet> lwps) throws OperandException {
    List<Mapped> mappings =
        extended
            ? process.read(process.files().smaps()).stream()
                .map(s -> Mapped.of(s.mapping(), Optional.of(Memory.of(s))))
                .toList()
            : process.read(process.files().maps()).stream()
                .map(mapping -> Mapped.of(mapping, Optional.empty()))
                .toList();
    return new Report(
        process.pid(),
        process.command(),
        mappings.stream().mapToLong(Mapped::size).sum(),
        extended
            ? Optional.of(
                mappings.stream()
                    .flatMap(mapping -> mapping.memory().stream())
                    .reduce(Memory.NONE, Memory::plus))
            : Optional.empty(),
        mappings);
  }

  @Override
  List<String> lines(Report report, int width) {
    List<String> lines = new ArrayList<>();
    lines.add(heading(report.pid(), report.command(), width));
    lines.addAll((extended ? extendedTable(report) : table(report)).lines(width));
    return lines;
  }

  private static Table table(Report report) {
    Table table = Table.bare().right(1).keepTails();
    for (Mapped mapping : report.mappings()) {
      table.add(mapping.start(), kib(mapping.size()) + "K", mapping.permissions(), name(mapping));
    }
    table.add("total", kib(report.size()) + "K");
    return table;
  }

  private static Table extendedTable(Report report) {
    Table table = new Table("ADDRESS", "KIB", "RSS", "PSS", "DIRTY", "SWAP", "MODE", "MAPPED");
    table.right(1, 2, 3, 4, 5).keepTails();
    for (Mapped mapping : report.mappings()) {
      table.add(
          row(
              mapping.start(),
              mapping.size(),
              mapping.memory().orElse(Memory.NONE),
              mapping.permissions(),
              name(mapping)));
    }
    table.add(row("total", report.size(), report.memory().orElse(Memory.NONE), "", ""));
    return table;
  }

  private static String[] row(
      String start, long size, Memory memory, String permissions, String name) {
    return new String[] {
      start,
      kib(size),
      kib(memory.rss()),
      kib(memory.pss()),
      kib(memory.dirty()),
      kib(memory.swap()),
      permissions,
      name
    };
  }

  private static String name(Mapped mapping) {
    return mapping.path().orElse(ANONYMOUS);
  }

  private static String kib(long bytes) {
    return String.valueOf(bytes >> 10);
  }
}
