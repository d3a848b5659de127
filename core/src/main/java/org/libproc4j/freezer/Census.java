package org.libproc4j.freezer;

import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;
import org.libproc4j.procfs.ProcFs;
import org.libproc4j.procfs.ProcResult;
import org.libproc4j.procfs.Snapshot;
import org.libproc4j.procfs.StatField;
import org.libproc4j.procfs.internal.ProcDir;

/** Looks at all processes, again and again. */
final class Census {
  private final ProcFs proc;
  private final ProcDir directory;
  private final int self;
  private int[] pids = new int[1024];
  private int count;

  /** The id that was given out last when the latest pass began. */
  private OptionalInt before = OptionalInt.empty();

  /** Of this {@code /proc}. */
  Census(ProcFs proc, ProcDir directory, int self) {
    this.proc = proc;
    this.directory = directory;
    this.self = self;
  }

  /**
   * A process that lives during all of a listing is listed, because the kernel goes by ascending
   * ids. So is one of a chain, each of which starts the next and ends, because ids ascend there
   * too: unless they begin anew.
   *
   * @param states whether the pass is to read the state of each process
   */
  Pass next(boolean states) throws Setback {
    before = lastPid();
    int[] listed = numbers();
    Snapshot snapshot =
        states
            ? proc.snapshot(
                StatField.STATE, StatField.PPID, StatField.NUM_THREADS, StatField.START_TIME)
            : null;
    Set<Integer> children = snapshot == null ? children() : children(snapshot);
    OptionalInt after = lastPid();
    boolean complete = before.isEmpty() || after.isEmpty() || before.getAsInt() <= after.getAsInt();
    return new Pass(
        snapshot == null ? listed : parentsFirst(snapshot, listed),
        snapshot,
        children,
        complete,
        false);
  }

  /** Whether a process may have been born since the latest pass began. */
  boolean mayHaveMissedBirths() {
    return before.isEmpty() || !before.equals(lastPid());
  }

  /** The numbers of all processes alone, as fast as can be. */
  Pass list() throws Setback {
    return new Pass(numbers(), null, children(), true, true);
  }

  private int[] numbers() throws Setback {
    count = 0;
    int r =
        directory.processes(
            pid -> {
              if (count == pids.length) {
                pids = Arrays.copyOf(pids, 2 * count);
              }
              pids[count++] = pid;
            });
    if (r < 0) {
      throw new Setback(proc.root() + " cannot be listed: errno " + -r);
    }
    return Arrays.copyOf(pids, count);
  }

  /** What has been listed but has vanished before its state was read comes last. */
  private static int[] parentsFirst(Snapshot snapshot, int[] listed) {
    int[] depths = new int[snapshot.size()];
    IntStream living =
        IntStream.range(0, depths.length)
            .boxed()
            .sorted(Comparator.comparingInt(row -> depth(snapshot, row, depths)))
            .mapToInt(snapshot::pid);
    IntStream vanished = Arrays.stream(listed).filter(pid -> snapshot.row(pid) < 0);
    return IntStream.concat(living, vanished).toArray();
  }

  /** How many ancestors a process has, itself among them. */
  private static int depth(Snapshot snapshot, int row, int[] known) {
    if (known[row] == 0) {
      known[row] = 1; // a circle, of processes that came while the table was read, ends here
      int parent = snapshot.row(snapshot.ppid(row));
      known[row] = parent < 0 ? 1 : 1 + depth(snapshot, parent, known);
    }
    return known[row];
  }

  /** The id that was given out last; empty where this procfs does not say. */
  private OptionalInt lastPid() {
    try {
      return OptionalInt.of(proc.loadAvg().lastPid());
    } catch (UncheckedIOException e) {
      return OptionalInt.empty(); // mounted with subset=pid
    }
  }

  private Set<Integer> children() {
    try {
      return proc.process(self).children() instanceof ProcResult.Present<List<Integer>>(var found)
          ? Set.copyOf(found)
          : Set.of();
    } catch (UncheckedIOException e) {
      return children(proc.snapshot(StatField.PPID)); // a kernel without CONFIG_PROC_CHILDREN
    }
  }

  private Set<Integer> children(Snapshot snapshot) {
    Set<Integer> children = new HashSet<>();
    for (int row = 0; row < snapshot.size(); row++) {
      if (snapshot.ppid(row) == self) {
        children.add(snapshot.pid(row));
      }
    }
    return children;
  }
}
