package org.libproc4j.testing;

import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The harness's own view of {@code /proc}, so that no test judges the library by the library's
 * parsers. What has vanished is empty.
 */
final class ProcFiles {

  private ProcFiles() {}

  /** The bytes of a file, one char each. Uses no interruptible channel. */
  static Optional<String> read(String path) {
    try (FileInputStream in = new FileInputStream(path)) {
      return Optional.of(new String(in.readAllBytes(), StandardCharsets.ISO_8859_1));
    } catch (IOException vanished) {
      return Optional.empty();
    }
  }

  static Optional<String> link(String path) {
    try {
      return Optional.of(Files.readSymbolicLink(Path.of(path)).toString());
    } catch (IOException vanished) {
      return Optional.empty();
    }
  }

  /** The numeric names in a directory, in ascending order. */
  static List<Integer> numbers(String directory) {
    String[] names = new File(directory).list();
    if (names == null) {
      return List.of();
    }
    return Arrays.stream(names)
        .filter(name -> !name.isEmpty() && name.chars().allMatch(c -> c >= '0' && c <= '9'))
        .map(Integer::valueOf)
        .sorted()
        .toList();
  }

  /** How many files this JVM may have open, as prlimit(1) takes it. */
  static String softDescriptorLimit() {
    return read("/proc/self/limits")
        .flatMap(
            limits -> limits.lines().filter(line -> line.startsWith("Max open files")).findFirst())
        .map(line -> line.substring("Max open files".length()).strip().split(" +", 2)[0])
        .orElseThrow();
  }

  /** The id of the calling thread, which must not be a virtual one. */
  static int ownTid() {
    String task = link("/proc/thread-self").orElseThrow();
    return Integer.parseInt(task.substring(task.lastIndexOf('/') + 1));
  }

  static List<Integer> pids() {
    return numbers("/proc");
  }

  static List<Integer> tids(int pid) {
    return numbers("/proc/" + pid + "/task");
  }

  /** Whether a process has ended: it is gone, or a zombie without living threads. */
  static boolean isOver(int pid) {
    return tids(pid).stream()
        .flatMap(tid -> Stat.ofTask(pid, tid).stream())
        .allMatch(stat -> stat.state() == 'Z' || stat.state() == 'X');
  }

  /** What the harness needs of the fifty fields that the kernel has for a task. */
  record Stat(int id, String comm, char state, int parent, int group) {

    static Optional<Stat> ofProcess(int pid) {
      return read("/proc/" + pid + "/stat").flatMap(Stat::parse);
    }

    static Optional<Stat> ofTask(int pid, int tid) {
      return read("/proc/" + pid + "/task/" + tid + "/stat").flatMap(Stat::parse);
    }

    static Optional<Stat> parse(String text) {
      // A comm may itself contain parentheses: the last one ends it.
      int open = text.indexOf('(');
      int close = text.lastIndexOf(')');
      if (open < 0 || close < open) {
        return Optional.empty();
      }
      String[] fields = text.substring(close + 2).split(" ", 4);
      return Optional.of(
          new Stat(
              Integer.parseInt(text.substring(0, open).strip()),
              text.substring(open + 1, close),
              fields[0].charAt(0),
              Integer.parseInt(fields[1]),
              Integer.parseInt(fields[2])));
    }
  }

  /** The fields of a {@code status} file by name; empty if the task has vanished. */
  static Map<String, String> status(int pid, int tid) {
    Map<String, String> fields = new LinkedHashMap<>();
    read("/proc/" + pid + "/task/" + tid + "/status")
        .ifPresent(
            text -> {
              for (String line : text.split("\n", -1)) {
                int colon = line.indexOf(':');
                if (colon > 0) {
                  fields.put(line.substring(0, colon), line.substring(colon + 1).strip());
                }
              }
            });
    return fields;
  }

  /** A signal mask of a {@code status} file: bit n−1 is signal n. */
  static long mask(Map<String, String> status, String field) {
    return Long.parseUnsignedLong(status.getOrDefault(field, "0"), 16);
  }
}
