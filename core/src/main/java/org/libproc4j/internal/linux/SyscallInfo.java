package org.libproc4j.internal.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.libproc4j.linux.__ptrace_syscall_info;
import org.libproc4j.linux.linux_h;

/**
 * What PTRACE_GET_SYSCALL_INFO tells at any ptrace-stop, on every architecture alike: the
 * instruction and stack pointers, and at a syscall-stop the call.
 */
public final class SyscallInfo {
  private static final int ENTRY = linux_h.PTRACE_SYSCALL_INFO_ENTRY();
  private static final int EXIT = linux_h.PTRACE_SYSCALL_INFO_EXIT();

  private final MemorySegment segment = Arena.ofAuto().allocate(__ptrace_syscall_info.layout());

  /** Fills this for a stopped tracee; 0 or −errno. */
  public int read(Libc libc, int tid) {
    long r =
        libc.insist(linux_h.PTRACE_GET_SYSCALL_INFO(), tid, segment.byteSize(), segment.address());
    return r < 0 ? (int) r : 0;
  }

  /** Whether the tracee stands at a syscall-enter-stop. */
  public boolean isEntry() {
    return segment.get(ValueLayout.JAVA_BYTE, __ptrace_syscall_info.op$offset()) == ENTRY;
  }

  /** Whether the tracee stands at a syscall-exit-stop. */
  public boolean isExit() {
    return segment.get(ValueLayout.JAVA_BYTE, __ptrace_syscall_info.op$offset()) == EXIT;
  }

  /** The system call's number; only at a syscall-enter-stop. */
  public int number() {
    return (int) __ptrace_syscall_info.entry.nr(__ptrace_syscall_info.entry(segment));
  }

  /** Whether its call, if it is in one, was made as 64-bit programs of x86-64 make theirs. */
  public boolean isX86_64() {
    return __ptrace_syscall_info.arch(segment) == linux_h.AUDIT_ARCH_X86_64();
  }

  /** The program counter. */
  public long instructionPointer() {
    return __ptrace_syscall_info.instruction_pointer(segment);
  }

  /** The stack pointer. */
  public long stackPointer() {
    return __ptrace_syscall_info.stack_pointer(segment);
  }
}
