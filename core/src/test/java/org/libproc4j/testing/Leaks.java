package org.libproc4j.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * What this JVM holds: open files by kind, threads of the library, and children. A baseline is
 * taken before something is tried, and {@link #assertNone()} says what is there afterwards that was
 * not.
 *
 * <p>The harness's own pipes and nests are left out, and what the JDK opens when it pleases. What
 * other tests do in the same JVM at the same time is not: those that look for leaks run one by one.
 */
public final class Leaks {

  /** A closed thing may take this long to be gone: a thread's end outlasts its join a little. */
  private static final Duration SETTLE = Duration.ofSeconds(2);

  private static final String LIBRARY_THREADS = "libproc4j-";

  /** One thread for all tracers, which outlasts their work by half a second, and is no leak. */
  private static final String WATCHDOG = "libproc4j-watch";

  private static final Pattern INODE = Pattern.compile(":\\[\\d+]$");
  private static final Pattern PROC_NUMBER = Pattern.compile("(?<=/)\\d+(?=/|$)");
  private static final Pattern OPENED_BY_THE_JDK =
      Pattern.compile(".*\\.(jar|so|jsa|aot|class)|.*/lib/modules|/dev/u?random|.*/hsperfdata_.*");

  // The resources of the harness, held while one of its processes is being started or closed, so
  // that no snapshot falls in between.
  private static final Object HARNESS = new Object();
  private static final Set<String> HARNESS_LINKS = new HashSet<>();
  private static final Set<Integer> HARNESS_CHILDREN = new HashSet<>();

  private final Held before;

  private Leaks(Held before) {
    this.before = before;
  }

  /** What is held now. */
  public static Leaks baseline() {
    return new Leaks(Held.now());
  }

  /** How many files are open: a quick look, for a test that looks often. */
  public static int openFiles() {
    return ProcFiles.numbers("/proc/self/fd").size();
  }

  /** What is held now and was not held at the baseline, a line each; empty if nothing. */
  public List<String> sinceBaseline() {
    return Held.now().minus(before);
  }

  /** As {@link #sinceBaseline()}, but gives what is just ending a moment to end. */
  List<String> settled(Duration moment) {
    Await.until(moment, () -> sinceBaseline().isEmpty());
    return sinceBaseline();
  }

  /** Fails if anything is held that was not held at the baseline. */
  public void assertNone() {
    assertThat(settled(SETTLE)).as("left over in this JVM").isEmpty();
  }

  /** Something that opens or closes files and processes of the harness. */
  interface Change<T, E extends Exception> {
    T run() throws E;
  }

  /** Runs a change of the harness's own resources, unseen by any baseline. */
  static <T, E extends Exception> T change(Change<T, E> change) throws E {
    synchronized (HARNESS) {
      return change.run();
    }
  }

  /** To be called within {@link #change}: files by the target of their link, and a child. */
  static void exempt(Set<String> links, int child) {
    HARNESS_LINKS.addAll(links);
    HARNESS_CHILDREN.add(child);
  }

  /** To be called within {@link #change}, when they are closed and the child is reaped. */
  static void noLongerExempt(Set<String> links, int child) {
    HARNESS_LINKS.removeAll(links);
    HARNESS_CHILDREN.remove(child);
  }

  /** Files: kind → their links. Threads: tid → name. Children: pid → description. */
  private record Held(
      Map<String, List<String>> files,
      Map<Integer, String> threads,
      Map<Integer, String> children) {

    static Held now() {
      synchronized (HARNESS) {
        int self = (int) ProcessHandle.current().pid();
        return new Held(filesNow(), threadsNow(), childrenNow(self));
      }
    }

    private static Map<String, List<String>> filesNow() {
      Map<String, List<String>> files = new TreeMap<>();
      for (int fd : ProcFiles.numbers("/proc/self/fd")) {
        ProcFiles.link("/proc/self/fd/" + fd)
            .filter(link -> !HARNESS_LINKS.contains(link))
            .filter(link -> !OPENED_BY_THE_JDK.matcher(link).matches())
            .ifPresent(
                link ->
                    files
                        .computeIfAbsent(kind(link), kind -> new ArrayList<>())
                        .add(fd + " → " + link));
      }
      return files;
    }

    /** {@code pipe:[123]} is a pipe, {@code /proc/123/task} some process's task directory. */
    private static String kind(String link) {
      String kind = INODE.matcher(link).replaceFirst("");
      return kind.startsWith("/proc/") ? PROC_NUMBER.matcher(kind).replaceAll("N") : kind;
    }

    private static Map<Integer, String> threadsNow() {
      Map<Integer, String> threads = new TreeMap<>();
      for (int tid : ProcFiles.numbers("/proc/self/task")) {
        ProcFiles.read("/proc/self/task/" + tid + "/comm")
            .map(String::strip)
            .filter(name -> name.startsWith(LIBRARY_THREADS) && !name.startsWith(WATCHDOG))
            .ifPresent(name -> threads.put(tid, name));
      }
      return threads;
    }

    private static Map<Integer, String> childrenNow(int self) {
      Map<Integer, String> children = new TreeMap<>();
      for (int pid : ProcFiles.pids()) {
        if (!HARNESS_CHILDREN.contains(pid)) {
          ProcFiles.Stat.ofProcess(pid)
              .filter(stat -> stat.parent() == self)
              .ifPresent(stat -> children.put(pid, stat.comm() + ", state " + stat.state()));
        }
      }
      return children;
    }

    List<String> minus(Held before) {
      List<String> leaks = new ArrayList<>();
      files.forEach(
          (kind, links) -> {
            List<String> known = before.files.getOrDefault(kind, List.of());
            int more = links.size() - known.size();
            if (more > 0) {
              Set<String> suspects = new TreeSet<>(links);
              known.forEach(suspects::remove);
              leaks.add("open files: " + more + " more of kind " + kind + ", among " + suspects);
            }
          });
      threads.forEach(
          (tid, name) -> {
            if (!before.threads.containsKey(tid)) {
              leaks.add("thread " + tid + ": " + name);
            }
          });
      children.forEach(
          (pid, description) -> {
            if (!before.children.containsKey(pid)) {
              leaks.add("child " + pid + ": " + description);
            }
          });
      return leaks;
    }
  }
}
