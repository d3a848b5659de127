package org.libproc4j.internal.linux;

import org.libproc4j.linux.linux_h;

/** Arguments and reports of waitid(2). */
public final class Wait {
  public static final int P_ALL = linux_h.P_ALL();
  public static final int P_PID = linux_h.P_PID();

  public static final int WEXITED = linux_h.WEXITED();
  public static final int WNOHANG = linux_h.WNOHANG();
  public static final int WNOWAIT = linux_h.WNOWAIT();
  public static final int WALL = linux_h.__WALL();
  public static final int WCLONE = linux_h.__WCLONE();
  public static final int WNOTHREAD = linux_h.__WNOTHREAD();

  public static final int CLD_EXITED = linux_h.CLD_EXITED();
  public static final int CLD_KILLED = linux_h.CLD_KILLED();
  public static final int CLD_DUMPED = linux_h.CLD_DUMPED();
  public static final int CLD_TRAPPED = linux_h.CLD_TRAPPED();

  /** For poll(2): a pidfd is readable once its process has ended. */
  public static final int POLLIN = linux_h.POLLIN();

  /** For poll(2): a kernfs file, as a control group's, says something new. */
  public static final int POLLPRI = linux_h.POLLPRI();

  private Wait() {}
}
