package org.libproc4j.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A number of processes with nothing to do; they end with this object or this JVM. */
final class Crowd implements AutoCloseable {
  private final Helper helper;
  private final Optional<CrowdGroup> group;

  Crowd(int processes) {
    this(processes, 1, Optional.empty());
  }

  /** Each of so many threads; where that can be, in a control group of their own. */
  static Crowd toFreeze(int processes, int threads) {
    return new Crowd(processes, threads, CrowdGroup.make());
  }

  private Crowd(int processes, int threads, Optional<CrowdGroup> group) {
    this.group = group;
    List<String> arguments = new ArrayList<>(List.of("" + processes, "" + threads));
    group.ifPresent(own -> arguments.add(own.directory().toString()));
    helper = Helper.start("crowd", arguments.toArray(String[]::new));
    helper.answer();
  }

  /** The process that has started them, and is to tell them what to do. */
  int parent() {
    return helper.pid();
  }

  /** From now on, one thread of each uses its processor without a rest; or has nothing to do. */
  void spin(boolean on) {
    helper.ask(on ? "spin" : "rest");
  }

  @Override
  public void close() {
    helper.close();
    group.ifPresent(CrowdGroup::close);
  }
}
