package org.libproc4j.examples;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.libproc4j.Errno;
import org.libproc4j.GrabException;
import org.libproc4j.GrabOption;
import org.libproc4j.LwpHandle;
import org.libproc4j.ProcessHandle;
import org.libproc4j.ProcessState;
import org.libproc4j.ReleaseOption;
import org.libproc4j.procfs.ProcFs;
import org.libproc4j.procfs.ProcResult;
import org.libproc4j.procfs.Stat;
import org.libproc4j.procfs.TaskState;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Stops processes, or holds threads. */
@Command(
    name = "pstop",
    description = {
      "Stops processes. They stay stopped when this ends, until prun or a SIGCONT.",
      "Of PID/LWPS just those threads are held, in the foreground, until this is interrupted."
    })
final class Pstop extends Tool {
  private static final Duration LIMIT = Duration.ofSeconds(10);

  @Spec CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--for",
      paramLabel = "TIME",
      converter = TimeConverter.class,
      description = "How long to hold threads: 200ms, 5s, 1m.")
  @Nullable Duration time;

  @Parameters(arity = "1..*", paramLabel = "PID[/LWPS]", description = "What to stop.")
  List<String> operands = List.of();

  private final Map<String, ProcessHandle> held = new LinkedHashMap<>();

  Pstop() {
    super("pstop", "control");
  }

  @Override
  public Integer call() throws InterruptedException {
    if (time != null && operands.stream().noneMatch(o -> o.matches("(/proc/)?[^/]*/.*"))) {
      throw new ParameterException(
          spec.commandLine(), "--for is for threads (PID/LWPS): processes stay stopped");
    }
    Runtime.getRuntime().addShutdownHook(new Thread(this::letGo));
    try {
      forEach(operands, this::stop);
      printOutcomes();
      if (!held.isEmpty()) {
        awaitEndOfHold();
      }
    } finally {
      letGo();
    }
    return status();
  }

  private String stop(Operand operand) throws GrabException, OperandException {
    int pid = operand.pid();
    if (pid == 1) {
      throw new OperandException("it is init: the kernel keeps it running, and all depends on it");
    }
    return operand.lwps().isPresent() ? hold(pid, operand.lwps().get()) : stop(pid);
  }

  // ---- processes

  private static String stop(int pid) throws GrabException, OperandException {
    try (ProcessHandle process = ProcessHandle.grab(pid)) {
      process.release(ReleaseOption.HANG);
    }
    List<Integer> others =
        tids(pid).stream().filter(tid -> stateOf(pid, tid) != TaskState.STOPPED).toList();
    if (!others.isEmpty()) {
      throw new OperandException(
          others.stream()
              .map(tid -> "thread " + tid + " is in state " + stateOf(pid, tid).code())
              .collect(Collectors.joining(", ", "", ", and will stop when it leaves that")));
    }
    return "stopped";
  }

  /** The threads that can stop. */
  private static List<Integer> tids(int pid) throws OperandException {
    List<Integer> live =
        ProcFs.of().process(pid).tasks().orElse(List.of()).stream()
            .filter(tid -> stateOf(pid, tid) != TaskState.DEAD)
            .filter(tid -> stateOf(pid, tid) != TaskState.ZOMBIE)
            .toList();
    if (live.isEmpty()) {
      throw new OperandException("it has ended");
    }
    return live;
  }

  private static TaskState stateOf(int pid, int tid) {
    return ProcFs.of().thread(pid, tid).stat() instanceof ProcResult.Present<Stat>(var stat)
        ? stat.state()
        : TaskState.DEAD;
  }

  // ---- threads

  private String hold(int pid, LwpSet lwps) throws GrabException, OperandException {
    if (held.values().stream().anyMatch(p -> p.pid() == pid)) {
      throw new OperandException("name the threads of one process together, as in 4711/4713,4714");
    }
    ProcessHandle process = ProcessHandle.grab(pid, GrabOption.NOSTOP);
    try {
      List<Integer> tids = lwps.select(pid, process.lwpIds());
      for (int tid : tids) {
        stop(process.lwp(tid));
      }
      synchronized (held) {
        held.put(pid + "/" + join(tids), process);
      }
      String what =
          "holding thread" + (tids.size() == 1 ? " " : "s ") + join(tids) + " " + untilWhen();
      if (!json) {
        print(pid + ": " + what);
      }
      return what;
    } catch (GrabException | OperandException | RuntimeException e) {
      process.close();
      throw e;
    }
  }

  private static void stop(LwpHandle lwp) throws OperandException {
    Errno result = lwp.stop(LIMIT);
    if (result != Errno.OK || lwp.state() != ProcessState.STOP) {
      throw new OperandException(
          "thread %d %s"
              .formatted(
                  lwp.id(),
                  result == Errno.ENOENT
                      ? "has ended"
                      : "did not stop within %d s: it is in state %c"
                          .formatted(
                              LIMIT.toSeconds(), stateOf(lwp.process().pid(), lwp.id()).code())));
    }
  }

  private static String join(List<Integer> tids) {
    return tids.stream().map(String::valueOf).collect(Collectors.joining(","));
  }

  private String untilWhen() {
    return time == null
        ? "until interrupted"
        : "for " + time.toString().substring(2).toLowerCase(java.util.Locale.ROOT);
  }

  /** Returns when the time is over, or there is nothing left to hold. */
  private void awaitEndOfHold() throws InterruptedException {
    Endings<String> endings = new Endings<>(Map.copyOf(held));
    Deadline deadline = Deadline.after(time);
    for (int left = held.size(); left > 0; left--) {
      Optional<String> ended = endings.next(deadline);
      if (ended.isEmpty()) {
        return;
      }
      cannot(ended.get(), "it has ended");
    }
  }

  private void letGo() {
    List<ProcessHandle> handles;
    synchronized (held) {
      handles = new ArrayList<>(held.values());
    }
    handles.forEach(ProcessHandle::close);
  }
}
