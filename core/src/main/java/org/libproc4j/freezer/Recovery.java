package org.libproc4j.freezer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.libproc4j.internal.linux.Libc;
import org.libproc4j.internal.linux.Signal;
import org.libproc4j.procfs.ProcFs;
import org.libproc4j.procfs.ProcResult;
import org.libproc4j.procfs.ProcessId;
import org.libproc4j.procfs.Stat;

/**
 * What was set running that dead freezers had left: {@link Freezer#recover}.
 *
 * @param thawed the processes that were stopped and run again
 * @param groups the directories of the control groups that were frozen and are no longer
 * @param failed those that could not be set running, and why
 * @param held the journals of freezers that live, which were not touched
 */
public record Recovery(
    List<ProcessId> thawed, List<Path> groups, List<String> failed, List<Path> held) {
  /** A recovery. */
  public Recovery {
    thawed = List.copyOf(thawed);
    groups = List.copyOf(groups);
    failed = List.copyOf(failed);
    held = List.copyOf(held);
  }

  static Recovery from(Libc libc, Path directory) throws IOException {
    ProcFs proc = ProcFs.of();
    Journal.Era now = Journal.Era.now();
    List<ProcessId> thawed = new ArrayList<>();
    List<Path> groups = new ArrayList<>();
    List<String> failed = new ArrayList<>();
    List<Path> held = new ArrayList<>();
    for (Path file : Journal.list(directory)) {
      if (!Journal.isBegun(file)) {
        continue; // its freezer, if that lives, has frozen nothing yet
      }
      Journal.Contents journal = Journal.Contents.read(file);
      boolean sameBoot = journal.era().boot().equals(now.boot());
      if (sameBoot
          && (!journal.era().equals(now) || stateOf(proc, journal.owner()) != NO_SUCH_PROCESS)) {
        held.add(file); // or another namespace's, where the numbers mean others
        continue;
      }
      int failures = failed.size();
      for (ProcessId process : sameBoot ? journal.processes().reversed() : List.<ProcessId>of()) {
        if (stateOf(proc, process) == 'T') {
          int r = libc.kill(process.pid(), Signal.SIGCONT);
          if (r == 0) {
            thawed.add(process);
          } else {
            failed.add("process " + process.pid() + ": errno " + -r);
          }
        }
      }
      for (GroupId group : sameBoot ? journal.groups().reversed() : List.<GroupId>of()) {
        thaw(libc, group, groups, failed);
      }
      if (failures == failed.size()) {
        Files.deleteIfExists(file);
      }
    }
    return new Recovery(thawed, groups, failed, held);
  }

  private static void thaw(Libc libc, GroupId group, List<Path> thawed, List<String> failed) {
    Optional<Hierarchy> hierarchy =
        Hierarchy.all(ProcFs.of()).stream()
            .filter(h -> group.directory().startsWith(h.mount()))
            .max(Comparator.comparingInt(h -> h.mount().getNameCount()));
    Optional<FreezeRoot> found =
        hierarchy.flatMap(h -> FreezeRoot.open(libc, group.directory(), h.version()));
    if (found.isEmpty()) {
      if (group.isThere() || hierarchy.isEmpty()) { // else it has been removed
        String why = hierarchy.isPresent() ? "it cannot be opened" : "it is not shown here";
        failed.add("control group " + group.directory() + ": " + why);
      }
      return;
    }
    try (FreezeRoot root = found.get()) {
      if (root.id().equals(group) && root.isAskedFor()) {
        int r = root.thawLeftover();
        if (r == 0) {
          thawed.add(group.directory());
        } else {
          failed.add("control group " + group.directory() + ": errno " + -r);
        }
      }
    }
  }

  private static final char NO_SUCH_PROCESS = 0;

  /** The state's letter: {@code T} if any thread is stopped. */
  private static char stateOf(ProcFs proc, ProcessId process) {
    if (!(proc.process(process.pid()).stat() instanceof ProcResult.Present<Stat>(var stat))
        || stat.startTime() != process.startTime()) {
      return NO_SUCH_PROCESS;
    }
    boolean stopped =
        proc.tasks(process.pid())
            .anyMatch(
                task -> task.stat().toOptional().filter(s -> s.stateCode() == 'T').isPresent());
    return stopped ? 'T' : stat.stateCode();
  }
}
