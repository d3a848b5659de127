package org.libproc4j.procfs;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * A mounted {@code /proc}, as proc(5) describes it.
 *
 * <p>It holds a path and nothing else: share it between threads freely. The numbers that another
 * PID namespace's {@code /proc} shows belong to that namespace; they mean other processes here.
 */
public final class ProcFs {
  private final Path root;
  private final ProcReader reader;

  /** With another file system than the JVM's, for tests. */
  ProcFs(Path root, ProcIo io) {
    this.root = root;
    this.reader = new ProcReader(io);
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
    return new ProcFs(root, JdkIo.INSTANCE);
  }

  /**
   * A procfs that is mounted elsewhere, or a recorded tree with the same layout.
   *
   * @param root the directory that holds the processes' directories
   * @return its readers
   * @throws UncheckedIOException if {@code root} is no directory, or lists no process: in another
   *     directory, every process would seem to have vanished
   */
  public static ProcFs at(Path root) {
    ProcFs proc = new ProcFs(root, JdkIo.INSTANCE);
    proc.pids();
    return proc;
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
    return reader.list(root, root).orElseThrow();
  }

  /**
   * The files of all processes that are listed now. Each is read when the caller asks, and one that
   * has ended by then says so: the stream never fails because of it.
   *
   * @return the processes' readers, in the kernel's order
   * @throws UncheckedIOException if the root cannot be listed, or lists no process
   */
  public Stream<ProcessFiles> processes() {
    return pids().stream().map(this::process);
  }

  /**
   * The files of all threads of a process that are listed now, as {@link ProcessFiles#tasks()}
   * lists them. Each is read when the caller asks, and one that has ended by then says so.
   *
   * @param pid a process id
   * @return the threads' readers, in the kernel's order; none if the process has vanished
   * @throws UncheckedIOException if they cannot be listed, or may not be
   */
  public Stream<ThreadFiles> tasks(int pid) {
    ProcessFiles process = process(pid);
    ProcResult<List<Integer>> tids = process.tasks();
    return tids.isVanished() ? Stream.empty() : tids.orElseThrow().stream().map(process::thread);
  }

  /**
   * Who we are to this procfs: reads the link {@code self}; proc_pid(5).
   *
   * @return our process id in the PID namespace that it shows; empty if we are not in there, or if
   *     this is a recorded tree without the link
   * @throws UncheckedIOException if the link cannot be read, or is no number
   */
  public OptionalInt self() {
    Path link = root.resolve("self");
    Optional<String> self = reader.readLinkIfThere(link).map(ByteString::toString);
    try {
      return self.stream().mapToInt(Integer::parseInt).findAny();
    } catch (NumberFormatException e) {
      throw new UncheckedIOException(new IOException(link + " leads to " + self.orElse(""), e));
    }
  }

  /**
   * Reads {@code stat} of all processes, for who is whose child.
   *
   * @return the tree; without those that vanish meanwhile, and those that may not be seen
   * @throws UncheckedIOException if the root cannot be listed, or lists no process
   */
  public ProcessTree tree() {
    return ProcessTree.of(
        processes().map(ProcessFiles::stat).flatMap(stat -> stat.toOptional().stream()).toList());
  }

  /**
   * Reads some fields of {@code stat} of all processes: the same as {@link Stat} holds, but many
   * times faster and without garbage. Where this module has native access ({@code
   * --enable-native-access=org.libproc4j.procfs}), it costs little more than in C; without, it
   * still works.
   *
   * @param fields what to keep of each process besides its id
   * @return a table of all processes that were there to be read
   * @throws UncheckedIOException if the root cannot be listed, or lists no process
   */
  public Snapshot snapshot(StatField... fields) {
    try (StatSource source = StatSource.of(root, reader)) {
      return new Sweep(root, fields).run(source);
    }
  }

  /**
   * The files of one process. Nothing is read yet, and nothing is checked.
   *
   * @param pid a process id
   * @return its readers
   */
  public ProcessFiles process(int pid) {
    return new ProcessFiles(reader, root.resolve(Integer.toString(pid)), pid);
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

  /**
   * Reads {@code stat}: proc_stat(5).
   *
   * @return the record
   * @throws UncheckedIOException if it cannot be read: a procfs mounted with {@code subset=pid} has
   *     none
   */
  public SystemStat stat() {
    return reader.read(root.resolve("stat"), SystemStat::parse);
  }

  /**
   * Reads {@code meminfo}: proc_meminfo(5).
   *
   * @return the record
   * @throws UncheckedIOException as {@link #stat()}
   */
  public MemInfo memInfo() {
    return reader.read(root.resolve("meminfo"), MemInfo::parse);
  }

  /**
   * Reads {@code loadavg}: proc_loadavg(5).
   *
   * @return the record
   * @throws UncheckedIOException as {@link #stat()}
   */
  public LoadAvg loadAvg() {
    return reader.read(root.resolve("loadavg"), LoadAvg::parse);
  }

  /**
   * Reads {@code uptime}: proc_uptime(5).
   *
   * @return the record
   * @throws UncheckedIOException as {@link #stat()}
   */
  public Uptime uptime() {
    return reader.read(root.resolve("uptime"), Uptime::parse);
  }

  /**
   * Reads a setting of the kernel: proc_sys(5), sysctl(8).
   *
   * @param name its name, {@code kernel.pid_max} for example
   * @return its value as the kernel writes it, without the white space around it; empty if this
   *     kernel has no such setting
   * @throws UncheckedIOException if it cannot be read, or may not be
   */
  public Optional<String> sysctl(String name) {
    Path file = root.resolve("sys").resolve(name.replace('.', '/'));
    return reader.readIfThere(
        file, (_, bytes, length) -> new String(bytes, 0, length, ISO_8859_1).strip());
  }
}
