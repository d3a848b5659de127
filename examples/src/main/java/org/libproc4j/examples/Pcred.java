package org.libproc4j.examples;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.libproc4j.procfs.Status;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows whose rights processes have. */
@Command(
    name = "pcred",
    description = {
      "Shows the credentials of processes.",
      "These are user and group ids (effective, real, saved, and that for files where it is not the"
          + " effective one), groups, capabilities and what restricts them. They are the leader's;"
          + " other threads may have others."
    })
final class Pcred extends Examiner<Pcred.Report> {
  private static final List<String> SECCOMP = List.of("off", "strict", "filter");

  @Option(
      names = {"-a", "--all"},
      description = "Show each id apart, even where they are equal.")
  boolean all;

  @Parameters(arity = "1..*", paramLabel = "PID", description = "What to show.")
  List<String> operands = List.of();

  /** What {@code --json} prints: a list of these. */
  record Report(
      int pid,
      String command,
      Status.Ids uid,
      Status.Ids gid,
      List<Long> groups,
      List<String> effective,
      List<String> permitted,
      List<String> inheritable,
      Optional<List<String>> bounding,
      Optional<List<String>> ambient,
      Optional<Boolean> noNewPrivs,
      Optional<String> seccomp,
      OptionalInt seccompFilters) {}

  Pcred() {
    super("pcred");
  }

  @Override
  public Integer call() {
    return examine(operands);
  }

  @Override
  Report report(Examinee process, Optional<LwpSet> lwps) throws OperandException {
    Status status = process.read(process.files().status());
    return new Report(
        process.pid(),
        process.command(),
        status.uid(),
        status.gid(),
        status.groups(),
        Capabilities.names(status.capEff()),
        Capabilities.names(status.capPrm()),
        Capabilities.names(status.capInh()),
        names(status.capBnd()),
        names(status.capAmb()),
        status.noNewPrivs(),
        status.seccomp().stream().mapToObj(Pcred::seccomp).findFirst(),
        status.seccompFilters());
  }

  private static Optional<List<String>> names(OptionalLong mask) {
    return mask.stream().mapToObj(Capabilities::names).findFirst();
  }

  private static String seccomp(int mode) {
    return mode >= 0 && mode < SECCOMP.size() ? SECCOMP.get(mode) : String.valueOf(mode);
  }

  @Override
  List<String> lines(Report report, int width) {
    List<String> lines = new ArrayList<>();
    lines.add(heading(report.pid(), report.command(), width));
    lines.addAll(
        Paragraph.lines(
            "  ",
            List.of(ids("uid", report.uid(), all), ids("gid", report.gid(), all)),
            "  ",
            width));
    if (!report.groups().isEmpty()) {
      lines.addAll(
          Paragraph.lines(
              "  groups: ", report.groups().stream().map(String::valueOf).toList(), " ", width));
    }
    capabilities(report).forEach((names, sets) -> lines.addAll(capabilities(sets, names, width)));
    report
        .noNewPrivs()
        .filter(Boolean::booleanValue)
        .ifPresent(_ -> lines.add("  no_new_privs: an exec gives no privileges"));
    report
        .seccomp()
        .filter(mode -> !mode.equals(SECCOMP.getFirst()))
        .ifPresent(mode -> lines.add("  seccomp: " + mode + filters(report)));
    return lines;
  }

  /** "e/r/suid=0", or each apart where they differ. */
  static String ids(String name, Status.Ids ids, boolean apart) {
    boolean equal = ids.effective() == ids.real() && ids.real() == ids.saved();
    String text =
        equal && !apart
            ? "e/r/s" + name + "=" + ids.effective()
            : "e%1$s=%2$d r%1$s=%3$d s%1$s=%4$d"
                .formatted(name, ids.effective(), ids.real(), ids.saved());
    return ids.fileSystem() == ids.effective() && !apart
        ? text
        : text + " fs" + name + "=" + ids.fileSystem();
  }

  private static String filters(Report report) {
    int filters = report.seccompFilters().orElse(0);
    return filters > 1 ? ", " + filters + " filters" : "";
  }

  /** The sets by what they hold: most often, several are equal. */
  private static Map<List<String>, List<String>> capabilities(Report report) {
    Map<List<String>, List<String>> sets = new LinkedHashMap<>();
    put(sets, "effective", Optional.of(report.effective()));
    put(sets, "permitted", Optional.of(report.permitted()));
    put(sets, "inheritable", Optional.of(report.inheritable()));
    put(sets, "bounding", report.bounding());
    put(sets, "ambient", report.ambient());
    return sets;
  }

  private static void put(
      Map<List<String>, List<String>> sets, String set, Optional<List<String>> names) {
    names.ifPresent(n -> sets.computeIfAbsent(n, _ -> new ArrayList<>()).add(set));
  }

  private static List<String> capabilities(List<String> sets, List<String> names, int width) {
    String start = "  " + String.join(", ", sets) + " capabilities: ";
    return Paragraph.lines(start, Capabilities.inShort(names), ",", width);
  }
}
