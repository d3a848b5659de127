package org.libproc4j;

import org.jspecify.annotations.Nullable;

/**
 * What {@link ProcessHandle#stop(StopRequest, int)} is asked to do, as libproc's {@code PC*} codes.
 *
 * @see <a href="https://illumos.org/man/3PROC/Pstopstatus">Pstopstatus(3PROC)</a>
 */
public enum StopRequest {
  /** Neither direct nor wait: bring the state up to date. */
  PCNULL(0),
  /** Direct to stop, and wait for it. */
  PCSTOP(1),
  /** Direct to stop, and return at once. */
  PCDSTOP(2),
  /** Wait for a stop, whoever causes it; direct nothing. */
  PCWSTOP(3);

  private final int code;

  StopRequest(int code) {
    this.code = code;
  }

  /**
   * libproc's number.
   *
   * @return 0 to 3
   */
  public int code() {
    return code;
  }

  /** The request with a code; null for an unknown one. */
  static @Nullable StopRequest of(int code) {
    return switch (code) {
      case 0 -> PCNULL;
      case 1 -> PCSTOP;
      case 2 -> PCDSTOP;
      case 3 -> PCWSTOP;
      default -> null;
    };
  }
}
