package org.libproc4j.examples;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.libproc4j.GrabException;
import org.libproc4j.GrabOption;
import org.libproc4j.ProcessHandle;
import org.libproc4j.ProcessState;
import org.libproc4j.StopRequest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows what the threads of a process do. */
@Command(
    name = "pstatus",
    description = "Shows what the threads of processes do, without touching them.")
final class Pstatus extends Tool {
  private static final String HOME = "\033[H";
  private static final String CLEAR_LINE = "\033[K";
  private static final String CLEAR_REST = "\033[J";

  @Option(names = "--watch", description = "Refresh in place until the processes have ended.")
  boolean watch;

  @Option(
      names = "--every",
      paramLabel = "TIME",
      converter = TimeConverter.class,
      description = "How often --watch refreshes; 1s unless said otherwise.")
  Duration every = Duration.ofSeconds(1);

  @Option(names = "--risk", description = "Say what a stop would disturb.")
  boolean risk;

  @Parameters(arity = "1..*", paramLabel = "PID[/LWPS]", description = "What to show.")
  List<String> operands = List.of();

  /** What {@code --json} prints: a list of these. */
  record ProcessReport(int pid, String name, ProcessState state, List<ThreadReport> threads) {}

  /** A process that is shown; its handle makes sure that it stays the same one. */
  private record Shown(ProcessHandle handle, Optional<LwpSet> lwps) {}

  private final Map<String, Shown> shown = new LinkedHashMap<>();

  Pstatus() {
    super("pstatus", "examine");
  }

  @Override
  public Integer call() throws InterruptedException {
    for (String operand : operands) {
      attempt(operand, () -> open(operand));
    }
    print(reports(), Terminal.ofOutput());
    if (watch) {
      watch();
    }
    return status();
  }

  private String open(String text) throws GrabException, OperandException {
    Operand operand = Operand.of(text);
    ProcessHandle handle = ProcessHandle.grab(operand.pid(), GrabOption.RDONLY);
    shown.put(text, new Shown(handle, operand.lwps()));
    return "";
  }

  private void watch() throws InterruptedException {
    while (!shown.isEmpty()) {
      Thread.sleep(every);
      shown.values().removeIf(s -> hasEnded(s.handle()));
      if (!shown.isEmpty()) {
        print(reports(), Terminal.ofOutput());
      }
    }
  }

  private static boolean hasEnded(ProcessHandle process) {
    process.stop(StopRequest.PCNULL, 0);
    return process.state() == ProcessState.UNDEAD;
  }

  // ---- what there is to say

  private List<ProcessReport> reports() {
    List<ProcessReport> reports = new ArrayList<>();
    List.copyOf(shown.entrySet())
        .forEach(
            e ->
                attempt(
                    e.getKey(),
                    () -> {
                      reports.add(report(e.getKey(), e.getValue()));
                      return "";
                    }));
    return reports;
  }

  private ProcessReport report(String operand, Shown process) throws OperandException {
    int pid = process.handle().pid();
    List<Integer> tids = process.handle().lwpIds();
    if (process.lwps().isPresent() && !tids.isEmpty()) {
      tids = process.lwps().get().select(pid, tids);
    }
    List<ThreadReport> threads =
        tids.stream().flatMap(tid -> ThreadReport.of(pid, tid).stream()).toList();
    String name = Operand.nameOf(pid);
    if (hasEnded(process.handle())) { // what was read may be another's
      shown.remove(operand);
      throw new OperandException("it has ended");
    }
    return new ProcessReport(pid, name, process.handle().state(), threads);
  }

  // ---- how it is said

  private void print(List<ProcessReport> reports, Optional<Terminal> terminal) {
    if (json) {
      print(Json.of(reports));
      return;
    }
    List<String> lines = new ArrayList<>();
    int width = terminal.map(Terminal::width).orElse(Terminal.ENDLESS);
    for (ProcessReport report : reports) {
      lines.addAll(lines(report, width));
    }
    if (watch && terminal.isPresent()) {
      printInPlace(lines, terminal.get());
    } else if (!lines.isEmpty()) {
      print(String.join("\n", lines));
    }
  }

  private List<String> lines(ProcessReport report, int width) {
    List<String> lines = new ArrayList<>();
    lines.add(
        Table.cut(
            "%d: %s, %s, %d thread%s"
                .formatted(
                    report.pid(),
                    report.name(),
                    report.state(),
                    report.threads().size(),
                    report.threads().size() == 1 ? "" : "s"),
            width));
    Table table = new Table(ThreadReport.headings());
    report.threads().forEach(thread -> table.add(thread.cells()));
    lines.addAll(table.lines(width));
    if (risk) {
      lines.addAll(riskLines(report.threads()));
    }
    return lines;
  }

  /** Most threads of a process run the same risk: say it once. */
  private static List<String> riskLines(List<ThreadReport> threads) {
    Map<String, List<Integer>> tids = new LinkedHashMap<>();
    for (ThreadReport thread : threads) {
      for (String risk : thread.risks()) {
        tids.computeIfAbsent(risk, _ -> new ArrayList<>()).add(thread.tid());
      }
    }
    if (tids.isEmpty()) {
      return List.of("risk: none known");
    }
    return tids.entrySet().stream()
        .map(
            e ->
                "risk: %s: %s"
                    .formatted(
                        e.getValue().stream().map(String::valueOf).collect(Collectors.joining(",")),
                        e.getKey()))
        .toList();
  }

  private static void printInPlace(List<String> lines, Terminal terminal) {
    String screen =
        lines.stream()
            .limit(terminal.height() - 1L)
            .map(line -> Table.cut(line, terminal.width()) + CLEAR_LINE)
            .collect(Collectors.joining("\n", HOME, CLEAR_REST));
    print(screen);
  }
}
