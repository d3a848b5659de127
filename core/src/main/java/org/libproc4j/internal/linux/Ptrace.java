package org.libproc4j.internal.linux;

import org.libproc4j.linux.linux_h;

/** Requests, options and events of ptrace(2). */
public final class Ptrace {
  public static final int CONT = linux_h.PTRACE_CONT();
  public static final int SINGLESTEP = linux_h.PTRACE_SINGLESTEP();
  public static final int SYSCALL = linux_h.PTRACE_SYSCALL();
  public static final int DETACH = linux_h.PTRACE_DETACH();
  public static final int SEIZE = linux_h.PTRACE_SEIZE();
  public static final int INTERRUPT = linux_h.PTRACE_INTERRUPT();
  public static final int LISTEN = linux_h.PTRACE_LISTEN();
  public static final int SETOPTIONS = linux_h.PTRACE_SETOPTIONS();
  public static final int GETSIGINFO = linux_h.PTRACE_GETSIGINFO();
  public static final int GETEVENTMSG = linux_h.PTRACE_GETEVENTMSG();
  static final int PEEKSIGINFO = linux_h.PTRACE_PEEKSIGINFO();

  public static final int O_TRACESYSGOOD = linux_h.PTRACE_O_TRACESYSGOOD();
  public static final int O_TRACEFORK = linux_h.PTRACE_O_TRACEFORK();
  public static final int O_TRACEVFORK = linux_h.PTRACE_O_TRACEVFORK();
  public static final int O_TRACECLONE = linux_h.PTRACE_O_TRACECLONE();
  public static final int O_TRACEEXEC = linux_h.PTRACE_O_TRACEEXEC();
  public static final int O_TRACEEXIT = linux_h.PTRACE_O_TRACEEXIT();

  public static final int EVENT_FORK = linux_h.PTRACE_EVENT_FORK();
  public static final int EVENT_VFORK = linux_h.PTRACE_EVENT_VFORK();
  public static final int EVENT_CLONE = linux_h.PTRACE_EVENT_CLONE();
  public static final int EVENT_EXEC = linux_h.PTRACE_EVENT_EXEC();
  public static final int EVENT_EXIT = linux_h.PTRACE_EVENT_EXIT();
  public static final int EVENT_STOP = linux_h.PTRACE_EVENT_STOP();

  private Ptrace() {}
}
