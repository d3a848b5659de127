package org.libproc4j.procfs;

import java.nio.file.Path;
import java.util.List;

/** The files in {@code /proc/PID/task/TID}: proc_pid_task(5). */
public final class ThreadFiles extends TaskFiles {
  private final int tid;

  ThreadFiles(ProcReader reader, Path directory, int pid, int tid) {
    super(reader, directory, pid);
    this.tid = tid;
  }

  /**
   * The thread.
   *
   * @return its id
   */
  public int tid() {
    return tid;
  }

  /**
   * Reads {@code children}: proc_tid_children(5). The list is reliable only while the children are
   * stopped: one that ends meanwhile can hide another.
   *
   * @return the process ids of the thread's children
   * @throws java.io.UncheckedIOException also if the kernel was built without {@code
   *     CONFIG_PROC_CHILDREN}
   */
  public ProcResult<List<Integer>> children() {
    return read("children", Children::parse);
  }
}
