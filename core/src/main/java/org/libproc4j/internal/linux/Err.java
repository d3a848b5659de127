package org.libproc4j.internal.linux;

import org.libproc4j.linux.linux_h;

/** The errno values that the engine decides on. */
public final class Err {
  public static final int EPERM = linux_h.EPERM();
  public static final int ESRCH = linux_h.ESRCH();
  public static final int EINTR = linux_h.EINTR();
  public static final int EIO = linux_h.EIO();
  public static final int EBADF = linux_h.EBADF();
  public static final int ECHILD = linux_h.ECHILD();
  public static final int EAGAIN = linux_h.EAGAIN();
  public static final int ENOMEM = linux_h.ENOMEM();
  public static final int EACCES = linux_h.EACCES();
  public static final int EBUSY = linux_h.EBUSY();
  public static final int EINVAL = linux_h.EINVAL();
  public static final int ENFILE = linux_h.ENFILE();
  public static final int EMFILE = linux_h.EMFILE();
  public static final int ENOENT = linux_h.ENOENT();
  public static final int ENOSYS = linux_h.ENOSYS();
  public static final int EPROTO = linux_h.EPROTO();
  public static final int ETIMEDOUT = linux_h.ETIMEDOUT();

  private Err() {}
}
