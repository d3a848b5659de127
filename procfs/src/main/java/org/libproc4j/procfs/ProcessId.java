package org.libproc4j.procfs;

import java.util.Optional;

/**
 * Which process: its id, and when it started. A process id alone comes to mean another process once
 * its own is gone. Equal only for the same process, as long as the machine is up and within one PID
 * namespace.
 *
 * @param pid the process id
 * @param startTime when it started, in clock ticks (100 a second) since boot: field 22 of
 *     proc_pid_stat(5)
 */
public record ProcessId(int pid, long startTime) {
  /**
   * The process that a handle of Java's names.
   *
   * @param handle the handle
   * @return its identity; {@link ProcResult.Vanished} also if the id has come to mean another
   *     process
   * @throws java.io.UncheckedIOException if {@code /proc} cannot be read
   */
  public static ProcResult<ProcessId> of(ProcessHandle handle) {
    ProcessFiles files = ProcFs.of().process(Math.toIntExact(handle.pid()));
    return files
        .id()
        .flatMap(
            id ->
                // Java compares the start time too, so that it can only be the process just read.
                handle.isAlive()
                    ? new ProcResult.Present<>(id)
                    : new ProcResult.Vanished<>(files.directory()));
  }

  /**
   * Whether the process has not ended. A zombie has, unless it is a leader that ended before its
   * process's other threads.
   *
   * @return true if it lives
   * @throws java.io.UncheckedIOException if {@code /proc} cannot be read, or denies to
   */
  public boolean isAlive() {
    return isAlive(ProcFs.of());
  }

  /**
   * The same for a process of another {@code /proc}.
   *
   * @param proc where the process is listed
   * @return true if it lives
   * @throws java.io.UncheckedIOException if it cannot be read, or denies to
   */
  public boolean isAlive(ProcFs proc) {
    ProcResult<Stat> stat = proc.process(pid).stat();
    return !stat.isVanished() && isAlive(stat.orElseThrow());
  }

  private boolean isAlive(Stat stat) {
    return stat.startTime() == startTime && !(stat.isZombie() && stat.numThreads() <= 1);
  }

  /**
   * Java's handle of this process.
   *
   * @return the handle; empty if the process has ended
   * @throws java.io.UncheckedIOException if {@code /proc} cannot be read, or denies to
   */
  public Optional<ProcessHandle> toHandle() {
    // Looked at afterwards: if it is still this process, it was when the handle was made.
    return ProcessHandle.of(pid).filter(_ -> isAlive());
  }
}
