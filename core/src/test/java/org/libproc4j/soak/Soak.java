package org.libproc4j.soak;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.libproc4j.Tracer;
import org.libproc4j.Way;
import org.libproc4j.testing.Leaks;

/**
 * Workers that play at the same time, in rounds: after each round nothing may be left over in this
 * JVM.
 *
 * <ul>
 *   <li>{@code -Dlibproc4j.soak.seconds}: how long
 *   <li>{@code -Dlibproc4j.soak.workers}: how many
 *   <li>{@code -Dlibproc4j.soak.seed}: to do the same again; what several workers do follows from
 *       it, how they interleave does not
 *   <li>{@code -Dlibproc4j.soak.worker}, {@code -Dlibproc4j.soak.game}: only that worker, from that
 *       game on
 *   <li>{@code -Dlibproc4j.soak.species}: only {@linkplain Species such targets}
 * </ul>
 */
public final class Soak {
  private static final Duration ROUND = Duration.ofSeconds(15);

  /** An operation that takes longer hangs. On a busy machine some take seconds. */
  private static final Duration HANG = Duration.ofSeconds(Long.getLong("libproc4j.soak.hang", 90));

  private final long seed = Long.getLong("libproc4j.soak.seed", System.nanoTime());
  private final Duration duration;
  private final Figures figures = new Figures();
  private final List<Worker> workers;

  /**
   * @param seconds how long, unless a property says otherwise
   */
  public Soak(int seconds) {
    duration = Duration.ofSeconds(Integer.getInteger("libproc4j.soak.seconds", seconds));
    int only = Integer.getInteger("libproc4j.soak.worker", -1);
    int game = Integer.getInteger("libproc4j.soak.game", 0);
    workers =
        IntStream.range(0, Integer.getInteger("libproc4j.soak.workers", 4))
            .filter(i -> only < 0 || i == only)
            .mapToObj(i -> new Worker(seed, i, game, figures))
            .toList();
  }

  /** Plays, and fails with everything that is known if anything is wrong. */
  public void run() throws InterruptedException {
    System.out.println("soak: seed " + seed + ", " + workers.size() + " workers, " + duration);
    Leaks before = Leaks.baseline();
    long end = System.nanoTime() + duration.toNanos();
    int rounds = 0;
    while (System.nanoTime() < end) {
      round(Math.min(end, System.nanoTime() + ROUND.toNanos()));
      before.assertNone();
      rounds++;
    }
    System.out.println(
        "soak: " + rounds + " rounds, without a hang, a leak or a stray stop, " + figures);
  }

  private void round(long end) throws InterruptedException {
    AtomicBoolean failed = new AtomicBoolean();
    try (Tracer one = Way.SHARED_INTERRUPT.open();
        Tracer other = Way.SHARED_TGKILL.open()) {
      List<Thread> threads = new ArrayList<>();
      for (Worker worker : workers) {
        threads.add(
            worker.start(List.of(one, other), () -> failed.get() || System.nanoTime() - end > 0));
      }
      for (int i = 0; i < threads.size(); i++) {
        while (!threads.get(i).join(Duration.ofSeconds(1))) {
          failed.compareAndSet(false, workers.stream().anyMatch(w -> w.failure() != null));
          reportHangs();
        }
      }
    }
    for (Worker worker : workers) {
      Throwable failure = worker.failure();
      if (failure != null) {
        throw new AssertionError(failure + "\n" + worker.report() + figures, failure);
      }
    }
  }

  private void reportHangs() {
    List<Worker> hanging =
        workers.stream().filter(worker -> worker.busyNanos() > HANG.toNanos()).toList();
    if (hanging.isEmpty()) {
      return;
    }
    StringBuilder text = new StringBuilder("hangs:\n");
    hanging.forEach(worker -> text.append(worker.report()));
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (thread.getName().startsWith("libproc4j-") || thread.getName().equals("meanwhile")) {
        Worker.stack(text, thread);
      }
    }
    AssertionError hang = new AssertionError(text.append(figures).toString());
    workers.forEach(worker -> worker.abandon(hang));
    throw hang;
  }
}
