package org.libproc4j.procfs;

import java.nio.file.Path;
import java.util.Optional;

/**
 * The files that a process's and a thread's directory have in common. Each call reads anew.
 *
 * <p>A read that fails for another reason than {@link ProcResult} names throws {@link
 * java.io.UncheckedIOException}; a file whose text is not what the man page says throws {@link
 * MalformedProcException}. Both name the path. An interrupt does not disturb a read.
 */
public abstract sealed class TaskFiles permits ProcessFiles, ThreadFiles {
  private final Path directory;

  TaskFiles(Path directory) {
    this.directory = directory;
  }

  /**
   * The directory that is read.
   *
   * @return {@code /proc/PID} or {@code /proc/PID/task/TID}
   */
  public final Path directory() {
    return directory;
  }

  /**
   * Reads {@code stat}: proc_pid_stat(5).
   *
   * @return the record
   */
  public final ProcResult<Stat> stat() {
    return read("stat", Stat::parse);
  }

  /**
   * Reads {@code status}: proc_pid_status(5).
   *
   * @return the record
   */
  public final ProcResult<Status> status() {
    return read("status", Status::parse);
  }

  /**
   * Reads {@code comm}: proc_pid_comm(5).
   *
   * @return the name
   */
  public final ProcResult<Comm> comm() {
    return read("comm", Comm::parse);
  }

  /**
   * Reads {@code wchan}: proc_pid_wchan(5).
   *
   * @return the kernel function that the task sleeps in; empty if it does not sleep, and also if
   *     the caller may not know: the kernel writes {@code 0} for both
   */
  public final ProcResult<Optional<String>> wchan() {
    return read("wchan", Wchan::parse);
  }

  /**
   * Reads {@code syscall}: proc_pid_syscall(5). It takes the right to trace the task.
   *
   * @return the system call that the task is blocked in, if any
   */
  public final ProcResult<Syscall> syscall() {
    return read("syscall", Syscall::parse);
  }

  /**
   * When the task started, which together with its id names it for as long as the machine is up.
   *
   * @return clock ticks (100 a second) since boot
   */
  public final ProcResult<Long> startTime() {
    return stat().map(Stat::startTime);
  }

  final <T> ProcResult<T> read(String name, ProcParser<T> parser) {
    return ProcReader.read(directory, directory.resolve(name), parser);
  }
}
