package org.libproc4j.benchmarks;

import org.libproc4j.freezer.FreezeException;
import org.libproc4j.freezer.Freezer;
import org.libproc4j.freezer.Frozen;

/** Who freezes all processes, and thaws them. */
interface Freezing {
  /** How long it took, and how many it held. */
  record Times(double freezeMillis, double thawMillis, int processes) {}

  Times once();

  /** Libproc4j: from the caller's call to its return. */
  static Freezing ours(Freezer freezer) {
    return () -> {
      try {
        long start = System.nanoTime();
        Frozen frozen = freezer.freeze();
        long done = System.nanoTime();
        frozen.thaw();
        long thawed = System.nanoTime();
        return new Times((done - start) / 1e6, (thawed - done) / 1e6, frozen.report().processes());
      } catch (FreezeException e) {
        throw new IllegalStateException(e);
      }
    };
  }

  /** Another program, which answers with nanoseconds, and the number of processes. */
  static Freezing of(Helper helper) {
    return () -> {
      double[] all = helper.numbers("freeze");
      return new Times(all[0] / 1e6, all[1] / 1e6, (int) all[2]);
    };
  }
}
