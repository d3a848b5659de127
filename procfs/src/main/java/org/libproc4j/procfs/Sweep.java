package org.libproc4j.procfs;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** One pass over {@code stat} of all processes, through one buffer, into columns. */
final class Sweep {
  /** The kernel's 52 numbers, of 20 digits at most, and its longest name. */
  private static final int LARGEST_STAT = 2048;

  private static final int USUAL_NAME = 16;
  private static final int FIELDS = 64;
  private static final long[] UNWANTED = {};

  private final Path root;
  private final Set<StatField> fields = EnumSet.noneOf(StatField.class);
  private final boolean named;

  /** By the field's number in proc_pid_stat(5). */
  private final long[][] columns = new long[FIELDS][];

  private final byte[] buffer = new byte[LARGEST_STAT];
  private final List<Integer> denied = new ArrayList<>();
  private byte[] names = {};
  private int namesLength;
  private int lastField;

  Sweep(Path root, StatField... wanted) {
    this.root = root;
    fields.addAll(Arrays.asList(wanted));
    named = fields.contains(StatField.COMM);
    Arrays.fill(columns, UNWANTED);
  }

  Snapshot run(StatSource source) {
    int[] pids = source.pids();
    Arrays.sort(pids);
    for (StatField field : fields) {
      columns[field.number()] = new long[pids.length];
      lastField = Math.max(lastField, field.number());
    }
    names = new byte[named ? USUAL_NAME * pids.length : 0];
    int[] nameEnds = new int[named ? pids.length : 0];
    int rows = 0;
    for (int pid : pids) {
      int length = source.read(pid, buffer);
      if (length >= 0) {
        parse(pid, length, rows);
        pids[rows] = pid;
        if (named) {
          nameEnds[rows] = namesLength;
        }
        rows++;
      } else if (length == StatSource.DENIED) {
        denied.add(pid);
      }
    }
    return new Snapshot(
        fields,
        rows == pids.length ? pids : Arrays.copyOf(pids, rows),
        columns,
        Arrays.copyOf(names, namesLength),
        nameEnds,
        List.copyOf(denied));
  }

  private void parse(int pid, int length, int row) {
    try {
      parse(new Scanner(root, buffer, length), row);
    } catch (MalformedProcException e) {
      throw e.in(root.resolve(pid + "/stat"));
    }
  }

  private void parse(Scanner in, int row) {
    in.requireLastNewline();
    in.int32();
    in.expect(" (");
    int end = in.lastIndexOf(')');
    if (named) {
      keepName(in, end);
    }
    in.skipTo(end);
    in.expect(") ");
    store(StatField.STATE.number(), row, in.letter());
    for (int field = StatField.PPID.number(); field <= lastField; field++) {
      in.expect(" ");
      store(field, row, in.int64());
    }
  }

  private void keepName(Scanner in, int end) {
    int length = in.distanceTo(end);
    if (namesLength + length > names.length) {
      names = Arrays.copyOf(names, 2 * names.length + length);
    }
    in.copyUntil(end, names, namesLength);
    namesLength += length;
  }

  private void store(int field, int row, long value) {
    if (row < columns[field].length) {
      columns[field][row] = value;
    }
  }
}
