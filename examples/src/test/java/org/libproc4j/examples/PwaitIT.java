package org.libproc4j.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.libproc4j.procfs.Comm;
import org.libproc4j.procfs.ProcFs;

/** {@code pwait}. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class PwaitIT {

  @Test
  void itWaitsForAllAndTellsEachEnding() {
    try (LiveTarget one = LiveTarget.start("idle");
        LiveTarget two = LiveTarget.start("idle");
        ToolRun run = ToolRun.start("pwait", "-v", one.operand(), two.operand())) {
      awaitWatching(run, 2);
      one.kill();
      run.awaitOutput(one.pid() + ": ");
      assertThat(run.out()).doesNotContain(two.pid() + ": ");
      two.kill();
      ToolRun.Result result = run.await();
      assertThat(result.status()).isZero();
      assertThat(result.out().lines())
          .hasSize(2)
          .allMatch(
              line ->
                  line.endsWith(": killed by signal 9 (SIGKILL)")
                      || line.endsWith(": ended, only its parent knows how"));
    }
  }

  @Test
  void itWaitsForAny() {
    try (LiveTarget one = LiveTarget.start("idle");
        LiveTarget two = LiveTarget.start("idle");
        ToolRun run = ToolRun.start("pwait", "--any", "--verbose", one.operand(), two.operand())) {
      awaitWatching(run, 2);
      two.kill();
      assertThat(run.await().status()).isZero();
      assertThat(run.out()).startsWith(two.pid() + ": ").hasLineCount(1);
    }
  }

  @Test
  void aTimeThatRunsOutIsStatus124() {
    try (LiveTarget target = LiveTarget.start("idle")) {
      assertThat(ToolRun.run("pwait", "-t", "100ms", target.operand()))
          .isEqualTo(new ToolRun.Result(124, "", ""));
    }
  }

  @Test
  void aZombieHasEndedAndItsStatusIsKnown() {
    try (LiveTarget parent = LiveTarget.startParentOfZombie(42, List.of())) {
      int zombie = parent.awaitZombie();
      assertThat(ToolRun.run("pwait", "-v", String.valueOf(zombie)))
          .isEqualTo(new ToolRun.Result(0, zombie + ": exited with status 42\n", ""));
    }
  }

  @Test
  void whatIsNotThereIsStatus1AndTheOthersAreWaitedForAllTheSame() throws Exception {
    try (LiveTarget target = LiveTarget.start("idle");
        ToolRun run = ToolRun.start("pwait", "--json", "abc", target.operand())) {
      awaitWatching(run, 1);
      target.kill();
      ToolRun.Result result = run.await();
      assertThat(result.status()).isEqualTo(1);
      assertThat(result.err()).startsWith("pwait: cannot examine abc: ").hasLineCount(1);
      JsonNode json = new ObjectMapper().readTree(result.out());
      assertThat(json).hasSize(2);
      assertThat(json.get(0).get("ok").booleanValue()).isFalse();
      assertThat(json.get(1).get("operand").textValue()).isEqualTo(target.operand());
      assertThat(json.get(1).get("ok").booleanValue()).isTrue();
    }
  }

  /** Waits until it has grabbed all, and a thread of its own waits for each of so many. */
  private static void awaitWatching(ToolRun run, int processes) {
    ToolRun.await("it to watch", () -> waiters(run.pid()) == processes);
  }

  private static long waiters(long pid) {
    return ProcFs.of().process((int) pid).tasks().orElse(List.of()).stream()
        .map(tid -> ProcFs.of().thread((int) pid, tid).comm().map(Comm::toString).orElse(""))
        .filter(name -> name.startsWith("ending-of-"))
        .count();
  }
}
