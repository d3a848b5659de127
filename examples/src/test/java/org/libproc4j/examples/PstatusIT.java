package org.libproc4j.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.libproc4j.procfs.ProcFs;
import org.libproc4j.procfs.TaskState;

/** {@code pstatus}. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class PstatusIT {

  @Test
  void itShowsWhatEachThreadDoes() {
    try (LiveTarget target = LiveTarget.start("threads", "3", "sleep")) {
      ToolRun.Result result = ToolRun.run("pstatus", target.operand());
      assertThat(result.status()).isZero();
      assertThat(result.out().lines().toList())
          .satisfiesExactly(
              line -> assertThat(line).isEqualTo(target.pid() + ": threads, RUN, 3 threads"),
              line -> assertThat(line).matches("TID +S +REASON +SYSCALL +WCHAN +NAME"),
              line -> assertThat(line).startsWith(target.tids().get(0) + " ").endsWith(" threads"),
              line -> assertThat(line).startsWith(target.tids().get(1) + " ").endsWith(" threads"),
              line -> assertThat(line).startsWith(target.tids().get(2) + " ").endsWith(" threads"));
    }
  }

  @Test
  void ofStoppedThreadsTheReasonIsShown() {
    try (LiveTarget target = LiveTarget.start("threads", "2", "sleep")) {
      assertThat(ToolRun.run("pstop", target.operand()).status()).isZero();
      int tid = target.tids().get(1);
      ToolRun.Result result = ToolRun.run("pstatus", target.pid() + "/" + tid);
      assertThat(result.out())
          .startsWith(target.pid() + ": threads, STOP, 1 thread\n")
          .containsPattern("\n" + tid + " +T +JOBCONTROL ");
    }
  }

  @Test
  void aProgramCanReadIt() throws Exception {
    try (LiveTarget target = LiveTarget.start("idle", "epoll_wait")) {
      ToolRun.await("its wait", () -> target.allIn(TaskState.SLEEPING));
      ToolRun.Result result = ToolRun.run("pstatus", "--json", target.operand());
      JsonNode process = new ObjectMapper().readTree(result.out()).get(0);
      assertThat(process.get("pid").intValue()).isEqualTo(target.pid());
      assertThat(process.get("name").textValue()).isEqualTo("idle");
      assertThat(process.get("state").textValue()).isEqualTo("RUN");
      JsonNode thread = process.get("threads").get(0);
      assertThat(thread.get("tid").intValue()).isEqualTo(target.pid());
      assertThat(thread.get("state").textValue()).isEqualTo("S");
      assertThat(thread.get("reason").isNull()).isTrue();
      assertThat(thread.get("tracer").isNull()).isTrue();
      assertThat(thread.get("syscall").textValue()).startsWith("epoll_");
      assertThat(thread.get("risks").get(0).textValue())
          .endsWith(" would fail with EINTR, but not after a stop of ours");
    }
  }

  @Test
  void theRiskOfAStopIsTold() {
    try (LiveTarget target = LiveTarget.start("idle", "recv");
        LiveTarget calm = LiveTarget.start("idle", "futex")) {
      ToolRun.await("its wait", () -> target.allIn(TaskState.SLEEPING));
      ToolRun.await("its wait", () -> calm.allIn(TaskState.SLEEPING));
      assertThat(ToolRun.run("pstatus", "--risk", target.operand()).out())
          .contains("risk: " + target.pid() + ": recvfrom would fail with EINTR if its socket has");
      assertThat(ToolRun.run("pstatus", "--risk", calm.operand()).out())
          .endsWith("risk: none known\n");
    }
  }

  @Test
  void aTracerIsNamedAsARisk() {
    try (LiveTarget target = LiveTarget.start("idle");
        ToolRun holder = ToolRun.start("pstop", target.pid() + "/" + target.pid())) {
      holder.awaitOutput("holding");
      assertThat(ToolRun.run("pstatus", "--risk", target.operand()).out())
          .containsPattern("\n" + target.pid() + " +t +TRACED ")
          .contains("traced by process " + holder.pid() + " (java), so nobody else can stop it");
    }
  }

  @Test
  void namesDoNotReachTheTerminalRaw(@TempDir Path directory) throws Exception {
    Path program = directory.resolve("a\033[2J\nb)");
    Files.copy(Path.of("/bin/sleep"), program);
    try (LiveTarget target = LiveTarget.startProgram(program.toString(), "1000")) {
      ToolRun.await("its exec", () -> Operand.nameOf(target.pid()).startsWith("a"));
      ToolRun.Result result = ToolRun.run("pstatus", target.operand());
      assertThat(result.out()).contains("a\\x1b[2J\\nb)").doesNotContain("\033");
    }
  }

  @Test
  void aWatchEndsWithWhatIsWatched() {
    try (LiveTarget target = LiveTarget.start("idle");
        ToolRun run =
            ToolRun.start("pstatus", "--watch", "--every", "50ms", "--json", target.operand())) {
      ToolRun.await("three looks", () -> run.out().lines().count() >= 3);
      target.kill();
      assertThat(run.await().status()).isZero();
    }
  }

  @Test
  void aReaderThatHasGoneEndsItQuietly() throws Exception {
    try (LiveTarget target = LiveTarget.start("idle");
        ToolRun run = ToolRun.start("pstatus", "--watch", "--every", "50ms", target.operand())) {
      run.awaitOutput("idle");
      run.closeOutput();
      ToolRun.Result result = run.await();
      assertThat(result.status()).isEqualTo(1);
      assertThat(result.err()).isEmpty();
      assertThat(target.isUntraced()).isTrue();
    }
  }

  @Test
  void anOutputThatTakesNothingEndsItQuietly() {
    for (String tail : new String[] {"pstatus 1", "--help"}) {
      ToolRun.Result result =
          ToolRun.run(
              new ProcessBuilder(ToolRun.command(ToolRun.lib(), tail.split(" ")))
                  .redirectOutput(new File("/dev/full")));
      assertThat(result).isEqualTo(new ToolRun.Result(1, "", ""));
    }
  }

  @Test
  void aClosedOutputEndsItQuietly() {
    String command = "'" + String.join("' '", ToolRun.command(ToolRun.lib(), "pstatus", "1")) + "'";
    ToolRun.Result result = ToolRun.run(new ProcessBuilder("sh", "-c", "exec " + command + " >&-"));
    assertThat(result).isEqualTo(new ToolRun.Result(1, "", ""));
  }

  @Test
  void itSaysThatAProcessHasEnded() {
    LiveTarget target = LiveTarget.start("idle");
    target.kill();
    assertThat(ProcFs.of().process(target.pid()).stat().isVanished()).isTrue();
    assertThat(ToolRun.run("pstatus", target.operand()))
        .isEqualTo(
            new ToolRun.Result(
                1,
                "",
                "pstatus: cannot examine %d: there is no process %d\n"
                    .formatted(target.pid(), target.pid())));
  }
}
