package org.libproc4j;

/** Why a grab failed: libproc's {@code G_*}, with its numbers. */
public enum GrabError {
  /** Something unforeseen; the message tells. Also: the grab did not finish in its time. */
  G_STRANGE(-1),
  /** There is no such process. */
  G_NOPROC(1),
  /** There is no such core file. */
  G_NOCORE(2),
  /** The executable file cannot be opened. */
  G_NOEXEC(4),
  /** The process is a zombie. */
  G_ZOMB(5),
  /** Not permitted. */
  G_PERM(6),
  /** Somebody else has control. */
  G_BUSY(7),
  /** A kernel thread. */
  G_SYS(8),
  /** The caller itself. */
  G_SELF(9),
  /** The calling thread was interrupted. */
  G_INTR(10),
  /** The file is not in ELF format, or not of the kind that was asked for. */
  G_FORMAT(12),
  /** The ELF file is damaged. */
  G_ELF(13),
  /** The ELF file is for another architecture. */
  G_ISAINVAL(15),
  /** No file descriptor is left. */
  G_NOFD(17);

  private final int code;

  GrabError(int code) {
    this.code = code;
  }

  /**
   * libproc's number.
   *
   * @return the number
   */
  public int code() {
    return code;
  }
}
