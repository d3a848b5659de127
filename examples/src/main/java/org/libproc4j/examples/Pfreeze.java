package org.libproc4j.examples;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.libproc4j.freezer.Backend;
import org.libproc4j.freezer.Candidate;
import org.libproc4j.freezer.FreezeException;
import org.libproc4j.freezer.FreezePlan;
import org.libproc4j.freezer.FreezeReport;
import org.libproc4j.freezer.Freezer;
import org.libproc4j.freezer.Frozen;
import org.libproc4j.freezer.Recovery;
import org.libproc4j.freezer.Skipped;
import org.libproc4j.freezer.ThawCause;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Freezes the machine while a command runs. */
@Command(
    name = "pfreeze",
    description = {
      "Freezes the machine but for its own ancestors, runs COMMAND, and thaws.",
      "Without COMMAND it holds until the deadline, or until it is interrupted.",
      "What COMMAND prints is shown after the thaw. Its exit status is that of this."
    })
final class Pfreeze extends Tool {
  private static final int NOT_FOUND = 127;

  @Spec CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--backend",
      paramLabel = "B",
      description = "By which means: ${COMPLETION-CANDIDATES}; AUTO unless said otherwise.")
  Backend backend = Backend.AUTO;

  @Option(
      names = "--deadline",
      paramLabel = "TIME",
      converter = TimeConverter.class,
      description = "When to thaw whatever happens: 500ms, 10s, 1m; 10s unless said otherwise.")
  Duration deadline = Duration.ofSeconds(10);

  @Option(
      names = "--exclude",
      paramLabel = "PID|NAME",
      description = "Whom to leave alone; may be given more than once.")
  List<String> excluded = List.of();

  @Option(
      names = "--all",
      description = "Freeze our own ancestors too: the shell and the terminal that we run in.")
  boolean all;

  @Option(names = "--partial-ok", description = "Go on without what cannot be frozen.")
  boolean partialOk;

  @Option(names = "--list", description = "Say who would be frozen, and who not; freeze nobody.")
  boolean list;

  @Option(
      names = "--recover",
      description = "Thaw what a killed freezer has left stopped or frozen.")
  boolean recover;

  @Option(
      names = "--sandbox",
      description = "Make a PID namespace with busy processes, and show them stand still.")
  boolean sandbox;

  /** Of the namespace that {@code --sandbox} was called in. */
  @Option(names = "--inside", hidden = true, description = "What --sandbox runs in its namespace.")
  @Nullable String outside;

  @Parameters(paramLabel = "COMMAND", description = "What to run meanwhile, with its arguments.")
  List<String> command = List.of();

  Pfreeze() {
    super("pfreeze", "freeze");
  }

  /** What {@code --json} says of a freeze. */
  record Summary(
      Backend backend,
      int processes,
      int threads,
      int mended,
      int noticed,
      int passes,
      long freezeMicros,
      long thawMicros,
      String scheduling,
      Optional<ThawCause> thawed,
      List<String> failed) {
    static Summary of(FreezeReport report) {
      return new Summary(
          report.backend(),
          report.processes(),
          report.threads(),
          report.mended(),
          report.noticed(),
          report.passes(),
          report.freezeTime().toNanos() / 1000,
          report.thawTime().toNanos() / 1000,
          report.scheduling(),
          report.thawed(),
          report.failed().stream().map(String::valueOf).toList());
    }

    @Override
    public String toString() {
      return "%d processes, %d threads, %d passes: frozen in %.1f ms, thawed in %.1f ms, by %s (%s)"
          .formatted(
              processes,
              threads,
              passes,
              freezeMicros / 1e3,
              thawMicros / 1e3,
              backend,
              scheduling);
    }
  }

  @Override
  public Integer call() throws InterruptedException {
    if ((list ? 1 : 0) + (recover ? 1 : 0) + (sandbox ? 1 : 0) > 1
        || ((list || recover || sandbox) && !command.isEmpty())) {
      throw new ParameterException(
          spec.commandLine(), "--list, --recover, --sandbox and COMMAND exclude each other");
    }
    try {
      if (outside != null) {
        return Sandbox.show(freezer(), outside);
      }
      if (sandbox) {
        return Sandbox.enter(backend);
      }
      if (recover) {
        return recoverAll();
      }
      return list ? show(freezer().plan()) : freeze();
    } catch (IOException | UncheckedIOException e) {
      System.err.println("pfreeze: " + e.getMessage());
      return FAILED;
    }
  }

  private Freezer freezer() {
    Freezer freezer = Freezer.machine().backend(backend).deadline(deadline).partialOk(partialOk);
    if (!all) {
      freezer = freezer.excludeAncestors();
    }
    for (String who : excluded) {
      freezer =
          who.matches("\\d{1,9}")
              ? freezer.exclude(Integer.parseInt(who))
              : freezer.exclude(candidate -> candidate.comm().toString().equals(who));
    }
    return freezer;
  }

  // ---- the freeze

  private int freeze() throws IOException, InterruptedException {
    Meanwhile meanwhile = null;
    if (!command.isEmpty()) {
      if (!Meanwhile.isFound(command.getFirst())) {
        System.err.println("pfreeze: cannot run " + command.getFirst() + ": not found");
        return NOT_FOUND;
      }
      meanwhile = Meanwhile.rehearsed(command);
    }
    int status = DONE;
    FreezeReport report;
    try (Frozen frozen = begin()) {
      if (meanwhile == null) {
        report = frozen.awaitThaw();
      } else {
        status = meanwhile.run();
        report = frozen.thaw();
      }
    } catch (FreezeException e) {
      System.err.println("pfreeze: cannot freeze: " + e.getMessage());
      return FAILED;
    }
    if (meanwhile != null) {
      meanwhile.show();
    }
    say(report);
    if (meanwhile != null && report.thawed().stream().anyMatch(c -> c == ThawCause.DEADLINE)) {
      System.err.println("pfreeze: the deadline came before the command had ended");
      return TIMED_OUT;
    }
    return status;
  }

  private Frozen begin() throws FreezeException {
    try (Progress _ = new Progress(all)) {
      return freezer().freeze();
    }
  }

  private void say(FreezeReport report) {
    report.failed().forEach(h -> System.err.println("pfreeze: not frozen: " + h));
    Summary summary = Summary.of(report);
    if (json) {
      print(Json.of(summary));
    } else {
      System.err.println("pfreeze: " + summary);
    }
  }

  // ---- without a freeze

  /** What {@code --list} says of a process. */
  record Row(int pid, String name, String what) {}

  private int show(FreezePlan plan) {
    List<Row> rows = new ArrayList<>();
    for (Candidate candidate : plan.processes()) {
      rows.add(new Row(candidate.pid(), candidate.comm().toString(), "freeze"));
    }
    for (Skipped refused : plan.refused()) {
      rows.add(new Row(refused.pid(), refused.comm().toString(), "cannot: " + refused.reason()));
    }
    for (Skipped skipped : plan.skipped()) {
      rows.add(new Row(skipped.pid(), skipped.comm().toString(), "skip: " + skipped.reason()));
    }
    if (json) {
      print(Json.of(rows));
    } else {
      for (Row row : rows) {
        print("%7d  %-16s  %s".formatted(row.pid(), row.name(), row.what()));
      }
      print(
          "%d to freeze by %s, %d that cannot be, %d to skip"
              .formatted(
                  plan.processes().size(),
                  plan.backend(),
                  plan.refused().size(),
                  plan.skipped().size()));
    }
    return plan.refused().isEmpty() || partialOk ? DONE : FAILED;
  }

  /** What {@code --json} says of a recovery. */
  record Recovered(int thawed, int groups, List<String> failed, List<String> held) {}

  private int recoverAll() throws IOException {
    Recovery done = Freezer.recover();
    List<String> held = done.held().stream().map(String::valueOf).toList();
    if (json) {
      print(
          Json.of(new Recovered(done.thawed().size(), done.groups().size(), done.failed(), held)));
    } else {
      print(
          done.thawed().size()
              + " processes and "
              + done.groups().size()
              + " control groups thawed");
      held.forEach(file -> print("left alone, its freezer lives: " + file));
    }
    done.failed().forEach(failure -> System.err.println("pfreeze: cannot thaw " + failure));
    return done.failed().isEmpty() ? DONE : FAILED;
  }
}
