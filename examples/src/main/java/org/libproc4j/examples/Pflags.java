package org.libproc4j.examples;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import org.libproc4j.procfs.Auxv;
import org.libproc4j.procfs.ProcResult;
import org.libproc4j.procfs.Stat;
import org.libproc4j.procfs.Status;
import org.libproc4j.procfs.Syscall;
import org.libproc4j.procfs.TaskState;
import org.libproc4j.procfs.ThreadFiles;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Shows the flags and signals of the threads of a process. */
@Command(
    name = "pflags",
    description = {
      "Shows the flags, state and signals of processes and their threads.",
      "Of a process, it shows the data model, the kernel's flags (PF_*) and what is pending for all"
          + " of its threads; of a thread, the state, the system call that it is blocked in, the"
          + " flags, and the signals that it blocks (sigmask) and that are pending (sigpend).",
      "What only those may see who may trace the process is left out for others."
    })
final class Pflags extends Examiner<Pflags.Report> {
  /** The size of a program header, which the kernel tells each program. */
  private static final long SIZE_IN_ELF_64 = 56;

  private static final long SIZE_IN_ELF_32 = 32;

  @Parameters(arity = "1..*", paramLabel = "PID[/LWPS]", description = "What to show.")
  List<String> operands = List.of();

  /**
   * What {@code --json} prints: a list of these.
   *
   * @param dataModel null if not ours to see, and for what has no memory
   */
  record Report(
      int pid,
      String command,
      Optional<String> dataModel,
      List<String> flags,
      List<String> sigpend,
      List<Lwp> lwps) {}

  /**
   * A thread.
   *
   * @param syscall null if it is in none, or that is not ours to see
   */
  record Lwp(
      int tid,
      String name,
      String state,
      Optional<String> syscall,
      List<String> flags,
      List<String> sigmask,
      List<String> sigpend) {}

  Pflags() {
    super("pflags");
  }

  @Override
  public Integer call() {
    return examine(operands);
  }

  @Override
  int pidOf(Operand operand) {
    return operand.pid();
  }

  @Override
  Report report(Examinee process, Optional<LwpSet> lwps) throws OperandException {
    List<Integer> tids = process.read(process.process().tasks()).stream().sorted().toList();
    if (lwps.isPresent()) {
      tids = lwps.get().select(process.pid(), tids);
    }
    return new Report(
        process.pid(),
        process.command(),
        process.files().auxv().toOptional().flatMap(Pflags::dataModel),
        TaskFlags.names(process.stat().flags()),
        SignalNames.of(process.read(process.files().status()).shdPnd()),
        tids.stream().flatMap(tid -> lwp(process.process().thread(tid)).stream()).toList());
  }

  private static Optional<String> dataModel(Auxv auxv) {
    OptionalLong size = auxv.get(Auxv.Type.PHENT);
    if (size.equals(OptionalLong.of(SIZE_IN_ELF_64))) {
      return Optional.of("_LP64");
    }
    return size.equals(OptionalLong.of(SIZE_IN_ELF_32)) ? Optional.of("_ILP32") : Optional.empty();
  }

  /** Empty if it has ended. */
  private static Optional<Lwp> lwp(ThreadFiles thread) {
    if (!(thread.stat() instanceof ProcResult.Present<Stat>(var stat))
        || !(thread.status() instanceof ProcResult.Present<Status>(var status))) {
      return Optional.empty();
    }
    return Optional.of(
        new Lwp(
            thread.tid(),
            stat.comm().toString(),
            String.valueOf(stat.stateCode()),
            thread.syscall() instanceof ProcResult.Present<Syscall>(Syscall.Blocked blocked)
                ? Optional.of(ThreadReport.nameOf(blocked.nr()))
                : Optional.empty(),
            TaskFlags.names(stat.flags()),
            SignalNames.of(status.sigBlk()),
            SignalNames.of(status.sigPnd())));
  }

  @Override
  List<String> lines(Report report, int width) {
    List<String> lines = new ArrayList<>();
    lines.add(heading(report.pid(), report.command(), width));
    List<String> first = new ArrayList<>();
    report.dataModel().ifPresent(model -> first.add("data model = " + model));
    first.add(flags(report.flags()));
    lines.addAll(Paragraph.lines("  ", first, "  ", width));
    addSignals(lines, "sigpend", report.sigpend(), width);
    for (Lwp lwp : report.lwps()) {
      List<String> words = new ArrayList<>();
      words.add(lwp.state() + " (" + describe(lwp.state()) + ")");
      lwp.syscall().ifPresent(words::add);
      words.add(flags(lwp.flags()));
      lines.addAll(Paragraph.lines(" /" + lwp.tid() + ":  ", words, "  ", width));
      addSignals(lines, "sigmask", lwp.sigmask(), width);
      addSignals(lines, "sigpend", lwp.sigpend(), width);
    }
    return lines;
  }

  private static String flags(List<String> flags) {
    return "flags = " + (flags.isEmpty() ? "0" : String.join("|", flags));
  }

  private static String describe(String state) {
    return TaskState.of(state.charAt(0)).name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  private static void addSignals(List<String> lines, String name, List<String> signals, int width) {
    if (signals.size() == SignalNames.MAX) {
      lines.add("    " + name + " = all");
    } else if (!signals.isEmpty()) {
      lines.addAll(Paragraph.lines("    " + name + " = ", signals, ",", width));
    }
  }
}
