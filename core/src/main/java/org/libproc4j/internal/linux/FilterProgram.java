package org.libproc4j.internal.linux;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.libproc4j.linux.linux_h;
import org.libproc4j.linux.sock_filter;

/**
 * Runs a program of classic BPF on a description of a system call, as the kernel does: the
 * instructions that seccomp(2) admits, seccomp_check_filter() in kernel/seccomp.c.
 */
final class FilterProgram {
  private static final int ALLOW = linux_h.SECCOMP_RET_ALLOW();
  private static final int LOG = linux_h.SECCOMP_RET_LOG();
  private static final int ACTION = linux_h.SECCOMP_RET_ACTION_FULL();
  private static final int SCRATCH = 16; // BPF_MEMWORDS of linux/filter.h
  private static final long SIZE = sock_filter.layout().byteSize();

  private static final int CLASS = 0x07;
  private static final int MODE = 0xe0;
  private static final int OPERATION = 0xf0;
  private static final int SOURCE = 0x08;
  private static final int RETURN_SOURCE = 0x18;
  private static final int TRANSFER = 0xf8;

  private final MemorySegment program;
  private final MemorySegment data;
  private final int[] scratch = new int[SCRATCH];
  private int a;
  private int x;
  private int next;

  private FilterProgram(MemorySegment program, MemorySegment data) {
    this.program = program;
    this.data = data;
  }

  /** Whether it lets the call through, and does no more than that. */
  static boolean allows(MemorySegment program, int length, MemorySegment data) {
    int action = new FilterProgram(program, data).run(length) & ACTION;
    return action == ALLOW || action == LOG;
  }

  /** What it returns; 0, which kills, if it is no such program. */
  private int run(int length) {
    while (next < length) {
      long at = next++ * SIZE;
      int code =
          Short.toUnsignedInt(program.get(ValueLayout.JAVA_SHORT, at + sock_filter.code$offset()));
      int k = program.get(ValueLayout.JAVA_INT, at + sock_filter.k$offset());
      int kind = code & CLASS;
      if (kind == linux_h.BPF_RET()) {
        return (code & RETURN_SOURCE) == linux_h.BPF_A() ? a : k;
      } else if (kind == linux_h.BPF_LD()) {
        a = load(code & MODE, k);
      } else if (kind == linux_h.BPF_LDX()) {
        x = load(code & MODE, k);
      } else if (kind == linux_h.BPF_ST()) {
        scratch[k] = a;
      } else if (kind == linux_h.BPF_STX()) {
        scratch[k] = x;
      } else if (kind == linux_h.BPF_ALU()) {
        a = calculate(code & OPERATION, (code & SOURCE) == linux_h.BPF_X() ? x : k);
      } else if (kind == linux_h.BPF_JMP()) {
        jump(code, k, at);
      } else if ((code & TRANSFER) == linux_h.BPF_TXA()) {
        a = x;
      } else {
        x = a;
      }
    }
    return 0;
  }

  private int load(int mode, int k) {
    if (mode == linux_h.BPF_IMM()) {
      return k;
    }
    if (mode == linux_h.BPF_MEM()) {
      return scratch[k];
    }
    return mode == linux_h.BPF_LEN() ? (int) data.byteSize() : data.get(ValueLayout.JAVA_INT, k);
  }

  private int calculate(int operation, int operand) {
    if (operation == linux_h.BPF_ADD()) {
      return a + operand;
    }
    if (operation == linux_h.BPF_SUB()) {
      return a - operand;
    }
    if (operation == linux_h.BPF_MUL()) {
      return a * operand;
    }
    if (operation == linux_h.BPF_DIV()) {
      return operand == 0 ? 0 : Integer.divideUnsigned(a, operand);
    }
    if (operation == linux_h.BPF_OR()) {
      return a | operand;
    }
    if (operation == linux_h.BPF_AND()) {
      return a & operand;
    }
    if (operation == linux_h.BPF_LSH()) {
      return a << operand;
    }
    if (operation == linux_h.BPF_RSH()) {
      return a >>> operand;
    }
    return operation == linux_h.BPF_XOR() ? a ^ operand : -a;
  }

  private void jump(int code, int k, long at) {
    int operation = code & OPERATION;
    if (operation == linux_h.BPF_JA()) {
      next += k;
      return;
    }
    int operand = (code & SOURCE) == linux_h.BPF_X() ? x : k;
    boolean holds;
    if (operation == linux_h.BPF_JEQ()) {
      holds = a == operand;
    } else if (operation == linux_h.BPF_JGT()) {
      holds = Integer.compareUnsigned(a, operand) > 0;
    } else if (operation == linux_h.BPF_JGE()) {
      holds = Integer.compareUnsigned(a, operand) >= 0;
    } else {
      holds = (a & operand) != 0;
    }
    long offset = holds ? sock_filter.jt$offset() : sock_filter.jf$offset();
    next += Byte.toUnsignedInt(program.get(ValueLayout.JAVA_BYTE, at + offset));
  }
}
