package org.libproc4j;

/**
 * How to {@linkplain ProcessHandle#grab grab}.
 *
 * @see <a href="https://illumos.org/man/3PROC/Pgrab">Pgrab(3PROC)</a>
 */
public enum GrabOption {
  /** Take control, and do not stop. */
  NOSTOP,
  /** Take no control at all: the state can be read, by {@link StopRequest#PCNULL}. */
  RDONLY,
  /**
   * Keep the tracing sets of an earlier controller. Linux keeps none in the kernel, so there is
   * nothing to keep: accepted, without effect.
   */
  RETAIN,
  /**
   * Grab although somebody else has control. Linux allows one tracer at a time, so such a grab
   * fails with {@link GrabError#G_BUSY} all the same: accepted, without effect.
   */
  FORCE
}
