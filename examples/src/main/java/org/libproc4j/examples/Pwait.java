package org.libproc4j.examples;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.libproc4j.GrabError;
import org.libproc4j.GrabException;
import org.libproc4j.GrabOption;
import org.libproc4j.ProcessHandle;
import org.libproc4j.procfs.ProcFs;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Waits for processes to end; they need not be its children, and it takes no control of them. */
@Command(
    name = "pwait",
    description = {
      "Waits for processes to end.",
      "Exit status: 0 they have, 1 some could not be examined, 124 the time is over."
    })
final class Pwait extends Tool {
  @Option(
      names = {"-v", "--verbose"},
      description = "Print each ending, and its exit status where that can be known.")
  boolean verbose;

  @Option(
      names = {"-o", "--any"},
      description = "Wait for any one of them, not for all.")
  boolean any;

  @Option(
      names = {"-t", "--timeout"},
      paramLabel = "TIME",
      converter = TimeConverter.class,
      description = "Wait no longer than that: 200ms, 5s, 1m.")
  @Nullable Duration timeout;

  @Parameters(arity = "1..*", paramLabel = "PID", description = "What to wait for.")
  List<String> operands = List.of();

  /** A process that is waited for; its start time tells it from a later one with its pid. */
  private record Awaited(String operand, int pid, long startTime) {}

  private final Map<Awaited, ProcessHandle> awaited = new LinkedHashMap<>();
  private int ended;

  Pwait() {
    super("pwait", "examine");
  }

  @Override
  public Integer call() throws InterruptedException {
    Deadline deadline = Deadline.after(timeout);
    for (String operand : operands) {
      attempt(operand, () -> watch(operand));
    }
    int status = await(deadline) ? status() : TIMED_OUT;
    printOutcomes();
    return status;
  }

  private String watch(String text) throws GrabException, OperandException {
    int pid = Operand.of(text).wholeProcess();
    long startTime = ProcFs.of().process(pid).startTime().orElse(-1L);
    Awaited process = new Awaited(text, pid, startTime);
    try {
      awaited.put(process, ProcessHandle.grab(pid, GrabOption.RDONLY));
    } catch (GrabException e) {
      if (e.error() != GrabError.G_ZOMB) {
        throw e;
      }
      tell(process); // a zombie has ended
    }
    return "";
  }

  /** Whether what was asked for has come to pass in time. */
  private boolean await(Deadline deadline) throws InterruptedException {
    Endings<Awaited> endings = new Endings<>(awaited);
    int enough = any ? Math.min(1, ended + awaited.size()) : ended + awaited.size();
    while (ended < enough) {
      Optional<Awaited> next = endings.next(deadline);
      if (next.isEmpty()) {
        return false;
      }
      tell(next.get());
    }
    return true;
  }

  private void tell(Awaited process) {
    ended++;
    String ending = Ending.of(process.pid(), process.startTime()).toString();
    done(process.operand(), ending);
    if (verbose && !json) {
      print(process.pid() + ": " + ending);
    }
  }
}
