package org.libproc4j.internal.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.libproc4j.linux.linux_h;
import org.libproc4j.linux.user_regs_struct;

/** The registers of a stopped thread of an x86-64 kernel; their owner reuses this. */
public final class Registers {
  /** The code segment of 64-bit programs, {@code __USER_CS} of asm/segment.h. */
  private static final long USER_CS = 0x33;

  /** Carry, zero, sign and overflow. */
  private static final long SPENT = 0x8c1;

  /** Those, and parity and auxiliary carry: what arithmetic changes. */
  private static final long ARITHMETIC = 0x8d5;

  private final MemorySegment segment = Arena.ofAuto().allocate(user_regs_struct.layout());

  /** Fills this for a stopped tracee; 0 or −errno. */
  public int read(Libc libc, int tid) {
    return (int) libc.insist(linux_h.PTRACE_GETREGS(), tid, 0, segment.address());
  }

  /** Whether the thread runs 64-bit code. */
  public boolean is64Bit() {
    return user_regs_struct.cs(segment) == USER_CS;
  }

  /**
   * Whether it is sure to be in a call that it made by the instruction {@code syscall}, which
   * leaves the program counter and the flags in two registers. Another way into the kernel does so
   * only in a program that is made to deceive, and deceives itself.
   */
  public boolean isOfSyscallInstruction() {
    return user_regs_struct.rcx(segment) == user_regs_struct.rip(segment)
        && user_regs_struct.r11(segment) == user_regs_struct.eflags(segment);
  }

  /** The number of the system call that it is in, without the bit of x32; negative for none. */
  public long call() {
    return user_regs_struct.orig_rax(segment);
  }

  /** What the call would return now. */
  public long result() {
    return user_regs_struct.rax(segment);
  }

  /** Sets that; 0 or −errno. */
  public int result(Libc libc, int tid, long value) {
    return poke(libc, tid, user_regs_struct.rax$offset(), value);
  }

  /** An argument of the call, from 0 to 5. */
  public long argument(int i) {
    return switch (i) {
      case 0 -> user_regs_struct.rdi(segment);
      case 1 -> user_regs_struct.rsi(segment);
      case 2 -> user_regs_struct.rdx(segment);
      case 3 -> user_regs_struct.r10(segment);
      case 4 -> user_regs_struct.r8(segment);
      default -> user_regs_struct.r9(segment);
    };
  }

  /** The program counter: behind the call. */
  public long instructionPointer() {
    return user_regs_struct.rip(segment);
  }

  /** The stack pointer. */
  public long stackPointer() {
    return user_regs_struct.rsp(segment);
  }

  /**
   * Whether {@link #sign} was called and the thread has executed no instruction since that
   * calculates.
   */
  public boolean isSigned() {
    return (user_regs_struct.eflags(segment) & ARITHMETIC) == SPENT;
  }

  /**
   * Leaves a sign in the flags of the last arithmetic instruction: a result that is zero and
   * negative and of odd parity, which no instruction has. The kernel keeps the flags while it
   * enters the call again; behind the call no program has a use for them, and its first comparison
   * sets them anew. 0 or −errno.
   */
  public int sign(Libc libc, int tid) {
    long flags = user_regs_struct.eflags(segment);
    return poke(libc, tid, user_regs_struct.eflags$offset(), (flags & ~ARITHMETIC) | SPENT);
  }

  private static int poke(Libc libc, int tid, long offset, long value) {
    return (int) libc.insist(linux_h.PTRACE_POKEUSER(), tid, offset, value);
  }
}
