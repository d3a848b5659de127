package org.libproc4j.freezer;

/** Why a hold ended. */
public enum ThawCause {
  /** {@link Frozen#thaw()} or {@link Frozen#close()}. */
  REQUEST,
  /** The freeze failed, and what had been stopped was let go. */
  FAILURE,
  /** The time was over: {@link Freezer#deadline}. */
  DEADLINE,
  /** A signal came that would have ended the JVM, or could have. */
  SIGNAL,
  /** The JVM was about to exit. */
  EXIT
}
