package org.libproc4j.benchmarks;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.libproc4j.GrabException;
import org.libproc4j.procfs.ProcFs;
import org.libproc4j.procfs.Snapshot;
import org.libproc4j.procfs.StatField;

/**
 * A sweep over many processes, by libproc4j, by C and by others: of the same processes, taking
 * turns.
 */
final class Sweeps {
  private static final String TEXT =
      """
      A sweep reads (pid, ppid, state, flags, start time, name) of all processes, most of which do nothing and were started for
      this. *C* makes the system calls that `ProcFs.snapshot` makes: `getdents64`, and for each process `openat`, `read` and `close`
      of its `stat`. OSHI and psutil, where installed, read the same fields but for the flags, which they do not have.
      """;

  static final String OURS = "ProcFs.snapshot";
  private static final String OF_EACH = "ProcessFiles.stat of each";

  private static final StatField[] FIELDS = {
    StatField.PPID, StatField.STATE, StatField.FLAGS, StatField.START_TIME, StatField.COMM
  };

  private static final int WARM_UP_SWEEPS = 100;
  private static final int SWEEPS_A_ROUND = 3;
  private static final Duration LIMIT = Duration.ofSeconds(20);

  private static final double C_BAR = 1.4;
  private static final double OTHERS_BAR = 3;
  private static final double MOST_BYTES = 200;

  private final ProcFs proc = ProcFs.of();
  private final Map<String, Sweeper> sweepers = new LinkedHashMap<>();
  private final Duration warmUp;

  private Sweeps(Duration warmUp) {
    this.warmUp = warmUp;
  }

  /** Compares all that are there. */
  static Section measure(Effort effort) throws GrabException {
    Sweeps sweeps = new Sweeps(Duration.ofMillis(effort.of(5_000, 2_500, 10)));
    Map<String, Sweeper> others = Others.present();
    Contest contest = sweeps.compare(effort.of(2_000, 2_000, 10), effort.of(10, 5, 1), others);
    Table table = new Table("sweeps", "sweep by", "processes", "ms", "times C");
    sweeps.sweepers.forEach(
        (name, sweeper) ->
            table.add(name, sweeper.found(), contest.median(name), contest.ratio(name)));
    sweeps.sweepers.values().forEach(Sweeper::close);
    List<Figure> figures = new ArrayList<>();
    figures.add(new Figure(OURS + " / C", contest.ratio(OURS), "", C_BAR));
    for (String rival : others.keySet()) {
      figures.add(new Figure(OURS + " / " + rival, contest.ratio(OURS, rival), "", 1 / OTHERS_BAR));
    }
    figures.add(new Figure("allocated a process, " + OURS, sweeps.allocated(), "B", MOST_BYTES));
    return new Section("A sweep over `/proc`", TEXT, List.of(), List.of(table), figures);
  }

  /** What ours takes of C's time, with so many processes. */
  static double ratio(int processes, int rounds) throws GrabException {
    Sweeps sweeps = new Sweeps(Duration.ofSeconds(2));
    double ratio = sweeps.compare(processes, rounds, Map.of()).ratio(OURS);
    sweeps.sweepers.values().forEach(Sweeper::close);
    return ratio;
  }

  private Contest compare(int processes, int rounds, Map<String, Sweeper> others)
      throws GrabException {
    sweepers.put(Ring.C, Sweeper.of(Helper.start("snapshot", "/proc")));
    sweepers.put(OURS, Sweeper.of(() -> proc.snapshot(FIELDS).size()));
    sweepers.put(OF_EACH, Sweeper.of(this::ofEach));
    sweepers.putAll(others);
    try (Crowd _ = new Crowd(processes)) {
      sweepers.values().forEach(this::warmUp);
      Contest contest = new Contest();
      sweepers.forEach(
          (name, sweeper) ->
              contest.add(
                  name, () -> Median.of(Arrays.stream(sweeper.nanos(SWEEPS_A_ROUND))) / 1e6));
      return contest.run(0, rounds, LIMIT);
    }
  }

  /** The same by records. */
  private int ofEach() {
    return (int) proc.processes().filter(process -> process.stat().isPresent()).count();
  }

  /** Until it is compiled, or has had its time. */
  private void warmUp(Sweeper sweeper) {
    long end = System.nanoTime() + warmUp.toNanos();
    for (int i = 0; i < WARM_UP_SWEEPS && System.nanoTime() < end; i++) {
      sweeper.nanos(1);
    }
  }

  /** What a sweep leaves, its result included, a process. */
  private double allocated() {
    ThreadMXBean beans = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long self = Thread.currentThread().threadId();
    long before = beans.getThreadAllocatedBytes(self);
    Snapshot snapshot = proc.snapshot(FIELDS);
    return (double) (beans.getThreadAllocatedBytes(self) - before) / snapshot.size();
  }
}
