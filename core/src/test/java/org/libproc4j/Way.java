package org.libproc4j;

import org.libproc4j.internal.linux.Libc;

/** The ways to have control that every rule holds for: who traces, and how a thread is stopped. */
public enum Way {
  CONFINED_INTERRUPT(false, StopMechanism.INTERRUPT),
  CONFINED_TGKILL(false, StopMechanism.TGKILL),
  SHARED_INTERRUPT(true, StopMechanism.INTERRUPT),
  SHARED_TGKILL(true, StopMechanism.TGKILL);

  private final boolean shared;
  private final StopMechanism mechanism;

  Way(boolean shared, StopMechanism mechanism) {
    this.shared = shared;
    this.mechanism = mechanism;
  }

  /** Whether somebody always listens to the target, and any thread may call. */
  public boolean isShared() {
    return shared;
  }

  /** How it stops a thread. */
  public StopMechanism mechanism() {
    return mechanism;
  }

  /** A tracer of this kind; a confined one is the calling thread. */
  public Tracer open() {
    return shared ? Tracer.ofShared(mechanism) : Tracer.ofConfined(mechanism);
  }

  /** Likewise, with something between it and the kernel. */
  @SuppressWarnings("exports") // tests know what the module hides
  public Tracer open(Libc libc) {
    return shared ? Tracer.ofShared(libc, mechanism) : Tracer.ofConfined(libc, mechanism);
  }

  /** As it appears in the names of tests. */
  @Override
  public String toString() {
    return (shared ? "shared tracer, " : "confined tracer, ") + mechanism;
  }
}
