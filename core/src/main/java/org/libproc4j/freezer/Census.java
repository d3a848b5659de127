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

/** Looks at all processes, again and again. */
final class Census {
  private final ProcFs proc;
  private final Crew crew;
  private final int self;
  private int[] pids = new int[1024];
  private int count;

  /** The id that was given out last when the latest pass began. */
  private OptionalInt before = OptionalInt.empty();

  /** Of this {@code /proc}. */
  Census(ProcFs proc, Crew crew, int self) {
    this.proc = proc;
    this.crew = crew;
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
    States read = states ? States.of(crew, listed) : null;
    Set<Integer> children = read == null ? children(listed) : children(read);
    OptionalInt after = lastPid();
    boolean complete = before.isEmpty() || after.isEmpty() || before.getAsInt() <= after.getAsInt();
    return new Pass(read == null ? listed : parentsFirst(read), read, children, complete, false);
  }

  /** Whether a process may have been born since the latest pass began. */
  boolean mayHaveMissedBirths() {
    return before.isEmpty() || !before.equals(lastPid());
  }

  /** The numbers of all processes alone, as fast as can be. */
  Pass list() throws Setback {
    int[] listed = numbers();
    return new Pass(listed, null, children(listed), true, true);
  }

  private int[] numbers() throws Setback {
    count = 0;
    int r =
        crew.proc()
            .processes(
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
  private static int[] parentsFirst(States states) {
    int[] depths = new int[states.size()];
    return IntStream.range(0, depths.length)
        .boxed()
        .sorted(Comparator.comparingInt(row -> depth(states, row, depths)))
        .mapToInt(states::pid)
        .toArray();
  }

  /** How many ancestors a process has, itself among them. */
  private static int depth(States states, int row, int[] known) {
    if (known[row] == 0) {
      known[row] = 1; // a circle, of processes that came while the table was read, ends here
      int parent = states.row(states.parent(row));
      known[row] =
          !states.isThere(row)
              ? Integer.MAX_VALUE
              : parent < 0 ? 1 : 1 + depth(states, parent, known);
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

  private Set<Integer> children(int[] listed) {
    try {
      return proc.process(self).children() instanceof ProcResult.Present<List<Integer>>(var found)
          ? Set.copyOf(found)
          : Set.of();
    } catch (UncheckedIOException e) {
      return children(States.of(crew, listed)); // a kernel without CONFIG_PROC_CHILDREN
    }
  }

  private Set<Integer> children(States states) {
    Set<Integer> children = new HashSet<>();
    for (int row = 0; row < states.size(); row++) {
      if (states.isThere(row) && states.parent(row) == self) {
        children.add(states.pid(row));
      }
    }
    return children;
  }
}
