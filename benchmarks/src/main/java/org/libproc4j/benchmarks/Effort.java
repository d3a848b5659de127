package org.libproc4j.benchmarks;

import java.util.List;

/**
 * How much is measured.
 *
 * @param level how often
 * @param threads the numbers of threads of the targets, in ascending order
 */
record Effort(Level level, List<Integer> threads) {
  enum Level {
    FULL,
    /** In a fifth of the time. */
    QUICK,
    /** To see that all works: the figures mean nothing. */
    TINY
  }

  static Effort of(Level level) {
    return new Effort(
        level,
        switch (level) {
          case FULL -> List.of(1, 10, 100, 1_000, 5_000, 10_000);
          case QUICK -> List.of(1, 10, 100, 1_000);
          case TINY -> List.of(1, 10);
        });
  }

  /** The one for this level. */
  <T> T of(T full, T quick, T tiny) {
    return switch (level) {
      case FULL -> full;
      case QUICK -> quick;
      case TINY -> tiny;
    };
  }
}
