package org.libproc4j.procfs;

import java.nio.file.Path;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/** The files in {@code /proc/PID}: proc_pid(5). */
public final class ProcessFiles extends TaskFiles {
  ProcessFiles(ProcReader reader, Path directory, int pid) {
    super(reader, directory, pid);
  }

  /**
   * The process that has this id now.
   *
   * @return its identity
   */
  public ProcResult<ProcessId> id() {
    return stat().map(Stat::processId);
  }

  /**
   * The files of one of the process's threads. Nothing is read yet, and nothing is checked.
   *
   * @param tid the thread's id
   * @return its readers
   */
  public ThreadFiles thread(int tid) {
    return new ThreadFiles(
        reader(), directory().resolve("task").resolve(Integer.toString(tid)), pid(), tid);
  }

  /**
   * Lists {@code task}: proc_pid_task(5). One listing may miss a thread that is being born, and
   * holds the workers of io_uring ({@link Stat#isIoWorker()}) too.
   *
   * @return the thread ids, in the kernel's order
   */
  public ProcResult<List<Integer>> tasks() {
    return reader().list(directory(), directory().resolve("task"));
  }

  /**
   * The child processes of all threads, from {@link ThreadFiles#children()}, with its caveats.
   *
   * @return the process ids, ascending
   */
  public ProcResult<List<Integer>> children() {
    return tasks().flatMap(this::childrenOf);
  }

  private ProcResult<List<Integer>> childrenOf(List<Integer> tids) {
    SortedSet<Integer> children = new TreeSet<>();
    boolean complete = true;
    for (int tid : tids) {
      switch (thread(tid).children()) {
        case ProcResult.Present(List<Integer> found) -> children.addAll(found);
        case ProcResult.Vanished<List<Integer>> _ -> complete = false;
        case ProcResult.Denied<List<Integer>> denied -> {
          return denied;
        }
      }
    }
    // If the process lives on, its other threads inherited the children of those that ended.
    return complete || !reader().isGone(directory())
        ? new ProcResult.Present<>(List.copyOf(children))
        : new ProcResult.Vanished<>(directory().resolve("task"));
  }
}
