package org.libproc4j.freezer;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.libproc4j.internal.linux.Libc;
import org.libproc4j.internal.linux.Open;
import org.libproc4j.procfs.ProcFs;
import org.libproc4j.procfs.ProcessId;

/**
 * What is about to be stopped, in a file that is there while it is: for {@link Freezer#recover}, if
 * we and the guardian are killed both.
 *
 * <p>The first line says whose it is: {@code BOOT NAMESPACE PID START}. Then a line for each
 * process or control group, in the order in which they are stopped: {@code PID START} or {@code
 * cgroup INODE DIRECTORY}.
 */
final class Journal implements AutoCloseable {
  private static final String PREFIX = "freeze-";
  private static final String GROUP = "cgroup";
  private static final int OWNER_ONLY = 0600;

  private final Libc libc;
  private final Path file;
  private final int fd;

  private Journal(Libc libc, Path file, int fd) {
    this.libc = libc;
    this.file = file;
    this.fd = fd;
  }

  /** Where journals are, unless the user says otherwise. */
  static Path directory(@Nullable Path chosen) {
    if (chosen != null) {
      return chosen;
    }
    String runtime = System.getenv("XDG_RUNTIME_DIR");
    return Path.of(runtime == null || runtime.isEmpty() ? "/run" : runtime, "libproc4j");
  }

  /** Begins one; refuses where that cannot be. */
  static Journal begin(Libc libc, Path directory, ProcessId self) throws Setback {
    Path file = directory.resolve(PREFIX + self.pid() + "-" + self.startTime());
    try {
      Files.createDirectories(directory);
      int fd =
          libc.open(
              file.toString(),
              Open.O_WRONLY | Open.O_CREAT | Open.O_TRUNC | Open.O_APPEND | Open.O_CLOEXEC,
              OWNER_ONLY);
      if (fd < 0) {
        throw new Setback("no journal can be written in " + directory + ": errno " + -fd);
      }
      Journal journal = new Journal(libc, file, fd);
      journal.write(Era.now() + " " + line(self));
      return journal;
    } catch (IOException e) {
      throw new Setback("no journal can be written in " + directory + ": " + e);
    }
  }

  private static String line(ProcessId process) {
    return process.pid() + " " + process.startTime() + "\n";
  }

  /** Writes down processes, in the order in which they will be stopped. */
  void addProcesses(List<ProcessId> processes) throws Setback {
    write(processes.stream().map(Journal::line).collect(Collectors.joining()));
  }

  /** Writes down control groups, in the order in which they will be frozen. */
  void addGroups(List<GroupId> groups) throws Setback {
    write(
        groups.stream()
            .map(group -> GROUP + " " + group.inode() + " " + group.directory() + "\n")
            .collect(Collectors.joining()));
  }

  private void write(String text) throws Setback {
    int r = libc.write(fd, text.getBytes(StandardCharsets.US_ASCII));
    if (r < 0) {
      throw new Setback("the journal " + file + " cannot be written: errno " + -r);
    }
  }

  /** Everything runs: it goes. */
  @Override
  public void close() throws IOException {
    libc.close(fd);
    Files.deleteIfExists(file);
  }

  /** All that a directory holds. */
  static List<Path> list(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (var files = Files.list(directory)) {
      return files
          .filter(file -> file.getFileName().toString().startsWith(PREFIX))
          .sorted()
          .toList();
    }
  }

  /** Whether its first line is there, before which nothing is frozen. */
  static boolean isBegun(Path file) throws IOException {
    return Files.readString(file, StandardCharsets.US_ASCII).indexOf('\n') >= 0;
  }

  /**
   * In what numbers have a meaning: which boot of the machine, and which PID namespace.
   *
   * @param boot the kernel's random id of this boot
   * @param namespace what {@code /proc/self/ns/pid} says
   */
  record Era(String boot, String namespace) {
    static Era now() {
      ProcFs proc = ProcFs.of();
      int self = (int) java.lang.ProcessHandle.current().pid();
      return new Era(
          proc.sysctl("kernel.random.boot_id").orElseThrow(),
          String.valueOf(proc.process(self).ns().orElseThrow().get("pid")));
    }

    @Override
    public String toString() {
      return boot + " " + namespace;
    }
  }

  /** What was written, as far as its last line is complete. */
  record Contents(Era era, ProcessId owner, List<ProcessId> processes, List<GroupId> groups) {
    private static final int HEADER_WORDS = 4;
    private static final Pattern PROCESS = Pattern.compile("(\\d{1,9}) (\\d{1,18})");
    private static final Pattern CGROUP = Pattern.compile(GROUP + " (\\d{1,18}) (/.*)");

    static Contents read(Path file) throws IOException {
      String text = Files.readString(file, StandardCharsets.US_ASCII);
      List<String> lines = text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
      String[] header = lines.isEmpty() ? new String[0] : lines.getFirst().split(" ", -1);
      if (header.length != HEADER_WORDS) {
        throw new IOException(file + " is no journal of a freeze");
      }
      List<ProcessId> processes = new ArrayList<>();
      List<GroupId> groups = new ArrayList<>();
      for (String line : lines.subList(1, lines.size())) {
        Matcher group = CGROUP.matcher(line);
        if (group.matches()) {
          groups.add(new GroupId(Long.parseLong(group.group(1)), Path.of(group.group(2))));
        } else {
          processes.add(process(file, line));
        }
      }
      ProcessId owner = process(file, header[2] + " " + header[3]);
      return new Contents(new Era(header[0], header[1]), owner, processes, groups);
    }

    private static ProcessId process(Path file, String line) throws IOException {
      Matcher process = PROCESS.matcher(line);
      if (!process.matches()) {
        throw new IOException(file + " is no journal of a freeze: " + line);
      }
      return new ProcessId(Integer.parseInt(process.group(1)), Long.parseLong(process.group(2)));
    }
  }
}
