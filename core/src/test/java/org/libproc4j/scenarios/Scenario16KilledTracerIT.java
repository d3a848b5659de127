package org.libproc4j.scenarios;

import static org.assertj.core.api.Assertions.assertThat;
import static org.libproc4j.testing.Signals.SIGCONT;
import static org.libproc4j.testing.Signals.SIGRTMIN;

import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Timeout;
import org.libproc4j.ProcessHandle;
import org.libproc4j.StopMechanism;
import org.libproc4j.Way;
import org.libproc4j.linux.linux_h;
import org.libproc4j.procfs.ProcFs;
import org.libproc4j.testing.Await;
import org.libproc4j.testing.Jvm;
import org.libproc4j.testing.LoggedSignal;
import org.libproc4j.testing.Target;

/**
 * A JVM that grabs, stops, runs and releases is killed with SIGKILL at random moments: the target
 * runs, and no signal is lost that somebody sent meanwhile. TGKILL may leave it stopped, and loses
 * no signal either; how often is said on standard output.
 *
 * <p>{@code -Dlibproc4j.test.kills=500} for longer (of each way, so 1,000 of each mechanism),
 * {@code -Dlibproc4j.test.seed} to replay.
 */
@Timeout(value = 1, unit = TimeUnit.HOURS)
class Scenario16KilledTracerIT {
  private static final int KILLS = Integer.getInteger("libproc4j.test.kills", 4);
  private static final long SEED = Long.getLong("libproc4j.test.seed", System.nanoTime());
  private static final int LATEST_NANOS = 3_000_000;
  private static final int SIGNALS = 8;

  @EachWay
  void theTargetRunsAndNoSignalIsLost(Way way) throws Exception {
    Random random = new Random(SEED);
    int leftStopped = 0;
    for (int kill = 1; kill <= KILLS; kill++) {
      try (Target target = Target.start("signals", "4")) {
        target.ask("allow", "allowed");
        killAWorker(way, target, random);
        if (isLeftStopped(target)) {
          leftStopped++;
          target.send(SIGCONT);
          target.awaitSignals(SIGNALS + 1);
        }
        target.awaitSignals(SIGNALS);
        assertThat(target.signals())
            .filteredOn(signal -> signal.signal() == SIGRTMIN)
            .as("seed %d, kill %d", SEED, kill)
            .extracting(LoggedSignal::value)
            .containsExactlyElementsOf(LongStream.range(0, SIGNALS).boxed().toList());
        target.assertClean();
      }
    }
    System.out.printf("%s: left stopped by %d of %d kills%n", way, leftStopped, KILLS);
    if (way.mechanism() == StopMechanism.INTERRUPT) {
      assertThat(leftStopped).as("left stopped, seed %d", SEED).isZero();
    }
  }

  /** Some of the signals come before, some after; any moment is as good as another. */
  private static void killAWorker(Way way, Target target, Random random) throws Exception {
    Process worker =
        new ProcessBuilder(
                Jvm.shortLived(
                    Worker.class,
                    List.of(ProcessHandle.class, ProcFs.class, linux_h.class),
                    way.name(),
                    "" + target.pid()))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader output = worker.inputReader(StandardCharsets.US_ASCII)) {
      assertThat(output.readLine()).isEqualTo("ready");
      int before = random.nextInt(SIGNALS + 1);
      IntStream.range(0, before).forEach(i -> target.queueTo(target.tid(0), SIGRTMIN, i));
      LockSupport.parkNanos(random.nextInt(LATEST_NANOS));
      worker.destroyForcibly();
      IntStream.range(before, SIGNALS).forEach(i -> target.queueTo(target.tid(0), SIGRTMIN, i));
    } finally {
      worker.destroyForcibly().waitFor();
    }
    target.awaitUntraced();
  }

  /** A SIGSTOP that is still on its way is there before the thread that it is for moves on. */
  private static boolean isLeftStopped(Target target) {
    long[] before = target.counters();
    assertThat(
            Await.until(
                Target.LIMIT,
                () ->
                    target.states().containsValue('T')
                        || IntStream.of(target.movingSlots())
                            .allMatch(slot -> target.counter(slot) > before[slot])))
        .as("it runs on or is stopped: %s", target.dump())
        .isTrue();
    return target.states().containsValue('T');
  }
}
