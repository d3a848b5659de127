package org.libproc4j.internal.linux;

/** A C function failed without which there can be no tracer. */
public final class FailedCallException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final String call;
  private final int errno;

  /** With the function's name. */
  public FailedCallException(String call, int errno) {
    super(call + " failed with errno " + errno);
    this.call = call;
    this.errno = errno;
  }

  /** The function's name. */
  public String call() {
    return call;
  }

  /** How it failed. */
  public int errno() {
    return errno;
  }
}
