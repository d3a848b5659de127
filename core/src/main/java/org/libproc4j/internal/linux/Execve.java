package org.libproc4j.internal.linux;

import org.libproc4j.linux.linux_h;

/** The calls that execute a program: execve(2) and execveat(2). */
public final class Execve {
  private Execve() {}

  /** Whether a system call is one. */
  public static boolean is(int number) {
    return number == linux_h.__NR_execve() || number == linux_h.__NR_execveat();
  }
}
