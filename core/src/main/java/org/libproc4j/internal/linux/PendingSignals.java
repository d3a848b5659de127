package org.libproc4j.internal.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.libproc4j.linux.__ptrace_peeksiginfo_args;
import org.libproc4j.linux.linux_h;
import org.libproc4j.linux.siginfo_t;

/** The signals queued for a stopped thread, by PTRACE_PEEKSIGINFO. */
public final class PendingSignals {
  private static final int BATCH = 32;

  private final Arena arena = Arena.ofAuto();
  private final MemorySegment args = arena.allocate(__ptrace_peeksiginfo_args.layout());
  private final MemorySegment infos = arena.allocate(siginfo_t.layout(), BATCH);

  /** Whether a signal is queued for that thread, and no other. */
  public boolean containsOnly(Libc libc, int tid, int signal) {
    return peek(libc, tid, 0) == 1 && signal(0) == signal && peek(libc, tid, 1) == 0;
  }

  /** Whether a signal is queued for the thread's process, to be taken by any thread of it. */
  public boolean isAnyForProcess(Libc libc, int tid) {
    return peek(libc, tid, 0, linux_h.PTRACE_PEEKSIGINFO_SHARED()) > 0;
  }

  /** Whether a signal is queued for that thread; 1, 0 or −errno. */
  public int contains(Libc libc, int tid, int signal) {
    long n;
    for (long offset = 0; (n = peek(libc, tid, offset)) > 0; offset += n) {
      for (long i = 0; i < n; i++) {
        if (signal(i) == signal) {
          return 1;
        }
      }
    }
    return (int) n;
  }

  /** Gives fewer than there are if a signal is pending for the caller, but at least one. */
  private long peek(Libc libc, int tid, long offset) {
    return peek(libc, tid, offset, 0);
  }

  private long peek(Libc libc, int tid, long offset, int flags) {
    __ptrace_peeksiginfo_args.off(args, offset);
    __ptrace_peeksiginfo_args.flags(args, flags);
    __ptrace_peeksiginfo_args.nr(args, BATCH);
    return libc.insist(Ptrace.PEEKSIGINFO, tid, args.address(), infos.address());
  }

  private int signal(long i) {
    return infos.get(
        ValueLayout.JAVA_INT, i * siginfo_t.layout().byteSize() + siginfo_t.si_signo$offset());
  }
}
