package org.libproc4j.freezer;

/** What the time of a freeze went into. */
public enum Phase {
  /** Looking at all processes, and directing those found to stop. */
  STOP,
  /** Waiting for those to stop. */
  SETTLE,
  /** The last full pass, which found every thread stopped and nothing new. */
  VERIFY,
  /**
   * Seeing to it that what was not traced does not notice: no part of {@link
   * FreezeReport#freezeTime}.
   */
  MEND,
  /** Letting all go. */
  THAW
}
