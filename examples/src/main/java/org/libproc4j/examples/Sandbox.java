package org.libproc4j.examples;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.libproc4j.freezer.Backend;
import org.libproc4j.freezer.FreezeException;
import org.libproc4j.freezer.FreezeReport;
import org.libproc4j.freezer.Freezer;
import org.libproc4j.freezer.Frozen;
import org.libproc4j.procfs.ProcFs;
import org.libproc4j.procfs.ProcessFiles;

/** A PID namespace with a few dozen busy shells, which may be frozen without a risk. */
final class Sandbox {
  private static final int SHELLS = 36;
  private static final Path NAMESPACE = Path.of("/proc/self/ns/pid");

  /** The namespace that the kernel itself makes: include/linux/proc_ns.h. */
  private static final String INITIAL = "pid:[4026531836]";

  private static final Duration LOOK = Duration.ofMillis(500);

  /** The first process of the namespace. It ends, and all with it, when the freezer has. */
  private static final String INIT =
      """
      i=0
      while [ $i -lt %d ]; do
        sh -c 'while :; do sleep 0.1; done' &
        i=$((i + 1))
      done
      "$@"
      exit $?
      """
          .formatted(SHELLS);

  private Sandbox() {}

  /** Makes one, and runs this tool in it. */
  static int enter(Backend backend) throws IOException {
    List<String> command = new ArrayList<>(List.of("unshare"));
    if (ProcFs.of()
            .process((int) ProcessHandle.current().pid())
            .status()
            .orElseThrow()
            .uid()
            .effective()
        != 0) {
      command.addAll(List.of("--user", "--map-root-user"));
    }
    command.addAll(List.of("--pid", "--fork", "--kill-child", "--mount-proc"));
    command.addAll(List.of("sh", "-c", INIT, "sh"));
    command.addAll(java());
    command.addAll(List.of("pfreeze", "--backend", backend.name(), "--inside"));
    command.add(Files.readSymbolicLink(NAMESPACE).toString());
    Process process = new ProcessBuilder(command).inheritIO().start();
    try {
      return process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      process.destroyForcibly();
      return Tool.FAILED;
    }
  }

  /** This JVM's own command, as far as it matters. */
  private static List<String> java() {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home", ""), "bin", "java").toString());
    command.addAll(
        List.of(
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "--enable-native-access=org.libproc4j,org.libproc4j.linux,org.libproc4j.procfs",
            "-p",
            System.getProperty("jdk.module.path", ""),
            "-m",
            "org.libproc4j.examples/org.libproc4j.examples.Main"));
    return command;
  }

  /** Freezes it, and shows that nothing moves. Anywhere but in a sandbox this refuses. */
  static int show(Freezer freezer, String outside) throws IOException {
    String here = Files.readSymbolicLink(NAMESPACE).toString();
    if (here.equals(INITIAL) || here.equals(outside) || !outside.startsWith("pid:[")) {
      System.err.println("pfreeze: this is no sandbox");
      return Main.USAGE;
    }
    awaitShells();
    boolean good = true;
    Tool.print(SHELLS + " shells, each of which starts ten processes a second");
    good &= look("before the freeze", SHELLS);
    FreezeReport report;
    try (Frozen frozen = freezer.freeze()) {
      Tool.print("frozen: " + frozen.report().processes() + " processes stand still");
      good &= look("while frozen", 0);
      report = frozen.thaw();
    } catch (FreezeException e) {
      System.err.println("pfreeze: cannot freeze: " + e.getMessage());
      return Tool.FAILED;
    }
    good &= look("after the thaw", SHELLS);
    Tool.print(Pfreeze.Summary.of(report).toString());
    return good ? Tool.DONE : Tool.FAILED;
  }

  private static void awaitShells() {
    while (times().size() < SHELLS) {
      pause(Duration.ofMillis(10));
    }
  }

  /** Says how many shells get a processor meanwhile. */
  private static boolean look(String when, int expected) {
    Map<Integer, String> before = times();
    pause(LOOK);
    Map<Integer, String> after = times();
    long moved =
        before.entrySet().stream()
            .filter(shell -> !shell.getValue().equals(after.get(shell.getKey())))
            .count();
    Tool.print(
        "%-18s %2d of %d shells move in %d ms"
            .formatted(when + ":", moved, before.size(), LOOK.toMillis()));
    return moved == expected;
  }

  /** How long each shell has run, by its pid, as the scheduler counts. */
  private static Map<Integer, String> times() {
    Map<Integer, String> times = new TreeMap<>();
    ProcFs.of()
        .processes()
        .filter(Sandbox::isShell)
        .forEach(process -> times.put(process.pid(), time(process)));
    return times;
  }

  private static boolean isShell(ProcessFiles process) {
    return process
        .stat()
        .toOptional()
        .filter(stat -> stat.ppid() == 1 && stat.comm().toString().equals("sh"))
        .isPresent();
  }

  private static String time(ProcessFiles process) {
    try {
      return Files.readString(process.directory().resolve("schedstat"));
    } catch (IOException e) {
      return "";
    }
  }

  private static void pause(Duration time) {
    try {
      Thread.sleep(time);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
