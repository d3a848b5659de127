package org.libproc4j.scenarios;

import org.libproc4j.StopMechanism;
import org.libproc4j.Tracer;

/** The ways of stopping: whose thread traces, and how it stops a single thread. */
enum Way {
  CONFINED_INTERRUPT(true, StopMechanism.INTERRUPT),
  CONFINED_TGKILL(true, StopMechanism.TGKILL),
  SHARED_INTERRUPT(false, StopMechanism.INTERRUPT),
  SHARED_TGKILL(false, StopMechanism.TGKILL);

  private final boolean confined;
  private final StopMechanism mechanism;

  Way(boolean confined, StopMechanism mechanism) {
    this.confined = confined;
    this.mechanism = mechanism;
  }

  /** A tracer of this kind; a confined one is the calling thread. */
  Tracer open() {
    return confined ? Tracer.ofConfined(mechanism) : Tracer.ofShared(mechanism);
  }

  /** Whether nobody listens to the target between calls. */
  boolean isConfined() {
    return confined;
  }

  @Override
  public String toString() {
    return (confined ? "confined" : "shared") + " tracer, " + mechanism;
  }
}
