package org.libproc4j.procfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A sweep, by the C library and by the JDK. */
@Timeout(120)
class SnapshotIT {
  private static final int SELF = (int) ProcessHandle.current().pid();

  private final ProcFs proc = ProcFs.of();

  /** How a sweep reads. */
  enum By {
    C {
      @Override
      StatSource open(ProcFs proc) {
        return new NativeStatSource(proc.root(), JDK.open(proc));
      }
    },
    JDK {
      @Override
      StatSource open(ProcFs proc) {
        return new JdkStatSource(new ProcReader(JdkIo.INSTANCE), proc.root());
      }
    };

    abstract StatSource open(ProcFs proc);

    Snapshot snapshot(ProcFs proc, StatField... fields) {
      try (StatSource source = open(proc)) {
        return new Sweep(proc.root(), fields).run(source);
      }
    }
  }

  static List<By> by() {
    return List.of(By.values());
  }

  @Test
  void theFastWayIsTakenWhereItIsAllowed() {
    assertThat(NativeStatSource.isAvailable()).isTrue();
  }

  @ParameterizedTest
  @MethodSource("by")
  void everyProcessIsThereWithWhatItsStatSays(By by) throws Exception {
    try (OddProcess odd = OddProcess.start("wait");
        OddProcess zombie = OddProcess.start("zombie")) {
      Snapshot snapshot = by.snapshot(proc, StatField.values());

      for (int pid : List.of(SELF, odd.pid(), zombie.pid())) {
        int row = snapshot.row(pid);
        Stat stat = proc.process(pid).stat().orElseThrow();
        assertThat(snapshot.pid(row)).isEqualTo(pid);
        assertThat(snapshot.ppid(row)).isEqualTo(stat.ppid());
        assertThat(snapshot.comm(row)).isEqualTo(stat.comm());
        assertThat(snapshot.processId(row)).isEqualTo(stat.processId());
        assertThat(snapshot.value(row, StatField.SESSION)).isEqualTo(stat.session());
        assertThat(snapshot.value(row, StatField.EXIT_SIGNAL)).isEqualTo(stat.exitSignal());
      }
      assertThat(snapshot.state(snapshot.row(zombie.pid()))).isEqualTo(TaskState.ZOMBIE);
      assertThat(snapshot.denied()).isEmpty();
      assertThat(IntStream.range(0, snapshot.size()).map(snapshot::pid)).isSorted();
    }
  }

  @ParameterizedTest
  @MethodSource("by")
  void processesThatComeAndGoDoNotDisturb(By by) throws Exception {
    Thread churn = Thread.ofPlatform().daemon().start(SnapshotIT::churn);
    try {
      for (int i = 0; i < 200; i++) {
        Snapshot snapshot = by.snapshot(proc, StatField.PPID, StatField.COMM);
        assertThat(snapshot.row(SELF)).isNotNegative();
        assertThat(snapshot.comm(snapshot.size() - 1).bytes().length).isLessThan(64);
      }
    } finally {
      churn.interrupt();
      churn.join();
    }
  }

  private static void churn() {
    List<Process> started = new ArrayList<>();
    try {
      while (true) {
        Process process = new ProcessBuilder("true").start();
        started.add(process);
        process.waitFor();
      }
    } catch (InterruptedException e) {
      started.getLast().destroyForcibly();
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @ParameterizedTest
  @MethodSource("by")
  void aSweepLeavesNoDescriptorOpen(By by) {
    by.snapshot(proc, StatField.PPID);
    int before = proc.process(SELF).fd().orElseThrow().size();
    for (int i = 0; i < 50; i++) {
      by.snapshot(proc, StatField.PPID);
    }

    assertThat(proc.process(SELF).fd().orElseThrow()).hasSizeLessThan(before + 50);
  }

  @Test
  void whatWasNotAskedForIsRefused() {
    Snapshot snapshot = proc.snapshot(StatField.PPID);

    assertThat(snapshot.fields()).containsExactly(StatField.PPID);
    assertThatThrownBy(() -> snapshot.startTime(0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> snapshot.comm(0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> snapshot.value(0, StatField.COMM))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> snapshot.ppid(snapshot.size()))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThat(snapshot.row(-1)).isNegative();
  }

  @Test
  void idsAloneAreASnapshotToo() {
    assertThat(proc.snapshot().row(SELF)).isNotNegative();
  }
}
