package org.libproc4j.freezer;

import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;

/**
 * What stands still, thread by thread.
 *
 * @param threads how many each process has
 * @param blocked who among them is to be touched
 */
record Tally(Map<Integer, Integer> threads, Iterable<Touch.Blocked> blocked) {
  /**
   * Counts what is held.
   *
   * @param children those that this JVM started: its reaper would take a stop of one for its end
   */
  static Tally of(Crew crew, Map<Integer, Hold> holders, Set<Integer> children, Patience patience)
      throws Setback {
    int[] pids = new int[holders.size()];
    int[] counts = new int[pids.length];
    boolean[] touchable = new boolean[pids.length];
    int size = 0;
    for (Map.Entry<Integer, Hold> entry : holders.entrySet()) {
      int pid = entry.getKey();
      Hold hold = entry.getValue();
      pids[size] = pid;
      counts[size] = hold.threads(pid);
      touchable[size++] = hold.allowsTouch(pid) && !children.contains(pid);
    }
    int[] open =
        IntStream.range(0, pids.length)
            .filter(i -> counts[i] == Hold.UNKNOWN || touchable[i])
            .toArray();
    Queue<Touch.Blocked> blocked = new ConcurrentLinkedQueue<>();
    crew.each(
        open.length,
        (index, proc) -> {
          int i = open[index];
          if (patience.isOver()) {
            return;
          }
          if (counts[i] == Hold.UNKNOWN) {
            counts[i] = Math.max(0, proc.threadCount(pids[i]));
          }
          if (touchable[i]) {
            Touch.find(proc, pids[i], counts[i], blocked::add);
          }
        });
    patience.check();
    Map<Integer, Integer> threads = new HashMap<>();
    for (int i = 0; i < pids.length; i++) {
      threads.put(pids[i], counts[i]);
    }
    return new Tally(threads, blocked);
  }
}
