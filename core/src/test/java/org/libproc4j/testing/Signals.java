package org.libproc4j.testing;

/** Signal numbers, which are the same on x86-64 and aarch64. */
public final class Signals {

  public static final int SIGHUP = 1;
  public static final int SIGINT = 2;
  public static final int SIGQUIT = 3;
  public static final int SIGILL = 4;
  public static final int SIGTRAP = 5;
  public static final int SIGABRT = 6;
  public static final int SIGKILL = 9;
  public static final int SIGUSR1 = 10;
  public static final int SIGSEGV = 11;
  public static final int SIGUSR2 = 12;
  public static final int SIGTERM = 15;
  public static final int SIGCHLD = 17;
  public static final int SIGCONT = 18;
  public static final int SIGSTOP = 19;
  public static final int SIGTSTP = 20;
  public static final int SIGTTIN = 21;
  public static final int SIGTTOU = 22;
  public static final int SIGWINCH = 28;

  /** glibc's; it keeps 32 and 33 to itself. */
  public static final int SIGRTMIN = 34;

  private Signals() {}

  /** The bit of a signal in a mask of {@code /proc/PID/status}. */
  public static long bit(int signal) {
    return 1L << (signal - 1);
  }

  /** Whether it stops a process, by default. */
  static boolean stops(int signal) {
    return signal >= SIGSTOP && signal <= SIGTTOU;
  }
}
