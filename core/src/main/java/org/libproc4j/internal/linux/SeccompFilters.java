package org.libproc4j.internal.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.libproc4j.linux.linux_h;
import org.libproc4j.linux.seccomp_data;
import org.libproc4j.linux.sock_filter;

/** The filters that a stopped thread's system calls pass: seccomp(2). */
public final class SeccompFilters {
  /** BPF_MAXINSNS of linux/bpf_common.h. */
  private static final int LONGEST = 4096;

  /** What they say of a call. */
  public enum Answer {
    /** There is none. */
    NONE,
    /** Each allows it. */
    ALLOWED,
    /** One does not, or does more than that. */
    NOT_ALLOWED,
    /** They are not ours to read: that takes CAP_SYS_ADMIN, and no filter of our own. */
    UNREADABLE
  }

  private final Arena arena = Arena.ofAuto();
  private final MemorySegment call = arena.allocate(seccomp_data.layout());

  /** Made when the first filter is met. */
  private MemorySegment program = MemorySegment.NULL;

  /** Asks all of a thread about the call that its registers show. */
  public Answer about(Libc libc, int tid, Registers registers) {
    long length = get(libc, tid, 0, 0);
    if (length < 0) {
      return length == -Err.EINVAL ? Answer.NONE : Answer.UNREADABLE;
    }
    describe(registers);
    if (program.address() == 0) {
      program = arena.allocate(sock_filter.layout(), LONGEST);
    }
    for (int i = 0; length >= 0; i++) {
      length = get(libc, tid, i, program.address());
      if (length >= 0 && !FilterProgram.allows(program, (int) length, call)) {
        return Answer.NOT_ALLOWED;
      }
    }
    return length == -Err.ENOENT ? Answer.ALLOWED : Answer.UNREADABLE;
  }

  /** EINVAL, that there is no filter, and ENOENT, that there are no more, are answers. */
  private static long get(Libc libc, int tid, int index, long address) {
    long r = libc.ptrace(linux_h.PTRACE_SECCOMP_GET_FILTER(), tid, index, address);
    return r < 0 && r != -Err.EINVAL && r != -Err.ENOENT
        ? libc.ptrace(linux_h.PTRACE_SECCOMP_GET_FILTER(), tid, index, address)
        : r;
  }

  private void describe(Registers registers) {
    seccomp_data.nr(call, (int) registers.call());
    seccomp_data.arch(call, linux_h.AUDIT_ARCH_X86_64());
    seccomp_data.instruction_pointer(call, registers.instructionPointer());
    for (int i = 0; i < 6; i++) {
      seccomp_data.args(call, i, registers.argument(i));
    }
  }
}
