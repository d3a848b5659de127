package org.libproc4j.benchmarks;

import java.util.Locale;
import org.libproc4j.GrabException;

/** A part of the page, in the order in which it is read. */
enum Part {
  CYCLES,
  GRABS,
  WAITS,
  STEPS,
  INVISIBLE,
  MEMORY,
  COLD,
  PROC,
  FREEZE;

  /** What asks for it on the command line. */
  String option() {
    return "--" + name().toLowerCase(Locale.ROOT);
  }

  Section measure(Effort effort) throws GrabException {
    return switch (this) {
      case CYCLES -> CycleBench.measure(effort);
      case GRABS -> GrabBench.measure(effort);
      case WAITS -> WaitBench.measure(effort);
      case STEPS -> StepBench.measure(effort);
      case INVISIBLE -> InvisibleBench.measure(effort);
      case MEMORY -> Footprint.measure(effort);
      case COLD -> ColdStart.measure(effort);
      case PROC -> Sweeps.measure(effort);
      case FREEZE -> FreezeBench.measureInside(effort);
    };
  }
}
