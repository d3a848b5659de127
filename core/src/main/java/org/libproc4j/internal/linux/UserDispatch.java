package org.libproc4j.internal.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Whether a stopped thread has its system calls handed back to it as signals:
 * PR_SET_SYSCALL_USER_DISPATCH of prctl(2).
 */
public final class UserDispatch {
  /** Younger than our headers: {@code PTRACE_GET_SYSCALL_USER_DISPATCH_CONFIG} of Linux 6.4. */
  private static final int GET_CONFIG = 0x4211;

  /** A {@code struct ptrace_sud_config}: mode, selector, offset and length. */
  private final MemorySegment config = Arena.ofAuto().allocate(ValueLayout.JAVA_LONG, 4);

  /** Not where the kernel is too old to tell. */
  public boolean isOn(Libc libc, int tid) {
    long r = libc.ptrace(GET_CONFIG, tid, config.byteSize(), config.address());
    return r == 0 && config.get(ValueLayout.JAVA_LONG, 0) != 0;
  }
}
