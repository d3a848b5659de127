package org.libproc4j.internal.linux;

import org.libproc4j.linux.linux_h;

/** The signals and signal codes that the engine knows by name. */
public final class Signal {
  public static final int SIGTRAP = linux_h.SIGTRAP();
  public static final int SIGILL = linux_h.SIGILL();
  public static final int SIGBUS = linux_h.SIGBUS();
  public static final int SIGFPE = linux_h.SIGFPE();
  public static final int SIGKILL = linux_h.SIGKILL();
  public static final int SIGSEGV = linux_h.SIGSEGV();
  public static final int SIGSYS = linux_h.SIGSYS();
  public static final int SIGCONT = linux_h.SIGCONT();
  public static final int SIGSTOP = linux_h.SIGSTOP();
  public static final int SIGTSTP = linux_h.SIGTSTP();
  public static final int SIGTTIN = linux_h.SIGTTIN();
  public static final int SIGTTOU = linux_h.SIGTTOU();

  /** The highest signal number of Linux (64), which C calls {@code _NSIG − 1}. */
  public static final int MAX = 64;

  public static final int SI_TKILL = linux_h.SI_TKILL();
  public static final int TRAP_BRKPT = linux_h.TRAP_BRKPT();
  public static final int TRAP_TRACE = linux_h.TRAP_TRACE();

  private Signal() {}

  /** Whether job control stops a process with this signal. */
  public static boolean stops(int signal) {
    return signal == SIGSTOP || signal == SIGTSTP || signal == SIGTTIN || signal == SIGTTOU;
  }
}
