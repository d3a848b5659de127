package org.libproc4j.examples;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.libproc4j.procfs.Link;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Shows the libraries that processes use. */
@Command(
    name = "pldd",
    description = {
      "Shows the program and the libraries that processes execute.",
      "Libraries are the files whose code is mapped, in the order of addresses. What has been"
          + " removed or replaced since is marked (deleted)."
    })
final class Pldd extends Examiner<Pldd.Report> {
  @Parameters(arity = "1..*", paramLabel = "PID", description = "What to show.")
  List<String> operands = List.of();

  /** What {@code --json} prints: a list of these. */
  record Report(int pid, String command, Optional<Mapped> program, List<Mapped> libraries) {}

  /** A file whose code is mapped. */
  record Mapped(String path, boolean deleted) {
    static Mapped of(Link link) {
      return switch (link) {
        case Link.File(var path) -> new Mapped(path.toString(), false);
        case Link.DeletedFile(var path) -> new Mapped(path.toString(), true);
        default -> new Mapped(link.toString(), false);
      };
    }

    @Override
    public String toString() {
      return path + (deleted ? " (deleted)" : "");
    }
  }

  Pldd() {
    super("pldd");
  }

  @Override
  public Integer call() {
    return examine(operands);
  }

  @Override
  Report report(Examinee process, Optional<LwpSet> lwps) throws OperandException {
    return new Report(
        process.pid(),
        process.command(),
        process.read(process.files().exe()).map(Mapped::of),
        process.read(process.files().libraries()).stream().map(Mapped::of).toList());
  }

  @Override
  List<String> lines(Report report, int width) {
    List<String> lines = new ArrayList<>();
    lines.add(heading(report.pid(), report.command(), width));
    report.program().ifPresent(program -> lines.add(program.toString()));
    report.libraries().forEach(library -> lines.add(library.toString()));
    return lines;
  }
}
