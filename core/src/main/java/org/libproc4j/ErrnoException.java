package org.libproc4j;

/** An operation failed with an errno. */
public final class ErrnoException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** The errno. */
  private final Errno errno;

  /**
   * With a message of the form "operation: text (NAME)".
   *
   * @param operation what was tried
   * @param errno how it failed
   */
  public ErrnoException(String operation, Errno errno) {
    super(operation + ": " + errno.message() + " (" + errno + ")");
    this.errno = errno;
  }

  /**
   * How the operation failed.
   *
   * @return the errno, never {@link Errno#OK}
   */
  public Errno errno() {
    return errno;
  }
}
