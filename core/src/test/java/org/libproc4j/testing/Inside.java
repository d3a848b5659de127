package org.libproc4j.testing;

import java.nio.file.Path;

/**
 * The lock on every main class that freezes a whole machine: it runs only in a PID namespace whose
 * first process is the harness's own, as {@code inside.h} does it for C.
 */
public final class Inside {
  /** The exit status of a program that refuses to run where it is. */
  public static final int REFUSED = 97;

  /** START:INODE: the start time of the first process and the number of the namespace. */
  static final String VARIABLE = "LIBPROC4J_NAMESPACE";

  /** The number of the PID namespace that the kernel itself makes, include/linux/proc_ns.h. */
  private static final String INITIAL = "4026531836";

  private Inside() {}

  /** To be called before anything else: ends this JVM unless it is in such a namespace. */
  public static void refuseOutside() {
    String found = token();
    if (found.isEmpty() || !found.equals(System.getenv(VARIABLE))) {
      System.err.println(
          "refused: this freezes the machine, and may do so only in a PID namespace of the tests");
      Runtime.getRuntime().halt(REFUSED);
    }
  }

  /**
   * What {@code /proc} says about the namespace; empty if that is not the harness's, or not ours.
   * Who may not trace the first process is not told its program and namespace; its start time is
   * proof enough.
   */
  private static String token() {
    String stat = ProcFiles.read("/proc/1/stat").orElse("");
    String program = ProcFiles.link("/proc/1/exe").orElse("");
    String own = ProcFiles.link("/proc/self/ns/pid").orElse("");
    String self = ProcFiles.link("/proc/self").orElse("");
    if (!stat.startsWith("1 (namespace) ")
        || !(program.isEmpty() || Path.of(program).endsWith("namespace"))
        || !own.startsWith("pid:[")
        || !own.equals(ProcFiles.link("/proc/1/ns/pid").orElse(own))
        || !self.equals(Long.toString(ProcessHandle.current().pid()))) {
      return "";
    }
    String inode = own.substring("pid:[".length(), own.length() - 1);
    String start = stat.substring("1 (namespace) ".length()).split(" ", -1)[19];
    return inode.equals(INITIAL) ? "" : start + ":" + inode;
  }
}
