package org.libproc4j.freezer;

import java.util.List;
import org.libproc4j.testing.PidNamespace;

/** The means that a machine offers, and how much of a test to do. */
final class Backends {
  /**
   * {@code -Dlibproc4j.test.freezer.long}: everything with each of them, and as often as promised.
   */
  static final boolean LONG = Boolean.getBoolean("libproc4j.test.freezer.long");

  private Backends() {}

  /** All that can be tested there: where no cgroup can be made, none can be frozen. */
  static List<Backend> all(PidNamespace namespace) {
    return namespace.hasCgroups()
        ? List.of(Backend.TRACE, Backend.SIGNAL, Backend.CGROUP)
        : List.of(Backend.TRACE, Backend.SIGNAL);
  }

  /** All of them, or one after the other in turn. */
  static List<Backend> some(PidNamespace namespace, int turn) {
    List<Backend> all = all(namespace);
    return LONG ? all : List.of(all.get(turn % all.size()));
  }
}
