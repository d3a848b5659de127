package org.libproc4j.benchmarks;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.libproc4j.procfs.ProcFs;
import org.libproc4j.procfs.Snapshot;
import org.libproc4j.procfs.StatField;

/**
 * A sweep over many processes, by libproc4j, by C and by others: of the same processes, taking
 * turns.
 */
final class Sweeps {
  /** Median milliseconds of a sweep, and the median of each round's ratio to the C program. */
  record Row(String who, int processes, double millis, double ratio) {}

  private static final String OURS = "ProcFs.snapshot";

  private static final StatField[] FIELDS = {
    StatField.PPID, StatField.STATE, StatField.FLAGS, StatField.START_TIME, StatField.COMM
  };

  private static final int WARM_UP_SWEEPS = 100;
  private static final Duration WARM_UP = Duration.ofSeconds(10);
  private static final int SWEEPS_A_ROUND = 3;

  private static final double C_BAR = 1.4;
  private static final double OTHERS_BAR = 3;
  private static final double MOST_BYTES = 200;

  private final ProcFs proc = ProcFs.of();
  private final List<Row> rows = new ArrayList<>();
  private final List<Figure> figures = new ArrayList<>();

  /** One of those who take turns, and the nanoseconds of each of its rounds. */
  private static final class Contender {
    final String name;
    final Sweeper sweeper;
    final double[] nanos;

    Contender(String name, Sweeper sweeper, int rounds) {
      this.name = name;
      this.sweeper = sweeper;
      this.nanos = new double[rounds];
    }

    /** Until it is compiled, or has had its time. */
    void warmUp() {
      long end = System.nanoTime() + WARM_UP.toNanos();
      for (int i = 0; i < WARM_UP_SWEEPS && System.nanoTime() < end; i++) {
        sweeper.nanos(1);
      }
    }

    /** The median of each round's ratio. */
    double ratioTo(Contender other) {
      return Median.of(
          IntStream.range(0, nanos.length).mapToDouble(i -> nanos[i] / other.nanos[i]));
    }
  }

  /** Compares all that are there. */
  static Sweeps measure(int processes, int rounds) {
    Sweeps sweeps = new Sweeps();
    Map<String, Sweeper> others = Others.present();
    try (Crowd _ = new Crowd(processes);
        Sweeper c = Sweeper.of(Helper.start("snapshot", "/proc"))) {
      sweeps.compare(c, others, rounds);
      sweeps.figures.add(
          new Figure("allocated a process, " + OURS, sweeps.allocated(), "B", MOST_BYTES));
    } finally {
      others.values().forEach(Sweeper::close);
    }
    return sweeps;
  }

  List<Row> rows() {
    return rows;
  }

  List<Figure> figures() {
    return figures;
  }

  private int ours() {
    return proc.snapshot(FIELDS).size();
  }

  /** The same by records. */
  private int ofEach() {
    return (int) proc.processes().filter(process -> process.stat().isPresent()).count();
  }

  private void compare(Sweeper inC, Map<String, Sweeper> others, int rounds) {
    Contender c = new Contender("C", inC, rounds);
    Contender ours = new Contender(OURS, Sweeper.of(this::ours), rounds);
    List<Contender> rivals = new ArrayList<>();
    others.forEach((name, sweeper) -> rivals.add(new Contender(name, sweeper, rounds)));
    List<Contender> all = new ArrayList<>(List.of(c, ours));
    all.add(new Contender("ProcessFiles.stat of each", Sweeper.of(this::ofEach), rounds));
    all.addAll(rivals);
    all.forEach(Contender::warmUp);
    for (int round = 0; round < rounds; round++) {
      for (Contender contender : all) {
        double[] nanos = contender.sweeper.nanos(SWEEPS_A_ROUND);
        contender.nanos[round] = Median.of(Arrays.stream(nanos));
      }
    }
    for (Contender contender : all) {
      double millis = Median.of(Arrays.stream(contender.nanos)) / 1e6;
      rows.add(new Row(contender.name, contender.sweeper.found(), millis, contender.ratioTo(c)));
    }
    figures.add(new Figure(OURS + " / C", ours.ratioTo(c), "", C_BAR));
    for (Contender rival : rivals) {
      figures.add(new Figure(OURS + " / " + rival.name, ours.ratioTo(rival), "", 1 / OTHERS_BAR));
    }
  }

  /** What a sweep leaves, its result included. */
  private double allocated() {
    ThreadMXBean beans = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long self = Thread.currentThread().threadId();
    long before = beans.getThreadAllocatedBytes(self);
    Snapshot snapshot = proc.snapshot(FIELDS);
    return (double) (beans.getThreadAllocatedBytes(self) - before) / snapshot.size();
  }
}
