package org.libproc4j.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.libproc4j.procfs.TaskState;

/** {@code pstop} and {@code prun}. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class PstopIT {

  @ParameterizedTest
  @ValueSource(strings = {"sleep", "spin", "mixed"})
  void everyTaskStaysStoppedUntilPrun(String kind) {
    try (LiveTarget target = LiveTarget.start("threads", "4", kind)) {
      assertThat(ToolRun.run("pstop", target.operand())).isEqualTo(new ToolRun.Result(0, "", ""));
      assertThat(target.states()).hasSize(4);
      assertThat(target.allIn(TaskState.STOPPED)).isTrue();
      assertThat(target.isUntraced()).isTrue();

      assertThat(ToolRun.run("pstop", "/proc/" + target.pid()).status()).isZero();
      assertThat(target.allIn(TaskState.STOPPED)).isTrue();

      assertThat(ToolRun.run("prun", target.operand())).isEqualTo(new ToolRun.Result(0, "", ""));
      assertThat(target.states()).doesNotContainValue(TaskState.STOPPED);
      assertThat(ToolRun.run("prun", target.operand()).status()).isZero();
    }
  }

  @Test
  void oneThreadIsHeldForATimeWhileTheOthersRun() {
    try (LiveTarget target = LiveTarget.start("threads", "4", "sleep")) {
      int held = target.tids().get(2);
      List<Integer> others = target.tids().stream().filter(tid -> tid != held).toList();
      try (ToolRun run = ToolRun.start("pstop", target.pid() + "/" + held, "--for", "2s")) {
        run.awaitOutput(target.pid() + ": holding thread " + held + " for 2s\n");
        long sleeps = target.sleeps(held);
        long start = System.nanoTime();
        others.forEach(target::awaitRuns);
        assertThat(target.states()).containsEntry(held, TaskState.TRACING_STOP);
        assertThat(target.sleeps(held)).isEqualTo(sleeps);
        assertThat(run.await().status()).isZero();
        assertThat(System.nanoTime() - start).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(1500));
      }
      assertThat(target.isUntraced()).isTrue();
      target.awaitAllRun();
    }
  }

  @ParameterizedTest
  @CsvSource({"INT, 130", "TERM, 143", "HUP, 129", "KILL, 137"})
  void aSignalEndsTheHoldCleanly(String signal, int status) throws Exception {
    try (LiveTarget target = LiveTarget.start("threads", "3", "sleep")) {
      List<Integer> tids = target.tids();
      String operand = target.pid() + "/" + tids.get(1) + "-";
      try (ToolRun run = ToolRun.start("pstop", operand)) {
        run.awaitOutput(
            "holding threads " + tids.get(1) + "," + tids.get(2) + " until interrupted");
        run.signal(signal);
        assertThat(run.await().status()).isEqualTo(status);
      }
      ToolRun.await("the kernel to let it go", target::isUntraced);
      target.awaitAllRun();
    }
  }

  @Test
  void aTargetThatDiesWhileItIsHeldIsReported() {
    try (LiveTarget target = LiveTarget.start("threads", "3", "sleep")) {
      String operand = target.pid() + "/" + target.tids().get(1);
      try (ToolRun run = ToolRun.start("pstop", operand)) {
        run.awaitOutput("holding thread");
        target.kill();
        ToolRun.Result result = run.await();
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.err()).isEqualTo("pstop: cannot control " + operand + ": it has ended\n");
      }
    }
  }

  @Test
  void whatFailsIsNamedAndTheRestDone() {
    try (LiveTarget target = LiveTarget.start("threads", "2", "sleep")) {
      ToolRun.Result result = ToolRun.run("pstop", "abc", "0", target.operand(), "1/2-", "");
      assertThat(result.status()).isEqualTo(1);
      assertThat(result.out()).isEmpty();
      assertThat(result.err().lines())
          .satisfiesExactly(
              line -> assertThat(line).startsWith("pstop: cannot control abc: a process is named"),
              line -> assertThat(line).isEqualTo("pstop: cannot control 0: there is no process 0"),
              line -> assertThat(line).startsWith("pstop: cannot control 1/2-: it is init"),
              line -> assertThat(line).startsWith("pstop: cannot control : a process is named"));
      assertThat(target.allIn(TaskState.STOPPED)).isTrue();
    }
  }

  @Test
  void anOperandsControlCharactersAreShownAndNotSent() {
    ToolRun.Result result = ToolRun.run("pstop", "\033[2J\n");
    assertThat(result.err()).startsWith("pstop: cannot control \\x1b[2J\\n: ");
  }

  @Test
  void ofAThreadsIdItIsSaidWhoseItIs() {
    try (LiveTarget target = LiveTarget.start("threads", "2", "sleep")) {
      int tid = target.tids().get(1);
      assertThat(ToolRun.run("pstop", "" + tid))
          .isEqualTo(
              new ToolRun.Result(
                  1,
                  "",
                  "pstop: cannot control %d: it is a thread of process %d (threads): say %d/%d\n"
                      .formatted(tid, target.pid(), target.pid(), tid)));
      assertThat(target.states()).doesNotContainValue(TaskState.STOPPED);
    }
  }

  @Test
  void aThreadThatIsNotThereLeavesTheOthersAlone() {
    try (LiveTarget target = LiveTarget.start("threads", "2", "sleep")) {
      String operand = target.pid() + "/" + target.tids().get(1) + ",1";
      assertThat(ToolRun.run("pstop", operand).err())
          .isEqualTo(
              "pstop: cannot control %s: process %d has no thread 1\n"
                  .formatted(operand, target.pid()));
      assertThat(target.isUntraced()).isTrue();
      target.awaitAllRun();
    }
  }

  @Test
  void prunSaysWhoHoldsWhatItCannotRun() {
    try (LiveTarget target = LiveTarget.start("threads", "1", "sleep");
        ToolRun holder = ToolRun.start("pstop", target.pid() + "/" + target.pid())) {
      holder.awaitOutput("holding thread");
      ToolRun.Result result = ToolRun.run("prun", target.operand());
      assertThat(result.status()).isEqualTo(1);
      assertThat(result.err())
          .startsWith("prun: cannot control " + target.pid() + ": its tracer holds it")
          .contains("process " + holder.pid() + " (java)");
    }
  }

  @Test
  void wrongUsageIsToldWithStatus2() {
    for (List<String> args :
        List.of(
            List.<String>of(),
            List.of("nope"),
            List.of("pstop"),
            List.of("pstop", "--nope", "1"),
            List.of("pstop", "--for", "5s", "4711"),
            List.of("pstop", "--for", "0", "4711/1"))) {
      ToolRun.Result result = ToolRun.run(args.toArray(String[]::new));
      assertThat(result.status()).as("%s", args).isEqualTo(2);
      assertThat(result.out()).as("%s", args).isEmpty();
      assertThat(result.err()).as("%s", args).contains("Try 'libproc");
    }
  }
}
