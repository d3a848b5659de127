package org.libproc4j.benchmarks;

/**
 * Where the thread that traces runs, and where its target.
 *
 * <p>It decides the cost of a single stop more than anything that either of them does: waking a
 * processor that sleeps can take longer than ten stops on one that is awake. And the scheduler's
 * choice differs from run to run.
 */
enum Placement {
  /** On one processor. */
  TOGETHER,
  /** On two. */
  APART,
  /** Where the scheduler has them. */
  FREE;

  /** Pins both; the C program can do that, Java cannot. */
  void apply(Helper tracer, Sleepers target) {
    if (this == FREE) {
      return;
    }
    for (int tid : target.tids()) {
      tracer.ask("pin " + tid + " 0");
    }
    tracer.ask("pin " + target.tracer() + (this == TOGETHER ? " 0" : " 1"));
  }

  /** Unpins a thread. */
  void undo(Helper tracer, int tid) {
    if (this != FREE) {
      tracer.ask("pin " + tid + " -1");
    }
  }

  String inWords() {
    return switch (this) {
      case TOGETHER -> "one CPU";
      case APART -> "two CPUs";
      case FREE -> "any CPU";
    };
  }
}
