package org.libproc4j;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.libproc4j.testing.Target;

/**
 * A target whose leader is blocked in one system call, again and again: {@code blocker.c}. What it
 * has said is taken away by {@link #said}, so that one target serves many tests.
 */
final class Blocker implements AutoCloseable {
  /** What plain Linux does to a call when its thread is stopped and set running. */
  enum Stop {
    RESUMED,
    INTERRUPTED,
    /** Interrupted if it has a time limit. */
    LIMITED,
    SHORTENED
  }

  /**
   * A system call as {@code blocker list} describes it.
   *
   * @param completed what is said when the event has come; null for a call that waits for none
   * @param late what is said when its time is over, and of a shortened one after a stop; null for a
   *     call that has no limit
   */
  record Call(String name, @Nullable String completed, @Nullable String late, Stop stop) {
    private static final Pattern LINE = Pattern.compile("call (\\S+) (\\S+) (\\S+) (\\S+)");

    /** All that there are. */
    static List<Call> list() {
      try (Target target = Target.start("blocker", "list")) {
        return target.events().stream()
            .map(LINE::matcher)
            .filter(line -> line.matches())
            .map(line -> of(line))
            .toList();
      }
    }

    /** What is said of those that are not to be had here, io_uring for instance. */
    static List<String> absent() {
      try (Target target = Target.start("blocker", "list")) {
        return target.events().stream().filter(line -> line.startsWith("absent ")).toList();
      }
    }

    private static Call of(MatchResult line) {
      return new Call(
          line.group(1), said(line.group(2)), said(line.group(3)), Stop.valueOf(line.group(4)));
    }

    private static @Nullable String said(String outcome) {
      return outcome.equals("-") ? null : "returned " + outcome.replace('/', ' ');
    }
  }

  /** What is said by a call that a handler has interrupted, or seems to have. */
  static final String INTERRUPTED = "returned -1 4";

  final Call call;
  final Target target;

  private final Duration limit;
  private int taken;
  private int completions;
  private int pings;
  private int handled;

  /**
   * @param limit the call's own time limit, where it can have one; zero for none
   * @param restarts whether the handler of SIGUSR1 is one with SA_RESTART
   */
  Blocker(Call call, Duration limit, boolean restarts) {
    this.call = call;
    this.limit = limit;
    List<String> arguments = new ArrayList<>(List.of(call.name, Long.toString(limit.toMillis())));
    if (restarts) {
      arguments.add("restart");
    }
    target = Target.start("blocker", arguments.toArray(String[]::new));
  }

  /** Whether plain Linux ends the call with EINTR when its thread was stopped. */
  boolean isInterrupted() {
    return call.stop == Stop.INTERRUPTED || (call.stop == Stop.LIMITED && !limit.isZero());
  }

  /** Whether its leader sleeps in its call, if all that it has said was heard. */
  boolean isBlocked() {
    return target.states().getOrDefault(target.pid(), ' ') == 'S'
        && target.counter(0) == returns().size() + 1;
  }

  /** Asks its other thread for an answer. */
  void ping() {
    pings++;
    target.tell("ping");
  }

  /** Whether that has answered. */
  boolean hasAnswered() {
    return times("pong") == pings;
  }

  /** How its calls have ended since this was asked last, as far as that was heard. */
  List<String> said() {
    List<String> returns = returns();
    List<String> said = returns.subList(taken, returns.size());
    taken = returns.size();
    return said;
  }

  /** Whether a call has ended since {@link #said} was asked. */
  boolean hasSaid() {
    return returns().size() > taken;
  }

  /** Takes away what it has said. */
  void forget() {
    taken = returns().size();
  }

  /** Has the event come that the call waits for. */
  void complete() {
    completions++;
    target.tell("complete");
  }

  /** How its calls end when one event comes. */
  List<String> onCompletion() {
    return List.of(requireNonNull(call.completed));
  }

  /** Whether a call has ended since {@link #said} was asked, and the events have all come. */
  boolean hasCompleted() {
    return hasSaid() && times("completed") == completions;
  }

  /** Sends it a signal. */
  void send(int signal) {
    handled = target.signals().size() + 1;
    target.send(signal);
  }

  /** Whether its handler has run since that. */
  boolean hasHandled() {
    return target.signals().size() >= handled;
  }

  private List<String> returns() {
    return target.events().stream().filter(line -> line.startsWith("returned ")).toList();
  }

  private long times(String answer) {
    return target.events().stream().filter(answer::equals).count();
  }

  @Override
  public void close() {
    target.close();
  }

  @Override
  public String toString() {
    return call.name + (limit.isZero() ? " without a limit" : "");
  }
}
