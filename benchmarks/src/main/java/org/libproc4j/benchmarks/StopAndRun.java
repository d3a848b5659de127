package org.libproc4j.benchmarks;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.libproc4j.GrabException;
import org.libproc4j.LwpHandle;
import org.libproc4j.ProcessHandle;

/** "Stop, set running", back to back or with pauses, of all threads or of one. */
final class StopAndRun {
  /** Of this many on, a cycle takes so long that a few rounds must do. */
  private static final int MANY = 5_000;

  private static final int ROUNDS_OF_MANY = 7;
  private static final int WARM_UPS = 2;
  private static final Duration LIMIT = Duration.ofSeconds(15);

  final int threads;
  final int pauseMillis;
  final Placement placement;
  private final int cycles;
  private final Contest contest = new Contest();

  /** All stops, those of the warm-up included. */
  private final Map<String, List<double[]>> stops = new LinkedHashMap<>();

  private StopAndRun(int threads, int cycles, int pauseMillis, Placement placement) {
    this.threads = threads;
    this.cycles = cycles;
    this.pauseMillis = pauseMillis;
    this.placement = placement;
  }

  /** Of all threads. */
  static StopAndRun ofAll(int threads, int cycles, int pauseMillis, Placement placement, int rounds)
      throws GrabException {
    StopAndRun measured = new StopAndRun(threads, cycles, pauseMillis, placement);
    try (Ring ring = new Ring(new Sleepers(threads), placement)) {
      measured.addC(ring, Ring.C, "peek");
      measured.addOurs(ring, measured::all);
      measured.addC(ring, Ring.PLAIN_C, "plain");
      measured.run(rounds);
    }
    return measured;
  }

  /** Of a single thread, while the others run on. */
  static StopAndRun ofOne(int threads, int cycles, int rounds) throws GrabException {
    StopAndRun measured = new StopAndRun(threads, cycles, 0, Placement.FREE);
    try (Ring ring = new Ring(new Sleepers(threads), Placement.FREE)) {
      measured.addC(ring, Ring.C, "single");
      measured.addOurs(ring, measured::one);
      measured.run(rounds);
    }
    return measured;
  }

  double micros(String name) {
    return contest.median(name);
  }

  double ratio(String name) {
    return contest.ratio(name);
  }

  /** How long each stop took. */
  double[] stops(String name) {
    return stops.getOrDefault(name, List.of()).stream().flatMapToDouble(Arrays::stream).toArray();
  }

  String where() {
    return Sleepers.inWords(threads) + ", " + placement.inWords();
  }

  private void addC(Ring ring, String name, String loop) {
    String command = loop + " " + cycles + " " + pauseMillis;
    contest.add(name, ring.inC(command, nanos -> note(name, Cycles.of(nanos))));
  }

  private void addOurs(Ring ring, Function<ProcessHandle, Cycles> measurement) {
    contest.add(
        Ring.CONFINED,
        ring.inJava(ring.confined, process -> note(Ring.CONFINED, measurement.apply(process))));
    contest.add(
        Ring.SHARED,
        ring.inJava(ring.shared, process -> note(Ring.SHARED, measurement.apply(process))));
  }

  private void run(int rounds) throws GrabException {
    contest.run(WARM_UPS, threads < MANY ? rounds : Math.min(rounds, ROUNDS_OF_MANY), LIMIT);
  }

  private Cycles all(ProcessHandle process) {
    return Cycles.of(process::stop, process::setRun, cycles, pauseMillis);
  }

  private Cycles one(ProcessHandle process) {
    try (LwpHandle thread = process.lwp(process.lwpIds().getLast())) {
      return Cycles.of(thread::stop, thread::setRun, cycles, pauseMillis);
    } catch (GrabException e) {
      throw new IllegalStateException(e);
    }
  }

  private double note(String name, Cycles measured) {
    stops.computeIfAbsent(name, _ -> new ArrayList<>()).add(measured.stops());
    return measured.micros();
  }
}
