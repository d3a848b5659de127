package org.libproc4j.procfs;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** {@code /proc/PID/syscall}, or a thread's: proc_pid_syscall(5). */
public sealed interface Syscall {
  /** The task runs, so nobody can tell. */
  record Running() implements Syscall {}

  /**
   * The task is blocked in a system call.
   *
   * @param nr the number of the call
   * @param args its six argument registers
   * @param sp the stack pointer
   * @param pc the program counter
   */
  record Blocked(int nr, List<Long> args, long sp, long pc) implements Syscall {}

  /**
   * The task is blocked, but not in a system call: by a page fault, for example. A task without a
   * user space has zeros here.
   *
   * @param sp the stack pointer
   * @param pc the program counter
   */
  record NotInSyscall(long sp, long pc) implements Syscall {}

  /**
   * Parses {@code syscall}.
   *
   * @param source where the bytes come from, for an exception to name
   * @param bytes the file, from its start
   * @param length how many of the bytes belong to it
   * @return what it says
   * @throws MalformedProcException if it is something else
   */
  static Syscall parse(Path source, byte[] bytes, int length) {
    Scanner in = new Scanner(source, bytes, length);
    in.requireLastNewline();
    Syscall syscall;
    if (in.at('r')) {
      in.expect("running");
      syscall = new Running();
    } else {
      syscall = blocked(in);
    }
    in.expect("\n");
    in.expectEnd();
    return syscall;
  }

  private static Syscall blocked(Scanner in) {
    int nr = in.int32();
    List<Long> args = new ArrayList<>();
    for (int i = 0; nr >= 0 && i < 6; i++) {
      args.add(register(in));
    }
    long sp = register(in);
    long pc = register(in);
    // A kernel thread's registers are all zero, which would read as the call number 0.
    boolean inSyscall = nr >= 0 && (sp != 0 || pc != 0);
    return inSyscall ? new Blocked(nr, List.copyOf(args), sp, pc) : new NotInSyscall(sp, pc);
  }

  private static long register(Scanner in) {
    in.expect(" 0x");
    return in.hex64();
  }
}
