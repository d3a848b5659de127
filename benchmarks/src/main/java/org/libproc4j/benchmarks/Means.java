package org.libproc4j.benchmarks;

import java.util.List;
import java.util.stream.Stream;
import org.libproc4j.freezer.Backend;

/** The freezer's backends: what does the same in C, and what is promised. */
enum Means {
  TRACE(Backend.TRACE, "freeze_trace", 0.5),
  SIGNAL(Backend.SIGNAL, "freeze_signal", 0.8),
  CGROUP(Backend.CGROUP, "freeze_cgroup", 1.0 / 3);

  final Backend backend;

  /** The C program that freezes by the same system calls. */
  final String program;

  /** The most that a freeze may take of the time of Sys::FreezeThaw. */
  final double peerBar;

  Means(Backend backend, String program, double peerBar) {
    this.backend = backend;
    this.program = program;
    this.peerBar = peerBar;
  }

  /** Those that there are here: without a control group that may be divided, all but CGROUP. */
  static List<Means> here() {
    return Stream.of(values()).filter(m -> m != CGROUP || CrowdGroup.isPossible()).toList();
  }
}
