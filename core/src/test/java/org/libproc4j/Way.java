package org.libproc4j;

import org.libproc4j.internal.linux.InterposedLibc;

/** The ways to have control that every rule holds for: who traces, and how a thread is stopped. */
enum Way {
  SHARED("shared", StopMechanism.INTERRUPT),
  SHARED_TGKILL("shared, by TGKILL", StopMechanism.TGKILL),
  CONFINED("confined", StopMechanism.INTERRUPT),
  CONFINED_TGKILL("confined, by TGKILL", StopMechanism.TGKILL);

  private final String description;
  private final StopMechanism mechanism;

  Way(String description, StopMechanism mechanism) {
    this.description = description;
    this.mechanism = mechanism;
  }

  boolean isShared() {
    return this == SHARED || this == SHARED_TGKILL;
  }

  Tracer open() {
    return isShared() ? Tracer.ofShared(mechanism) : Tracer.ofConfined(mechanism);
  }

  Tracer open(InterposedLibc libc) {
    return isShared() ? Tracer.ofShared(libc, mechanism) : Tracer.ofConfined(libc, mechanism);
  }

  /** As it appears in the names of tests. */
  @Override
  public String toString() {
    return description;
  }
}
