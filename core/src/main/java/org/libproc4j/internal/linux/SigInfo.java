package org.libproc4j.internal.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.libproc4j.linux.siginfo_t;

/**
 * A {@code siginfo_t} that {@code waitid} and PTRACE_GETSIGINFO fill; its owner reuses it.
 *
 * <p>After {@code waitid}: {@link #pid}, {@link #code} and {@link #status}. After
 * PTRACE_GETSIGINFO: {@link #signal}, {@link #code} and {@link #pid}, the sender's.
 */
public final class SigInfo {
  private static final long PID =
      siginfo_t._sifields$offset()
          + siginfo_t._sifields._sigchld$offset()
          + siginfo_t._sifields._sigchld.si_pid$offset();
  private static final long STATUS =
      siginfo_t._sifields$offset()
          + siginfo_t._sifields._sigchld$offset()
          + siginfo_t._sifields._sigchld.si_status$offset();
  private static final long CODE = siginfo_t.si_code$offset();
  private static final long SIGNAL = siginfo_t.si_signo$offset();

  private final MemorySegment segment = Arena.ofAuto().allocate(siginfo_t.layout());

  MemorySegment segment() {
    return segment;
  }

  /** For ptrace requests, which take it as a number. */
  public long address() {
    return segment.address();
  }

  void clearPid() {
    segment.set(ValueLayout.JAVA_INT, PID, 0);
  }

  /** {@code si_pid}: which task the report is about, or who sent the signal. */
  public int pid() {
    return segment.get(ValueLayout.JAVA_INT, PID);
  }

  /** {@code si_status}: exit code, signal, or a ptrace-stop's event and signal. */
  public int status() {
    return segment.get(ValueLayout.JAVA_INT, STATUS);
  }

  /** {@code si_code}. */
  public int code() {
    return segment.get(ValueLayout.JAVA_INT, CODE);
  }

  /** {@code si_signo}. */
  public int signal() {
    return segment.get(ValueLayout.JAVA_INT, SIGNAL);
  }
}
