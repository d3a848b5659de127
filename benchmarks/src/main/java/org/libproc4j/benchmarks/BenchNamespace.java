package org.libproc4j.benchmarks;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.libproc4j.procfs.ProcFs;

/**
 * A PID namespace with its own {@code /proc}, and with this program in it: a machine that may be
 * frozen.
 */
final class BenchNamespace {
  /** An argument of the first process, by which it is known; the C programs know it too. */
  private static final String INIT_NAME = "libproc4j-bench-init";

  /** The first process is no JVM: that could not be killed by a timer, and refuses to freeze. */
  private static final String INIT = "\"$@\"; exit $?";

  /** The namespace that the kernel itself makes: include/linux/proc_ns.h. */
  private static final String INITIAL = "pid:[4026531836]";

  private BenchNamespace() {}

  /** Makes one, and runs this program in it with these options; its exit status. */
  static int run(List<String> options) throws IOException {
    List<String> command = unshare();
    command.addAll(List.of("sh", "-c", INIT, INIT_NAME));
    command.add(Path.of(System.getProperty("java.home", ""), "bin", "java").toString());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.add(CrowdGroup.ownerOption());
    command.addAll(List.of("-cp", System.getProperty("java.class.path", "")));
    command.add(Main.class.getName());
    command.addAll(options);
    CrowdGroup.sweep();
    Process process = new ProcessBuilder(command).inheritIO().start();
    try {
      return process.waitFor();
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      return 1;
    } finally {
      CrowdGroup.sweep();
    }
  }

  static boolean isPossible() {
    List<String> command = unshare();
    command.add("true");
    return Command.output(command).isPresent();
  }

  private static List<String> unshare() {
    List<String> command = new ArrayList<>(List.of("unshare"));
    if (user() != 0) {
      command.addAll(List.of("--user", "--map-root-user"));
    }
    command.addAll(List.of("--pid", "--fork", "--kill-child", "--mount-proc"));
    return command;
  }

  private static long user() {
    int self = (int) ProcessHandle.current().pid();
    return ProcFs.of().process(self).status().orElseThrow().uid().effective();
  }

  /** To be called before anything is frozen. */
  static void refuseOutside() throws IOException {
    String init = Files.readString(Path.of("/proc/1/cmdline"), StandardCharsets.ISO_8859_1);
    String here = Files.readSymbolicLink(Path.of("/proc/self/ns/pid")).toString();
    String self = Files.readSymbolicLink(Path.of("/proc/self")).toString();
    ProcessHandle jvm = ProcessHandle.current();
    if (here.equals(INITIAL)
        || !List.of(init.split("\0", -1)).contains(INIT_NAME)
        || !self.equals(String.valueOf(jvm.pid()))
        || jvm.parent().filter(parent -> parent.pid() == 1).isEmpty()) {
      throw new IllegalStateException(
          "this freezes the machine, and may do so only in the benchmark's own PID namespace");
    }
  }
}
