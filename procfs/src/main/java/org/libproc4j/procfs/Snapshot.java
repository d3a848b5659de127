package org.libproc4j.procfs;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * Some fields of all processes, read in one sweep: {@link ProcFs#snapshot}. A table of numbers, one
 * row for each process, for who asks often or has many; it never changes.
 *
 * <p>Each row is of one moment, the table is not: processes come and go during the sweep. Those
 * that vanish before they are read are left out.
 */
public final class Snapshot {
  private final Set<StatField> fields;
  private final int[] pids;

  /** By the field's number in proc_pid_stat(5). */
  private final long[][] columns;

  /** All names, one after the other, and where each ends. */
  private final byte[] names;

  private final int[] nameEnds;

  private final List<Integer> denied;

  Snapshot(
      Set<StatField> fields,
      int[] pids,
      long[][] columns,
      byte[] names,
      int[] nameEnds,
      List<Integer> denied) {
    this.fields = fields;
    this.pids = pids;
    this.columns = columns;
    this.names = names;
    this.nameEnds = nameEnds;
    this.denied = denied;
  }

  /**
   * How many processes there are.
   *
   * @return the number of rows
   */
  public int size() {
    return pids.length;
  }

  /**
   * What is known of each.
   *
   * @return the fields that were asked for
   */
  public Set<StatField> fields() {
    return Collections.unmodifiableSet(fields);
  }

  /**
   * A process's id.
   *
   * @param row 0 up to {@link #size()}, in the kernel's order: ascending ids
   * @return its process id
   */
  public int pid(int row) {
    return pids[row];
  }

  /**
   * Where a process is in the table.
   *
   * @param pid a process id
   * @return its row; negative if it is not there
   */
  public int row(int pid) {
    return Arrays.binarySearch(pids, pid);
  }

  /**
   * A field, in its unit; of {@link StatField#STATE}, the letter's character.
   *
   * @param row 0 up to {@link #size()}
   * @param field a field that was asked for, but not {@link StatField#COMM}, which is no number
   * @return its value
   * @throws IllegalArgumentException for another field
   * @throws IndexOutOfBoundsException for another row, here and below
   */
  public long value(int row, StatField field) {
    if (field == StatField.COMM) {
      throw new IllegalArgumentException("COMM is not a number: comm(row)");
    }
    return columns[require(field).number()][Objects.checkIndex(row, pids.length)];
  }

  /**
   * The id of the parent process.
   *
   * @param row 0 up to {@link #size()}
   * @return {@link StatField#PPID}
   * @throws IllegalArgumentException if it was not asked for
   */
  public int ppid(int row) {
    return (int) value(row, StatField.PPID);
  }

  /**
   * The state.
   *
   * @param row 0 up to {@link #size()}
   * @return what {@link StatField#STATE} stands for
   * @throws IllegalArgumentException if it was not asked for
   */
  public TaskState state(int row) {
    return TaskState.of((char) value(row, StatField.STATE));
  }

  /**
   * When the process started.
   *
   * @param row 0 up to {@link #size()}
   * @return {@link StatField#START_TIME}, in clock ticks (100 a second) since boot
   * @throws IllegalArgumentException if it was not asked for
   */
  public long startTime(int row) {
    return value(row, StatField.START_TIME);
  }

  /**
   * Which process this is.
   *
   * @param row 0 up to {@link #size()}
   * @return its identity
   * @throws IllegalArgumentException if {@link StatField#START_TIME} was not asked for
   */
  public ProcessId processId(int row) {
    return new ProcessId(pid(row), startTime(row));
  }

  /**
   * The name.
   *
   * @param row 0 up to {@link #size()}
   * @return {@link StatField#COMM}
   * @throws IllegalArgumentException if it was not asked for
   */
  public Comm comm(int row) {
    require(StatField.COMM);
    Objects.checkIndex(row, pids.length);
    int start = row == 0 ? 0 : nameEnds[row - 1];
    return Comm.of(Arrays.copyOfRange(names, start, nameEnds[row]));
  }

  /**
   * The processes that exist and that the caller may not look at ({@code hidepid}).
   *
   * @return their ids
   */
  public List<Integer> denied() {
    return denied;
  }

  private StatField require(StatField field) {
    if (!fields.contains(field)) {
      throw new IllegalArgumentException(field + " was not asked for");
    }
    return field;
  }
}
