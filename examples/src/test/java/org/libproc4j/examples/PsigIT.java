package org.libproc4j.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.libproc4j.procfs.ProcFs;
import org.libproc4j.procfs.TaskState;

/** {@code psig}, {@code pflags} and {@code pcred}. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class PsigIT {
  private static final int SIGUSR2 = 12;

  /** Blocks SIGUSR2, of which one is pending; ignores SIGHUP. */
  private static LiveTarget blocking() throws Exception {
    LiveTarget target =
        LiveTarget.startProgram(
            "env",
            "--default-signal",
            "--ignore-signal=HUP",
            "--block-signal=USR2",
            "sleep",
            "1000");
    ToolRun.await("its exec", () -> Operand.nameOf(target.pid()).equals("sleep"));
    new ProcessBuilder("sh", "-c", "kill -USR2 " + target.pid()).inheritIO().start().waitFor();
    ToolRun.await(
        "its signal",
        () ->
            SignalNames.isIn(
                ProcFs.of().process(target.pid()).status().orElseThrow().shdPnd(), SIGUSR2));
    return target;
  }

  @Test
  void itShowsWhatIsDoneAboutEachSignal() throws Exception {
    try (LiveTarget target = blocking();
        LiveTarget catching = LiveTarget.start("signals")) {
      ToolRun.Result result = ToolRun.run("psig", target.operand(), catching.operand());
      assertThat(result.err()).isEmpty();
      assertThat(result.out().lines()).hasSize(2 * (1 + 64));
      assertThat(result.out())
          .startsWith(target.pid() + ": sleep 1000\nHUP       ignored\n")
          .contains("\nUSR2      default  blocked, pending\n")
          .contains("\nTERM      default\n")
          .contains("\nTERM      caught\n")
          .contains("\nRTMIN+3   caught\nRTMIN+4   default\n")
          .endsWith("\nRTMIN+30  default\n");
    }
  }

  @Test
  void ofSeveralThreadsItIsSaidHowManyBlockASignal() {
    Psig.Report report =
        new Psig.Report(
            1, "x", 8, List.of(new Psig.Disposition(1, "SIGHUP", Psig.Action.CAUGHT, 3, true, 1)));
    assertThat(new Psig().lines(report, 80))
        .containsExactly(
            "1: x", "HUP  caught  blocked by 3 of 8 threads, pending, pending for 1 of 8 threads");
  }

  @Test
  void flagsAndMasksHaveNames() throws Exception {
    try (LiveTarget target = blocking();
        LiveTarget threads = LiveTarget.start("threads", "3", "sleep")) {
      ToolRun.await("its sleep", () -> target.allIn(TaskState.SLEEPING));
      int tid = threads.tids().get(1);
      ToolRun.Result result = ToolRun.run("pflags", target.operand(), threads.pid() + "/" + tid);
      assertThat(result.err()).isEmpty();
      assertThat(result.out())
          .containsPattern(
              """
              (?m)^\\d+: sleep 1000
                data model = _LP64  flags = .*
                  sigpend = SIGUSR2
               /\\d+:  S \\(sleeping\\)  clock_nanosleep  flags = .*
                  sigmask = SIGUSR2
              """)
          .contains("\n /" + tid + ":  ")
          .doesNotContain(" /" + threads.pid() + ":  ");
      JsonNode report =
          new ObjectMapper()
              .readTree(ToolRun.run("pflags", "--json", threads.operand()).out())
              .get(0);
      assertThat(report.get("lwps")).hasSize(3);
      assertThat(report.get("dataModel").textValue()).isEqualTo("_LP64");
      assertThat(report.get("lwps").findValuesAsText("tid")).contains(String.valueOf(tid));
    }
  }

  @Test
  void credentialsAreThoseOfStatus() {
    try (LiveTarget target =
        LiveTarget.startProgram("setpriv", "--no-new-privs", "sleep", "1000")) {
      ToolRun.await("its exec", () -> Operand.nameOf(target.pid()).equals("sleep"));
      long uid = ProcFs.of().process(target.pid()).status().orElseThrow().uid().effective();
      ToolRun.Result result = ToolRun.run("pcred", target.operand());
      assertThat(result.err()).isEmpty();
      assertThat(result.out())
          .startsWith(target.pid() + ": sleep 1000\n  e/r/suid=" + uid + "  e/r/sgid=")
          .contains("\n  no_new_privs: ")
          .containsPattern("\n  [a-z, ]*bounding[a-z, ]* capabilities: ");
    }
  }
}
