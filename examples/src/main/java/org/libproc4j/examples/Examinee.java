package org.libproc4j.examples;

import java.util.List;
import java.util.Optional;
import org.libproc4j.procfs.Cmdline;
import org.libproc4j.procfs.ProcFs;
import org.libproc4j.procfs.ProcResult;
import org.libproc4j.procfs.ProcessFiles;
import org.libproc4j.procfs.Stat;
import org.libproc4j.procfs.Status;
import org.libproc4j.procfs.TaskFiles;
import org.libproc4j.procfs.ThreadFiles;

/** A process that a tool looks at, from its first read to its last the same one. */
final class Examinee {
  private final ProcessFiles process;
  private final Stat stat;
  private final TaskFiles files;

  private Examinee(ProcessFiles process, Stat stat) {
    this.process = process;
    this.stat = stat;
    this.files = filesThatShowItsMemory(process, stat);
  }

  static Examinee of(int pid) throws OperandException {
    ProcessFiles process = ProcFs.of().process(pid);
    ProcResult<Stat> stat = process.stat();
    if (stat.isVanished()) {
      throw new OperandException("there is no process " + pid);
    }
    return new Examinee(process, read(process, stat));
  }

  /** A process whose {@code stat} has been read already. */
  static Examinee of(Stat stat) {
    return new Examinee(ProcFs.of().process(stat.pid()), stat);
  }

  /** A leader that ended before the other threads has nothing to show; they have. */
  private static TaskFiles filesThatShowItsMemory(ProcessFiles process, Stat stat) {
    if (stat.isZombie() && stat.numThreads() > 1) {
      for (int tid : process.tasks().orElse(List.of())) {
        ThreadFiles thread = process.thread(tid);
        if (!thread.stat().map(Stat::isZombie).orElse(true)) {
          return thread;
        }
      }
    }
    return process;
  }

  int pid() {
    return process.pid();
  }

  /** What its process's directory says, so of its leader. */
  Stat stat() {
    return stat;
  }

  ProcessFiles process() {
    return process;
  }

  /** Where its memory and its files are to be seen. */
  TaskFiles files() {
    return files;
  }

  /** The value that a read ended with. */
  <T> T read(ProcResult<T> result) throws OperandException {
    return read(process, result);
  }

  private static <T> T read(ProcessFiles process, ProcResult<T> result) throws OperandException {
    return switch (result) {
      case ProcResult.Present<T>(T value) -> value;
      case ProcResult.Vanished<T> _ -> throw new OperandException("it has ended");
      case ProcResult.Denied<T>(var path, var reason) ->
          throw new OperandException(reason + ": " + path + ": " + advice(process));
    };
  }

  private static String advice(ProcessFiles process) {
    Optional<Long> its = process.status().map(Status::uid).toOptional().map(Status.Ids::effective);
    Optional<Long> ours =
        ProcFs.of()
            .process((int) ProcessHandle.current().pid())
            .status()
            .toOptional()
            .map(status -> status.uid().effective());
    return its.isPresent() && ours.isPresent() && !its.equals(ours)
        ? "it runs as user %d, we as %d: run as that user or as root, or with CAP_SYS_PTRACE"
            .formatted(its.get(), ours.get())
        : "it may have privileges that we lack, or be undumpable: run as root or with"
            + " CAP_SYS_PTRACE";
  }

  /** Whether this start time is its own, and not that of a later process that has its id. */
  boolean hasStartTime(long startTime) {
    return stat.startTime() == startTime;
  }

  /** Sees to it that all that has been read was of this process. */
  void requireSame() throws OperandException {
    if (!hasStartTime(read(process.stat()).startTime())) {
      throw new OperandException("it has ended");
    }
  }

  /** Its command line as ps(1) shows it: the name in brackets where there is none. */
  String command() {
    String command = files.cmdline().map(Cmdline::toString).orElse("");
    if (!command.isBlank()) {
      return command;
    }
    return "[" + stat.comm() + "]" + (stat.isZombie() ? " <defunct>" : "");
  }
}
