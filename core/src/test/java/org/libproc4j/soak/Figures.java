package org.libproc4j.soak;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;

/** What has been done, by kind. */
final class Figures {
  private final Map<String, LongAdder> operations = new ConcurrentSkipListMap<>();
  private final Map<String, LongAdder> targets = new ConcurrentSkipListMap<>();
  private final Map<String, LongAdder> checks = new ConcurrentSkipListMap<>();
  private final long start = System.nanoTime();

  void operation(Operation operation) {
    count(operations, operation.toString());
  }

  void target(String species) {
    count(targets, species);
  }

  void check(String what) {
    count(checks, what);
  }

  private static void count(Map<String, LongAdder> by, String kind) {
    by.computeIfAbsent(kind, _ -> new LongAdder()).increment();
  }

  private static long sum(Map<String, LongAdder> by) {
    return by.values().stream().mapToLong(LongAdder::sum).sum();
  }

  private static void table(StringBuilder text, String title, Map<String, LongAdder> by) {
    text.append("%n%,10d %s%n".formatted(sum(by), title));
    by.forEach((kind, times) -> text.append("%,14d  %s%n".formatted(times.sum(), kind)));
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    text.append("in ").append(Duration.ofNanos(System.nanoTime() - start).toSeconds()).append(" s");
    table(text, "operations", operations);
    table(text, "targets", targets);
    table(text, "checks", checks);
    return text.toString();
  }
}
