package org.libproc4j.examples;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.libproc4j.Errno;

/** Makes the demo's calls, prints what comes of them, and remembers what did not hold. */
final class Stage {
  /** Time for a call to have begun to wait. */
  private static final long MEANWHILE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  private final boolean json;
  private final List<Step> steps = new ArrayList<>();

  /**
   * One thing that was shown: a call, or what could be seen after it.
   *
   * @param micros how long the call took, the waiting included
   * @param counters how far the eight counters went
   */
  record Step(
      String call,
      String what,
      Optional<Errno> result,
      Optional<Long> micros,
      Optional<List<Long>> counters,
      boolean held) {

    @Override
    public String toString() {
      String ok = held ? "ok" : "DID NOT HOLD";
      return counters.isPresent()
          ? "            %-20s %s  %s"
              .formatted(
                  what,
                  counters.get().stream().map("%+5d"::formatted).collect(Collectors.joining()),
                  ok)
          : "%-10s  %-38s  %-6s  %9s  %s"
              .formatted(
                  call,
                  what,
                  result.map(Errno::name).orElse(""),
                  micros.map(m -> m + " us").orElse(""),
                  ok);
    }
  }

  Stage(boolean json) {
    this.json = json;
  }

  void say(String text) {
    if (!json) {
      Tool.print(text);
    }
  }

  /** Makes a call. */
  void call(String name, String what, Errno expected, Supplier<Errno> call) {
    long start = System.nanoTime();
    Errno result = call.get();
    long micros = TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - start);
    add(
        new Step(
            name,
            what,
            Optional.of(result),
            Optional.of(micros),
            Optional.empty(),
            result == expected));
  }

  /** Makes a call that waits, and does something to end its wait. */
  void callWhile(
      String name, String what, Errno expected, Supplier<Errno> call, Runnable meanwhile) {
    Thread.ofPlatform()
        .daemon()
        .start(
            () -> {
              LockSupport.parkNanos(MEANWHILE_NANOS);
              meanwhile.run();
            });
    call(name, what, expected, call);
  }

  /** Tells how long something took that is no call of this stage's. */
  void timed(String name, String what, long nanos, boolean holds) {
    Optional<Long> micros = Optional.of(TimeUnit.NANOSECONDS.toMicros(nanos));
    add(new Step(name, what, Optional.empty(), micros, Optional.empty(), holds));
  }

  /** Tells what can be seen. */
  void see(String what, boolean holds) {
    add(new Step("", what, Optional.empty(), Optional.empty(), Optional.empty(), holds));
  }

  /** Tells what the counters show. */
  void see(String what, Movement counters) {
    add(
        new Step(
            "",
            what,
            Optional.empty(),
            Optional.empty(),
            Optional.of(counters.by()),
            counters.asExpected()));
  }

  private void add(Step step) {
    steps.add(step);
    say(step.toString());
  }

  /** Whether all that was shown held. */
  boolean verdict() {
    long failed = steps.stream().filter(step -> !step.held()).count();
    if (json) {
      Tool.print(Json.of(steps));
    }
    say(
        failed == 0
            ? "demo: all of the " + steps.size() + " things shown held"
            : "demo: " + failed + " of the " + steps.size() + " things shown DID NOT HOLD");
    return failed == 0;
  }
}
