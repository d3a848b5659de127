package org.libproc4j.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.libproc4j.procfs.ProcFs;
import org.libproc4j.procfs.Stat;
import org.libproc4j.procfs.Status;
import org.libproc4j.procfs.TaskState;

/**
 * A process for tools to work on. It is a child of this JVM, which does no harm here: the tools run
 * in a JVM of their own. Closing it kills it.
 */
final class LiveTarget implements AutoCloseable {
  private final Process process;

  private LiveTarget(ProcessBuilder builder) {
    try {
      process = builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** One of the programs in core/src/test/c, once it is ready. */
  static LiveTarget start(String program, String... args) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("libproc4j.targets"), program).toString());
    command.addAll(List.of(args));
    LiveTarget target = new LiveTarget(new ProcessBuilder(command));
    target.awaitLine("ready");
    return target;
  }

  /** Any program, running or about to. */
  static LiveTarget startProgram(String... command) {
    return new LiveTarget(new ProcessBuilder(command));
  }

  /**
   * A process that does not reap its child, which has exited: see {@link #awaitZombie}. A shell
   * would reap it now and then, so the child does not exit before that has become another program.
   *
   * @param prefix a command to run it by
   */
  static LiveTarget startParentOfZombie(int status, List<String> prefix) {
    String child =
        "until read -r name </proc/$PPID/comm && [ \"$name\" = sleep ]; do :; done; exit ";
    List<String> command = new ArrayList<>(prefix);
    command.addAll(List.of("sh", "-c", "sh -c '" + child + status + "' & exec sleep 1000"));
    return new LiveTarget(new ProcessBuilder(command));
  }

  private void awaitLine(String line) {
    try {
      BufferedReader in =
          new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
      String said = in.readLine();
      if (!line.equals(said)) {
        close();
        throw new AssertionError("the target said " + said);
      }
    } catch (IOException e) {
      close();
      throw new UncheckedIOException(e);
    }
  }

  int pid() {
    return Math.toIntExact(process.pid());
  }

  /** Says a line on its standard input. */
  void tell(String line) {
    try {
      process.getOutputStream().write((line + '\n').getBytes(UTF_8));
      process.getOutputStream().flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  ProcessHandle handle() {
    return process.toHandle();
  }

  String operand() {
    return String.valueOf(process.pid());
  }

  List<Integer> tids() {
    return ProcFs.of().process(pid()).tasks().orElseThrow().stream().sorted().toList();
  }

  /** The state of each thread. */
  Map<Integer, TaskState> states() {
    Map<Integer, TaskState> states = new TreeMap<>();
    for (int tid : tids()) {
      states.put(tid, ProcFs.of().thread(pid(), tid).stat().map(Stat::state).orElseThrow());
    }
    return states;
  }

  boolean allIn(TaskState state) {
    return states().values().stream().allMatch(s -> s == state);
  }

  boolean isUntraced() {
    return tids().stream()
        .allMatch(
            tid ->
                ProcFs.of().thread(pid(), tid).status().map(Status::tracerPid).orElseThrow() == 0);
  }

  /** How often a thread that sleeps now and then has gone to sleep: it rises while that runs. */
  long sleeps(int tid) {
    return Long.parseLong(
        ProcFs.of()
            .thread(pid(), tid)
            .status()
            .orElseThrow()
            .raw()
            .getOrDefault("voluntary_ctxt_switches", "0"));
  }

  /** Waits until each of its threads has run. */
  void awaitAllRun() {
    for (int tid : tids()) {
      awaitRuns(tid);
    }
  }

  void awaitRuns(int tid) {
    long before = sleeps(tid);
    ToolRun.await("thread " + tid + " to run", () -> sleeps(tid) > before + 1);
  }

  /** Waits until its child has ended. */
  int awaitZombie() {
    List<Integer> zombies = new ArrayList<>();
    ToolRun.await(
        "its zombie",
        () ->
            ProcFs.of().process(pid()).children().orElse(List.of()).stream()
                .filter(
                    pid ->
                        ProcFs.of()
                            .process(pid)
                            .status()
                            .map(Status::state)
                            .map(TaskState.ZOMBIE::equals)
                            .orElse(false))
                .anyMatch(zombies::add));
    return zombies.getFirst();
  }

  /** Ends it, and waits until it is reaped. */
  void kill() {
    process.destroyForcibly();
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    kill();
  }
}
