package org.libproc4j.freezer;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import org.libproc4j.procfs.ProcFs;
import org.libproc4j.procfs.Status;

/** Tells our own PID namespace's {@code /proc} from another's. */
final class ProcRoot {
  private ProcRoot() {}

  /** Refuses one whose numbers mean other processes to us. */
  static void requireOwn(Path proc) {
    int self = (int) java.lang.ProcessHandle.current().pid();
    OptionalInt shown;
    List<Integer> everywhere;
    try {
      ProcFs procfs = ProcFs.at(proc);
      shown = procfs.self();
      // In an outer namespace's /proc we have an id in each namespace from there to ours.
      everywhere = procfs.process(self).status().map(Status::nsPid).orElse(List.of());
    } catch (UncheckedIOException e) {
      throw new IllegalArgumentException(proc + " is no /proc that shows this JVM", e);
    }
    if (shown.isEmpty()) {
      throw new IllegalArgumentException(proc + " is no /proc that shows this JVM");
    }
    if (shown.getAsInt() != self || !everywhere.equals(List.of(self))) {
      throw new IllegalArgumentException(
          proc + " belongs to another PID namespace: its numbers mean other processes here");
    }
  }
}
