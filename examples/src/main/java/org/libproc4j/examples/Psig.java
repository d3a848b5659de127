package org.libproc4j.examples;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.libproc4j.procfs.ProcResult;
import org.libproc4j.procfs.Status;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Shows what processes do about signals. */
@Command(
    name = "psig",
    description = {
      "Shows what processes do about signals.",
      "Of each signal, it shows whether its default action is taken (default), nothing happens"
          + " (ignored) or a handler is called (caught), and whether it is blocked or pending."
    })
final class Psig extends Examiner<Psig.Report> {
  @Parameters(arity = "1..*", paramLabel = "PID", description = "What to show.")
  List<String> operands = List.of();

  /** What {@code --json} prints: a list of these. */
  record Report(int pid, String command, int threads, List<Disposition> signals) {}

  /**
   * What a process does about a signal.
   *
   * @param blockedBy how many of its threads block it
   * @param pending whether it is pending for the process
   * @param pendingFor for how many single threads it is pending
   */
  record Disposition(
      int number, String name, Action action, int blockedBy, boolean pending, int pendingFor) {}

  /** What a signal does. */
  enum Action {
    DEFAULT("default"),
    IGNORED("ignored"),
    CAUGHT("caught");

    private final String text;

    Action(String text) {
      this.text = text;
    }

    static Action of(Status status, int signal) {
      if (SignalNames.isIn(status.sigCgt(), signal)) {
        return CAUGHT;
      }
      return SignalNames.isIn(status.sigIgn(), signal) ? IGNORED : DEFAULT;
    }

    @Override
    public String toString() {
      return text;
    }
  }

  Psig() {
    super("psig");
  }

  @Override
  public Integer call() {
    return examine(operands);
  }

  @Override
  Report report(Examinee process, Optional<LwpSet> lwps) throws OperandException {
    Status status = process.read(process.files().status());
    List<Status> threads = new ArrayList<>();
    for (int tid : process.read(process.process().tasks())) {
      if (process.process().thread(tid).status() instanceof ProcResult.Present<Status>(var s)) {
        threads.add(s);
      }
    }
    return new Report(
        process.pid(),
        process.command(),
        threads.size(),
        IntStream.rangeClosed(1, SignalNames.MAX)
            .mapToObj(signal -> disposition(signal, status, threads))
            .toList());
  }

  static Disposition disposition(int signal, Status process, List<Status> threads) {
    return new Disposition(
        signal,
        SignalNames.of(signal),
        Action.of(process, signal),
        count(signal, threads.stream().mapToLong(Status::sigBlk)),
        SignalNames.isIn(process.shdPnd(), signal),
        count(signal, threads.stream().mapToLong(Status::sigPnd)));
  }

  private static int count(int signal, LongStream masks) {
    return (int) masks.filter(mask -> SignalNames.isIn(mask, signal)).count();
  }

  @Override
  List<String> lines(Report report, int width) {
    List<String> lines = new ArrayList<>();
    lines.add(heading(report.pid(), report.command(), width));
    Table table = Table.bare();
    for (Disposition signal : report.signals()) {
      List<String> remarks = new ArrayList<>();
      if (signal.blockedBy() > 0) {
        remarks.add("blocked" + threads(" by", signal.blockedBy(), report.threads()));
      }
      if (signal.pending()) {
        remarks.add("pending");
      }
      if (signal.pendingFor() > 0) {
        remarks.add("pending" + threads(" for", signal.pendingFor(), report.threads()));
      }
      table.add(
          SignalNames.shortName(signal.number()),
          signal.action().toString(),
          String.join(", ", remarks));
    }
    lines.addAll(table.lines(width));
    return lines;
  }

  private static String threads(String by, int some, int all) {
    return some == all ? "" : "%s %d of %d threads".formatted(by, some, all);
  }
}
