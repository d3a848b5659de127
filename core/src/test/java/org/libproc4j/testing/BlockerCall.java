package org.libproc4j.testing;

import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A system call that {@code blocker.c} can be blocked in, as {@code blocker list} describes it.
 *
 * @param completed what is said when the event has come; null for a call that waits for none
 * @param late what is said when its time is over, and of a shortened one after a stop; null for a
 *     call that has no limit
 */
public record BlockerCall(
    String name, @Nullable String completed, @Nullable String late, Stop stop) {
  /** What is said by a call that a handler has interrupted, or seems to have. */
  public static final String INTERRUPTED = "returned -1 4";

  private static final Pattern LINE = Pattern.compile("call (\\S+) (\\S+) (\\S+) (\\S+)");

  /** What plain Linux does to a call when its thread is stopped and set running. */
  public enum Stop {
    RESUMED,
    INTERRUPTED,
    /** Interrupted if it has a time limit. */
    LIMITED,
    SHORTENED
  }

  /** All that there are. */
  public static List<BlockerCall> list() {
    try (Target target = Target.start("blocker", "list")) {
      return target.events().stream()
          .map(LINE::matcher)
          .filter(line -> line.matches())
          .map(line -> of(line))
          .toList();
    }
  }

  /** Those that go on after a stop, or should. */
  public static List<BlockerCall> resumable() {
    return list().stream().filter(call -> call.stop != Stop.SHORTENED).toList();
  }

  /** What is said of those that are not to be had here, io_uring for instance. */
  public static List<String> absent() {
    try (Target target = Target.start("blocker", "list")) {
      return target.events().stream().filter(line -> line.startsWith("absent ")).toList();
    }
  }

  private static BlockerCall of(MatchResult line) {
    return new BlockerCall(
        line.group(1), said(line.group(2)), said(line.group(3)), Stop.valueOf(line.group(4)));
  }

  private static @Nullable String said(String outcome) {
    return outcome.equals("-") ? null : "returned " + outcome.replace('/', ' ');
  }

  /** Whether plain Linux ends it with EINTR when its thread was stopped. */
  public boolean isInterrupted(boolean limited) {
    return stop == Stop.INTERRUPTED || (stop == Stop.LIMITED && limited);
  }
}
