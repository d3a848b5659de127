package org.libproc4j.procfs;

import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.List;

/**
 * A mounted {@code /proc}, as proc(5) describes it.
 *
 * <p>It holds a path and nothing else: share it between threads freely. The numbers that another
 * PID namespace's {@code /proc} shows belong to that namespace; they mean other processes here.
 */
public final class ProcFs {
  private final Path root;

  private ProcFs(Path root) {
    this.root = root;
  }

  /**
   * The {@code /proc} of this machine.
   *
   * @return the readers of {@code /proc}
   * @throws UncheckedIOException if no procfs is mounted there
   */
  public static ProcFs of() {
    Path root = Path.of("/proc");
    // An unmounted /proc is an empty directory, in which every process would seem to have vanished.
    if (!Files.exists(root.resolve("self"))) {
      throw new UncheckedIOException(
          new NoSuchFileException("/proc/self", null, "is /proc mounted?"));
    }
    return new ProcFs(root);
  }

  /**
   * A procfs that is mounted elsewhere, or a recorded tree with the same layout.
   *
   * @param root the directory that holds the processes' directories
   * @return its readers
   * @throws UncheckedIOException if {@code root} is no directory
   */
  public static ProcFs at(Path root) {
    if (!Files.isDirectory(root)) {
      throw new UncheckedIOException(new NotDirectoryException(root.toString()));
    }
    return new ProcFs(root);
  }

  /**
   * Where this procfs is mounted.
   *
   * @return its root directory
   */
  public Path root() {
    return root;
  }

  /**
   * All processes that are listed now. By the time the caller looks, some may have ended.
   *
   * @return the process ids, in the kernel's order
   * @throws UncheckedIOException if the root cannot be listed, or lists no process
   */
  public List<Integer> pids() {
    return ProcReader.list(root, root).orElseThrow();
  }

  /**
   * The files of one process. Nothing is read yet, and nothing is checked.
   *
   * @param pid a process id
   * @return its readers
   */
  public ProcessFiles process(int pid) {
    return new ProcessFiles(root.resolve(Integer.toString(pid)));
  }

  /**
   * The files of one thread. Nothing is read yet, and nothing is checked.
   *
   * @param pid the id of the process that the thread belongs to
   * @param tid the thread's id
   * @return its readers
   */
  public ThreadFiles thread(int pid, int tid) {
    return process(pid).thread(tid);
  }
}
