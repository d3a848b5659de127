package org.libproc4j.internal.ptrace;

/** What has become of a process since it was seized. */
public enum Fate {
  /** Ours. */
  CONTROLLED,
  /** Alive, as far as we know, and no longer ours. */
  LOST,
  /** Ended. */
  ENDED,
  /** Let go by its handle. */
  RELEASED
}
