package org.libproc4j.procfs;

import java.nio.file.Path;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.libproc4j.procfs.ProcReader.NamedLink;

/**
 * The files that a process's and a thread's directory have in common. Each call reads anew.
 *
 * <p>A read that fails for another reason than {@link ProcResult} names throws {@link
 * java.io.UncheckedIOException}; a file whose text is not what the man page says throws {@link
 * MalformedProcException}. Both name the path. An interrupt does not disturb a read.
 *
 * <p>A kernel thread has no memory, and a zombie has none any more, nor open files: where that
 * matters, it says below what they have instead. The leader of a process may be a zombie while
 * other threads live on: then they show, in {@link ProcessFiles#thread}, what the process's
 * directory lacks.
 */
public abstract sealed class TaskFiles permits ProcessFiles, ThreadFiles {
  private final ProcReader reader;
  private final Path directory;
  private final int pid;

  TaskFiles(ProcReader reader, Path directory, int pid) {
    this.reader = reader;
    this.directory = directory;
    this.pid = pid;
  }

  final ProcReader reader() {
    return reader;
  }

  /**
   * The directory that is read.
   *
   * @return {@code /proc/PID} or {@code /proc/PID/task/TID}
   */
  public final Path directory() {
    return directory;
  }

  /**
   * The process.
   *
   * @return its id
   */
  public final int pid() {
    return pid;
  }

  /**
   * Reads {@code stat}: proc_pid_stat(5).
   *
   * @return the record
   */
  public final ProcResult<Stat> stat() {
    return read("stat", Stat::parse);
  }

  /**
   * Reads {@code status}: proc_pid_status(5).
   *
   * @return the record
   */
  public final ProcResult<Status> status() {
    return read("status", Status::parse);
  }

  /**
   * Reads {@code statm}: proc_pid_statm(5).
   *
   * @return the record; all zero without memory
   */
  public final ProcResult<Statm> statm() {
    return read("statm", Statm::parse);
  }

  /**
   * Reads {@code comm}: proc_pid_comm(5).
   *
   * @return the name
   */
  public final ProcResult<Comm> comm() {
    return read("comm", Comm::parse);
  }

  /**
   * Reads {@code cmdline}: proc_pid_cmdline(5).
   *
   * @return the arguments; none without memory
   */
  public final ProcResult<Cmdline> cmdline() {
    return reader.readMemory(directory, file("cmdline"), Cmdline::parse);
  }

  /**
   * Reads {@code environ}: proc_pid_environ(5). It takes the right to trace the task.
   *
   * @return the environment; none without memory
   */
  public final ProcResult<Environ> environ() {
    return reader.readMemory(directory, file("environ"), Environ::parse);
  }

  /**
   * Reads {@code auxv}: proc_pid_auxv(5). It takes the right to trace the task.
   *
   * @return the record; without entries without memory
   */
  public final ProcResult<Auxv> auxv() {
    return reader.readMemory(directory, file("auxv"), Auxv::parse);
  }

  /**
   * Reads {@code maps}: proc_pid_maps(5). It takes the right to trace the task. All mappings are of
   * one program, but what is mapped and unmapped meanwhile may be there or not; in the midst of an
   * exec, there is only what the new program has so far.
   *
   * @return the mappings, in ascending order of addresses; none without memory
   */
  public final ProcResult<List<Mapping>> maps() {
    return reader.readMaps(directory, file("maps"), Mapping::parse);
  }

  /**
   * Reads {@code smaps}: proc_pid_smaps(5). It takes the right to trace the task, and time: the
   * kernel walks the page tables of all mappings.
   *
   * @return the mappings and their memory, in ascending order of addresses; none without memory
   */
  public final ProcResult<List<Smaps>> smaps() {
    return reader.readMaps(directory, file("smaps"), Smaps::parse);
  }

  /**
   * Reads {@code smaps_rollup}: proc_pid_smaps(5), Linux 4.14. It takes the right to trace the
   * task.
   *
   * @return the record; empty without memory
   */
  public final ProcResult<Optional<SmapsRollup>> smapsRollup() {
    return reader.readMemory(directory, file("smaps_rollup"), SmapsRollup::parse);
  }

  /**
   * Reads {@code cgroup}: cgroups(7).
   *
   * @return the task's place in each hierarchy
   */
  public final ProcResult<List<Cgroup>> cgroup() {
    return read("cgroup", Cgroup::parse);
  }

  /**
   * Reads {@code limits}: proc_pid_limits(5).
   *
   * @return the record
   */
  public final ProcResult<Limits> limits() {
    return read("limits", Limits::parse);
  }

  /**
   * Reads {@code io}: proc_pid_io(5). It takes the right to trace the task.
   *
   * @return the record
   * @throws java.io.UncheckedIOException also if the kernel was built without {@code
   *     CONFIG_TASK_IO_ACCOUNTING}
   */
  public final ProcResult<Io> io() {
    return read("io", Io::parse);
  }

  /**
   * Reads {@code mountinfo}: proc_pid_mountinfo(5).
   *
   * @return what is mounted in the task's mount namespace, below its root directory; nothing for a
   *     zombie
   */
  public final ProcResult<List<Mount>> mounts() {
    return reader.readUnlessZombie(directory, file("mountinfo"), Mount::parse);
  }

  /**
   * Reads {@code stack}: proc_pid_stack(5). It takes {@code CAP_SYS_ADMIN}.
   *
   * @return the functions in the kernel that the task is in, the innermost first; empty if the
   *     kernel was built without {@code CONFIG_STACKTRACE}
   */
  public final ProcResult<Optional<List<String>>> kernelStack() {
    return reader.readIfThere(directory, file("stack"), KernelStack::parse);
  }

  /**
   * Reads {@code wchan}: proc_pid_wchan(5).
   *
   * @return the kernel function that the task sleeps in; empty if it does not sleep, and also if
   *     the caller may not know: the kernel writes {@code 0} for both
   */
  public final ProcResult<Optional<String>> wchan() {
    return read("wchan", Wchan::parse);
  }

  /**
   * Reads {@code syscall}: proc_pid_syscall(5). It takes the right to trace the task.
   *
   * @return the system call that the task is blocked in, if any
   */
  public final ProcResult<Syscall> syscall() {
    return read("syscall", Syscall::parse);
  }

  /**
   * Reads the links in {@code fd}: proc_pid_fd(5). It takes the right to trace the task. What is
   * opened and closed meanwhile may be there or not.
   *
   * @return the open files, by ascending descriptor; none for a zombie
   */
  public final ProcResult<List<OpenFile>> fd() {
    ProcResult<List<NamedLink>> links = reader.readLinks(directory, file("fd"));
    if (links.isDenied() && stat().map(Stat::isZombie).orElse(false)) {
      // A zombie's directory is root's, whose ever the process is; there is nothing in it.
      return new ProcResult.Present<>(List.of());
    }
    return links.map(TaskFiles::openFiles);
  }

  private static List<OpenFile> openFiles(List<NamedLink> links) {
    return links.stream()
        .map(link -> new OpenFile(Integer.parseInt(link.name()), link.link()))
        .sorted(Comparator.comparingInt(OpenFile::fd))
        .toList();
  }

  /**
   * Reads one link in {@code fd}: proc_pid_fd(5). It takes the right to trace the task.
   *
   * @param fd a file descriptor
   * @return what it is open on; empty if it is not open
   */
  public final ProcResult<Optional<Link>> fd(int fd) {
    return reader.readLinkIfThere(directory, file("fd").resolve(String.valueOf(fd)));
  }

  /**
   * Reads {@code fdinfo/FD}: proc_pid_fdinfo(5). It takes the right to trace the task.
   *
   * @param fd a file descriptor
   * @return the record; empty if the descriptor is not open
   */
  public final ProcResult<Optional<FdInfo>> fdInfo(int fd) {
    return reader.readIfThere(directory, file("fdinfo").resolve(String.valueOf(fd)), FdInfo::parse);
  }

  /**
   * Looks at what an open file is: stat(2) of {@code fd/FD}. It takes the right to trace the task,
   * and lasts as long as the file's own file system wants: a dead server's, for ever.
   *
   * @param fd a file descriptor
   * @return the record; empty if the descriptor is not open
   */
  public final ProcResult<Optional<FdStat>> fdStat(int fd) {
    return reader.statIfThere(directory, file("fd").resolve(String.valueOf(fd)));
  }

  /**
   * Reads the links in {@code ns}: namespaces(7). It takes the right to trace the task.
   *
   * @return the namespaces by the link's name, {@code net} or {@code pid_for_children} for example;
   *     of a zombie, only the few that it still has
   */
  public final ProcResult<SortedMap<String, Link.Namespace>> ns() {
    return reader.readLinks(directory, file("ns")).map(TaskFiles::namespaces);
  }

  private static SortedMap<String, Link.Namespace> namespaces(List<NamedLink> links) {
    SortedMap<String, Link.Namespace> namespaces = new TreeMap<>();
    for (NamedLink link : links) {
      if (link.link() instanceof Link.Namespace namespace) {
        namespaces.put(link.name(), namespace);
      }
    }
    return Collections.unmodifiableSortedMap(namespaces);
  }

  /**
   * Reads the files in {@code net} that list sockets: all of the task's network namespace, whoever
   * has them open, {@code tcp}, {@code tcp6}, {@code udp}, {@code raw}, {@code unix}, {@code
   * netlink}, {@code packet} and their like; proc_pid_net(5). Sockets of other families are in no
   * list, nor are those of TCP and UDP that have no address yet.
   *
   * @return the sockets by the number of their inode; none for a zombie
   */
  public final ProcResult<Map<Long, NetSocket>> sockets() {
    ProcResult<Map<Long, NetSocket>> all = new ProcResult.Present<>(new HashMap<>());
    for (SocketTable table : SocketTable.values()) {
      all =
          all.flatMap(
              sockets ->
                  reader
                      .readIfThere(directory, file("net").resolve(table.file()), table)
                      .map(
                          list -> {
                            list.ifPresent(l -> l.forEach(s -> sockets.putIfAbsent(s.inode(), s)));
                            return sockets;
                          }));
    }
    return all.map(Collections::unmodifiableMap);
  }

  /**
   * Reads the link {@code exe}: proc_pid_exe(5). It takes the right to trace the task.
   *
   * @return the program; empty without memory
   */
  public final ProcResult<Optional<Link>> exe() {
    return reader.readLink(directory, file("exe"));
  }

  /**
   * Reads the link {@code cwd}: proc_pid_cwd(5). It takes the right to trace the task.
   *
   * @return the working directory; empty for a zombie
   */
  public final ProcResult<Optional<Link>> cwd() {
    return reader.readLink(directory, file("cwd"));
  }

  /**
   * Reads the link {@code root}: proc_pid_root(5). It takes the right to trace the task.
   *
   * @return the root directory; empty for a zombie
   */
  public final ProcResult<Optional<Link>> root() {
    return reader.readLink(directory, file("root"));
  }

  /**
   * The shared libraries: the files of {@link #maps()} with code in them, except the program
   * itself. The dynamic linker is one of them; an interpreter's scripts and data are not.
   *
   * @return each file once, in ascending order of addresses; none without memory
   */
  public final ProcResult<List<Link>> libraries() {
    return exe().flatMap(exe -> maps().map(maps -> libraries(exe, maps)));
  }

  private static List<Link> libraries(Optional<Link> exe, List<Mapping> maps) {
    Set<Link> libraries = new LinkedHashSet<>();
    for (Mapping mapping : maps) {
      Link target = mapping.target();
      boolean isFile = target instanceof Link.File || target instanceof Link.DeletedFile;
      if (mapping.executable() && mapping.inode() != 0 && isFile) {
        libraries.add(target);
      }
    }
    exe.ifPresent(libraries::remove);
    return List.copyOf(libraries);
  }

  /**
   * When the task started, which together with its id names it for as long as the machine is up.
   *
   * @return clock ticks (100 a second) since boot
   */
  public final ProcResult<Long> startTime() {
    return stat().map(Stat::startTime);
  }

  final <T> ProcResult<T> read(String name, ProcParser<T> parser) {
    return reader.read(directory, file(name), parser);
  }

  private Path file(String name) {
    return directory.resolve(name);
  }
}
