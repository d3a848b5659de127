package org.libproc4j.examples;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.libproc4j.procfs.Auxv;
import org.libproc4j.procfs.ByteString;
import org.libproc4j.procfs.Cmdline;
import org.libproc4j.procfs.Environ;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows what processes were started with. */
@Command(
    name = "pargs",
    description = {
      "Shows the arguments, environment or auxiliary vector of processes.",
      "A process may overwrite its arguments and its environment: this is what they are now. What"
          + " is no text is shown as \\xNN, \\n"
          + " or \\t, and a backslash as \\\\."
    })
final class Pargs extends Examiner<Pargs.Report> {
  private static final int FEW_EMPTY = 3;

  @Option(
      names = {"-a", "--args"},
      description = "Show the arguments; so it is if no other option says what to show.")
  boolean args;

  @Option(
      names = {"-e", "--environment"},
      description = "Show the environment.")
  boolean environment;

  @Option(
      names = {"-x", "--auxv"},
      description = "Show the auxiliary vector: what the kernel told the program.")
  boolean auxv;

  @Option(
      names = {"-l", "--line"},
      description = "Show the arguments as one line that a shell (bash, zsh) takes back.")
  boolean line;

  @Parameters(arity = "1..*", paramLabel = "PID", description = "What to show.")
  List<String> operands = List.of();

  /**
   * What {@code --json} prints: a list of these.
   *
   * @param argv null if not asked for
   * @param envp null if not asked for
   * @param auxv null if not asked for
   */
  record Report(
      int pid,
      String command,
      Optional<List<ByteString>> argv,
      Optional<List<ByteString>> envp,
      Optional<List<AuxEntry>> auxv) {}

  /** An entry of the auxiliary vector. */
  record AuxEntry(String type, String value) {}

  Pargs() {
    super("pargs");
  }

  @Override
  public Integer call() {
    args |= line || (!environment && !auxv);
    return examine(operands);
  }

  @Override
  Report report(Examinee process, Optional<LwpSet> lwps) throws OperandException {
    return new Report(
        process.pid(),
        process.command(),
        args
            ? Optional.of(process.read(process.files().cmdline().map(Cmdline::args)))
            : Optional.empty(),
        environment
            ? Optional.of(process.read(process.files().environ().map(Environ::strings)))
            : Optional.empty(),
        auxv ? Optional.of(entries(process.read(process.files().auxv()))) : Optional.empty());
  }

  private static List<AuxEntry> entries(Auxv auxv) {
    Map<Long, String> names =
        Stream.of(Auxv.Type.values())
            .collect(Collectors.toMap(Auxv.Type::code, type -> "AT_" + type.name()));
    return auxv.raw().entrySet().stream()
        .map(
            e ->
                new AuxEntry(
                    names.getOrDefault(e.getKey(), "AT_" + e.getKey()),
                    String.format(Locale.ROOT, "0x%x", e.getValue())))
        .toList();
  }

  @Override
  List<String> lines(Report report, int width) {
    List<List<String>> parts = new ArrayList<>();
    report
        .argv()
        .ifPresent(argv -> parts.add(line ? List.of(ShellWords.of(argv)) : numbered("argv", argv)));
    report.envp().ifPresent(envp -> parts.add(numbered("envp", envp)));
    report.auxv().ifPresent(entries -> parts.add(table(entries)));
    parts.removeIf(List::isEmpty);
    List<String> lines = new ArrayList<>();
    if (!line) {
      lines.add(heading(report.pid(), report.command(), width));
    }
    for (int i = 0; i < parts.size(); i++) {
      if (i > 0) {
        lines.add("");
      }
      lines.addAll(parts.get(i));
    }
    return lines;
  }

  /** Whole, as they are what is asked for: a terminal breaks them where it must. */
  static List<String> numbered(String name, List<ByteString> strings) {
    int end = strings.size();
    while (end > 0 && strings.get(end - 1).isEmpty()) {
      end--;
    }
    if (strings.size() - end <= FEW_EMPTY) {
      end = strings.size();
    }
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < end; i++) {
      lines.add(name + "[" + i + "]: " + strings.get(i));
    }
    if (end < strings.size()) { // a title was written over the arguments
      lines.add("%s[%d] to %1$s[%d]: empty".formatted(name, end, strings.size() - 1));
    }
    return lines;
  }

  private static List<String> table(List<AuxEntry> entries) {
    Table table = Table.bare();
    entries.forEach(entry -> table.add(entry.type(), entry.value()));
    return table.lines(Terminal.ENDLESS);
  }
}
