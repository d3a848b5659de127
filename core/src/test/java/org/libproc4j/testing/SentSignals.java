package org.libproc4j.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.LongStream;

/**
 * The signals that a target's parent has sent to it, and what should have become of them in a
 * target that writes down each run of a handler: whether one was lost, or came twice.
 *
 * <p>Real-time signals are queued: each comes once. Of others, a second one that comes while the
 * first is pending is one with it; but after the last there must be a run.
 */
final class SentSignals {
  private final TreeMap<Integer, Sent> bySignal = new TreeMap<>();

  /** Any may be lost. */
  private boolean forgiving;

  /** What was sent of one signal. */
  private static final class Sent {
    final List<Long> values = new ArrayList<>();
    int times;

    /** How many runs of any handler had begun before the last was sent; −1 for none that counts. */
    int loggedBefore = -1;
  }

  /** It is about to be sent; {@code logged} handler runs have begun. */
  synchronized void sending(int signal, int logged) {
    note(signal, logged);
  }

  private Sent note(int signal, int logged) {
    Sent sent = bySignal.computeIfAbsent(signal, s -> new Sent());
    sent.times++;
    sent.loggedBefore = logged;
    if (Signals.stops(signal) && bySignal.containsKey(Signals.SIGCONT)) {
      forgive(Signals.SIGCONT); // the kernel discards one that is still pending
    }
    return sent;
  }

  /** Likewise, queued with a value. */
  synchronized void queueing(int signal, long value, int logged) {
    note(signal, logged).values.add(value);
  }

  /** The last one was meant to be lost. */
  synchronized void forgive(int signal) {
    Sent sent = bySignal.get(signal);
    if (sent != null) {
      sent.loggedBefore = -1;
    }
  }

  /** Any may be lost from now on. */
  synchronized void forgiveAll() {
    forgiving = true;
  }

  /**
   * What is wrong, a line each.
   *
   * @param runs what the handlers wrote down
   * @param parent the sender
   * @param handled mask of the signals that have a handler
   * @param pending mask of those that are still to come
   */
  synchronized List<String> problems(
      List<LoggedSignal> runs, int parent, long handled, long pending) {
    List<String> problems = new ArrayList<>();
    bySignal.forEach(
        (signal, sent) -> {
          long bit = Signals.bit(signal);
          if ((handled & bit) == 0 || (pending & bit) != 0) {
            return;
          }
          List<LoggedSignal> own =
              runs.stream().filter(r -> r.signal() == signal && r.senderPid() == parent).toList();
          if (own.size() > sent.times) {
            problems.add(
                "signal %d came %d times, sent %d".formatted(signal, own.size(), sent.times));
          } else if (!forgiving && sent.loggedBefore >= 0 && isLost(signal, sent, own, runs)) {
            problems.add(
                "signal %d was lost: sent %d times, came %d times"
                    .formatted(signal, sent.times, own.size()));
          }
        });
    return problems;
  }

  private static boolean isLost(
      int signal, Sent sent, List<LoggedSignal> own, List<LoggedSignal> runs) {
    if (signal >= Signals.SIGRTMIN) {
      LongStream came = own.stream().filter(LoggedSignal::isQueued).mapToLong(LoggedSignal::value);
      return own.size() != sent.times
          || !came.sorted().boxed().toList().equals(sorted(sent.values));
    }
    return runs.stream().skip(sent.loggedBefore).noneMatch(own::contains);
  }

  private static List<Long> sorted(List<Long> values) {
    return values.stream().sorted().toList();
  }
}
