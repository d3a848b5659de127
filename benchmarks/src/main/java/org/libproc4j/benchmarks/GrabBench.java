package org.libproc4j.benchmarks;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Stream;
import org.libproc4j.GrabException;
import org.libproc4j.ProcessHandle;
import org.libproc4j.Tracer;

/** What it costs to take control of a process, stop it, and let it go. */
final class GrabBench {
  private static final String TEXT =
      """
      Takes control of all threads, stops them, and lets them go. *C* makes the system calls that libproc4j makes. *Its own tracer*
      is `ProcessHandle.grab`, which starts a tracer for the process and ends it. The peers are programs, started anew each time:
      from their start to their end. What gdb needs only to start and end, without a process, is among the figures.
      """;

  private static final String OWN = "its own tracer";

  /** Of this many on, one takes so long that a few rounds must do. */
  private static final int MANY = 1_000;

  /** After so many, it is compiled. */
  private static final int COMPILED = 300;

  private static final Duration LIMIT = Duration.ofSeconds(8);
  private static final Duration PEERS_LIMIT = Duration.ofMinutes(1);
  private static final String FAILED = "failed, or not within " + PEERS_LIMIT.toSeconds() + " s";

  private static final double GDB_BAR = 1;
  private static final int GDB_BEATEN_MOST = 5_000;
  private static final double GDB_BAR_THERE = 1 / 20.0;

  private interface Grab {
    ProcessHandle grab(int pid) throws GrabException;
  }

  private final Effort effort;
  private final Plot plot =
      Plot.ofCosts("grab-and-release", "Take control, stop and let go", "threads", "µs");
  private final Table table;
  private final List<Figure> figures = new ArrayList<>();
  private final List<Peer> peers =
      Stream.of(Peer.GDB, Peer.STRACE, Peer.LLDB).filter(Peer::isPresent).toList();

  /** Who has failed once. */
  private final Set<Peer> spared = EnumSet.noneOf(Peer.class);

  private GrabBench(Effort effort) {
    this.effort = effort;
    List<String> columns =
        new ArrayList<>(
            List.of("threads", "C, µs", "confined", "shared", OWN, "confined / C", "shared / C"));
    peers.forEach(peer -> columns.add(peer.called));
    table = new Table("grabs", columns, new ArrayList<>());
  }

  static Section measure(Effort effort) throws GrabException {
    return new GrabBench(effort).measure();
  }

  private Section measure() throws GrabException {
    try (Ring ring = new Ring(new Sleepers(1), Placement.FREE)) {
      ours(ring).run(effort.of(COMPILED, COMPILED, 0), 1, LIMIT);
    }
    if (peers.contains(Peer.GDB)) {
      figures.add(Figure.of("start and end of gdb, without a process", gdbAlone(), "µs"));
    }
    for (int threads : effort.threads()) {
      measure(threads);
    }
    return new Section("Grab and release", TEXT, List.of(plot), List.of(table, ofJvm()), figures);
  }

  private void measure(int threads) throws GrabException {
    Contest ours = ours(threads);
    List<Object> cells = new ArrayList<>();
    cells.add(threads);
    for (String name : ours.names()) {
      cells.add(ours.median(name));
      plot.add(name, threads, ours.median(name));
    }
    cells.add(ours.ratio(Ring.CONFINED));
    cells.add(ours.ratio(Ring.SHARED));
    for (Peer peer : peers) {
      cells.add(spared.contains(peer) ? FAILED : peer(peer, threads, ours.median(Ring.CONFINED)));
    }
    table.add(cells);
  }

  /** Our ways and C's. */
  private Contest ours(int threads) throws GrabException {
    try (Ring ring = new Ring(new Sleepers(threads), Placement.FREE)) {
      return ours(ring).run(2, threads < MANY ? effort.of(50, 20, 1) : effort.of(7, 5, 1), LIMIT);
    }
  }

  /** Also for the guard. */
  static Contest ours(Ring ring) {
    return new Contest()
        .add(Ring.C, () -> ring.ofC("grab 1")[0] / 1e3)
        .add(Ring.CONFINED, () -> grabAndRelease(ring.confined::grab, ring.pid()))
        .add(Ring.SHARED, () -> grabAndRelease(ring.shared::grab, ring.pid()))
        .add(OWN, () -> grabAndRelease(ProcessHandle::grab, ring.pid()));
  }

  private static double grabAndRelease(Grab grab, int pid) throws GrabException {
    long start = System.nanoTime();
    grab.grab(pid).close();
    return (System.nanoTime() - start) / 1e3;
  }

  /** One that fails, or takes too long, is spared any larger target. */
  private Object peer(Peer peer, int threads, double confined) {
    List<Double> all = new ArrayList<>();
    try (Sleepers target = new Sleepers(threads)) {
      for (int i = threads < MANY ? effort.of(3, 2, 1) : 1; i > 0; i--) {
        if (attach(peer, target.pid()) instanceof Double micros) {
          all.add(micros);
        } else {
          spared.add(peer);
          return FAILED;
        }
      }
    }
    double micros = Median.of(all.stream().mapToDouble(v -> v));
    plot.add(peer.called, threads, micros);
    if (peer == Peer.GDB) {
      figures.add(
          new Figure(
              "confined / gdb, " + Sleepers.inWords(threads),
              confined / micros,
              "",
              threads == GDB_BEATEN_MOST ? GDB_BAR_THERE : GDB_BAR));
    }
    return micros;
  }

  /** Microseconds, or that there are none. */
  private static Object attach(Peer peer, int pid) {
    try {
      OptionalDouble micros = Attaching.micros(peer, pid, PEERS_LIMIT);
      return micros.isPresent() ? (Object) micros.getAsDouble() : FAILED;
    } catch (IllegalStateException e) {
      System.err.println("bench: " + e.getMessage());
      return FAILED;
    }
  }

  private double gdbAlone() {
    return Command.micros(List.of("gdb", "-batch"), Map.of(), PEERS_LIMIT).orElseThrow();
  }

  /** Once, since what others do to a JVM depends little on chance, and much on its size. */
  private Table ofJvm() throws GrabException {
    Table ofJvm = new Table("jvm", "an idle JVM, by", "threads", "µs");
    try (JvmTarget target = new JvmTarget();
        Tracer confined = Tracer.ofConfined()) {
      int threads = target.threads();
      ofJvm.add(Ring.CONFINED, threads, grabAndRelease(confined::grab, target.pid()));
      for (Peer peer : Stream.concat(peers.stream(), Stream.of(Peer.JSTACK)).toList()) {
        if (peer.isPresent()) {
          ofJvm.add(peer.called, threads, attach(peer, target.pid()));
        }
      }
    }
    return ofJvm;
  }
}
