package org.libproc4j;

/** A process, thread or file could not be grabbed. The message says why, and what to do. */
public final class GrabException extends Exception {
  private static final long serialVersionUID = 1;

  /** The reason. */
  private final GrabError error;

  /**
   * With a reason and its explanation.
   *
   * @param error the reason
   * @param message what was tried, why it failed, and what to do
   */
  public GrabException(GrabError error, String message) {
    super(message);
    this.error = error;
  }

  /**
   * The reason.
   *
   * @return libproc's error
   */
  public GrabError error() {
    return error;
  }
}
