package org.libproc4j;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.libproc4j.testing.BlockerCall;
import org.libproc4j.testing.Target;

/**
 * A target whose leader is blocked in one system call, again and again: {@code blocker.c}. What it
 * has said is taken away by {@link #said}, so that one target serves many tests.
 */
final class Blocker implements AutoCloseable {
  final BlockerCall call;
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
  Blocker(BlockerCall call, Duration limit, boolean restarts) {
    this.call = call;
    this.limit = limit;
    List<String> arguments = new ArrayList<>(List.of(call.name(), Long.toString(limit.toMillis())));
    if (restarts) {
      arguments.add("restart");
    }
    target = Target.start("blocker", arguments.toArray(String[]::new));
  }

  /** Whether plain Linux ends the call with EINTR when its thread was stopped. */
  boolean isInterrupted() {
    return call.isInterrupted(!limit.isZero());
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
    return List.of(requireNonNull(call.completed()));
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
    return call.name() + (limit.isZero() ? " without a limit" : "");
  }
}
