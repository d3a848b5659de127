package org.libproc4j.internal.linux;

import org.libproc4j.linux.linux_h;

/** Flags of open(2). */
public final class Open {
  public static final int O_RDONLY = linux_h.O_RDONLY();
  public static final int O_WRONLY = linux_h.O_WRONLY();
  public static final int O_RDWR = linux_h.O_RDWR();
  public static final int O_CREAT = linux_h.O_CREAT();
  public static final int O_TRUNC = linux_h.O_TRUNC();
  public static final int O_APPEND = linux_h.O_APPEND();
  public static final int O_NONBLOCK = linux_h.O_NONBLOCK();
  public static final int O_DIRECTORY = linux_h.O_DIRECTORY();
  public static final int O_CLOEXEC = linux_h.O_CLOEXEC();

  private Open() {}
}
