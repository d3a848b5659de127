package org.libproc4j.freezer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import org.libproc4j.internal.linux.Libc;
import org.libproc4j.procfs.ProcessId;

/**
 * Knows what would stay frozen if we died, before it is frozen: the guardian, who thaws it then,
 * and the journal, for the case that the guardian dies too. One for all holds of a freeze.
 */
final class Safeguard implements AutoCloseable {
  private final Journal journal;
  private final Guardian guardian;

  private Safeguard(Journal journal, Guardian guardian) {
    this.journal = journal;
    this.guardian = guardian;
  }

  /** Refuses where there cannot be both. */
  static Safeguard begin(Libc libc, Path directory, ProcessId self) throws Setback {
    Journal journal = Journal.begin(libc, directory, self);
    try {
      return new Safeguard(journal, Guardian.start(libc));
    } catch (Setback e) {
      close(journal);
      throw e;
    }
  }

  /** The process that thaws when we cannot. */
  int guardian() {
    return guardian.pid();
  }

  /** Learns of processes, in the order in which they will be stopped. */
  void learnProcesses(List<ProcessId> processes) throws Setback {
    journal.addProcesses(processes);
    guardian.learnProcesses(processes.stream().map(ProcessId::pid).toList());
  }

  /** Learns of control groups, in the order in which they will be frozen. */
  void learnGroups(List<FreezeRoot> groups) throws Setback {
    journal.addGroups(groups.stream().map(FreezeRoot::id).toList());
    guardian.learnGroups(groups.stream().map(FreezeRoot::file).toList());
  }

  /** Everything runs. */
  @Override
  public void close() {
    guardian.close();
    close(journal);
  }

  /** We could not set everything running: the guardian does. */
  void thaw() {
    guardian.thaw();
    close(journal);
  }

  private static void close(Journal journal) {
    try {
      journal.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
