package org.libproc4j.scenarios;

import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.libproc4j.Way;

/** One operation of the API, each of whose calls is to fail. */
final class FaultOperation {
  /** What comes before it, without a fault. */
  @FunctionalInterface
  interface Arrangement {
    void of(FaultStage stage) throws Exception;
  }

  /** The operation itself; what it throws is an outcome as well. */
  @FunctionalInterface
  interface Trial {
    @Nullable Object of(FaultStage stage) throws Exception;
  }

  /** What must be true of its outcome, and of the world. */
  @FunctionalInterface
  interface Check {
    /**
     * Fails if it is not.
     *
     * @param outcome what it returned, or what it threw
     * @param errno how a call of it failed; 0 if none did
     */
    void of(FaultStage stage, @Nullable Object outcome, int errno) throws Exception;
  }

  final String name;
  final List<String> program;
  Arrangement arrangement = stage -> {};
  Trial trial = stage -> null;
  Check check = (stage, outcome, errno) -> {};
  Predicate<Way> ways = way -> true;

  /** Whether its target is of no more use. */
  boolean endsTarget;

  /** Whether it starts processes. */
  boolean creates;

  private FaultOperation(String name, List<String> program) {
    this.name = name;
    this.program = program;
  }

  static FaultOperation named(String name, String... program) {
    return new FaultOperation(name, List.of(program));
  }

  FaultOperation arrange(Arrangement a) {
    arrangement = a;
    return this;
  }

  FaultOperation attempt(Trial t) {
    trial = t;
    return this;
  }

  FaultOperation expect(Check c) {
    check = c;
    return this;
  }

  FaultOperation only(Predicate<Way> chosen) {
    ways = chosen;
    return this;
  }

  FaultOperation endingTarget() {
    endsTarget = true;
    return this;
  }

  FaultOperation creating() {
    creates = true;
    return this;
  }

  @Override
  public String toString() {
    return name;
  }
}
