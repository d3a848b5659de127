package org.libproc4j.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.libproc4j.procfs.ProcFs;

/** {@code pfreeze}, which freezes nothing here but PID namespaces made for it. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class PfreezeIT {
  /** The first process of a namespace: two that sleep, and then the tool. */
  private static final String INIT = "sleep 1000 & sleep 1000 & \"$@\"; exit $?";

  private static ToolRun.Result inside(String... args) {
    List<String> command = new ArrayList<>(List.of("unshare"));
    if (!System.getProperty("user.name").equals("root")) {
      command.addAll(List.of("--user", "--map-root-user"));
    }
    command.addAll(
        List.of("--pid", "--fork", "--kill-child", "--mount-proc", "sh", "-c", INIT, "sh"));
    command.addAll(ToolRun.command(ToolRun.lib(), args));
    return ToolRun.run(new ProcessBuilder(command));
  }

  private static boolean hasCgroups() {
    return ProcFs.of().process((int) ProcessHandle.current().pid()).mounts().orElseThrow().stream()
        .filter(mount -> mount.type().toString().equals("cgroup2"))
        .anyMatch(mount -> !mount.options().contains("ro"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"TRACE", "SIGNAL", "CGROUP"})
  void theSandboxStandsStillWhileItIsFrozen(String backend) {
    ToolRun.Result result = ToolRun.run("pfreeze", "--sandbox", "--backend", backend);
    if (backend.equals("CGROUP") && !hasCgroups()) {
      assertThat(result.status()).as("%s", result).isEqualTo(1);
      assertThat(result.err()).contains("control groups");
      return;
    }
    assertThat(result.status()).as("%s", result).isZero();
    assertThat(result.out())
        .containsPattern("before the freeze: 36 of 36 shells move")
        .containsPattern("while frozen: +0 of 36 shells move")
        .containsPattern("after the thaw: +36 of 36 shells move")
        .containsPattern("\\d+ processes, \\d+ threads, \\d+ passes: frozen in .* by " + backend);
  }

  @ParameterizedTest
  @ValueSource(strings = {"TRACE", "SIGNAL"})
  void theCommandRunsWhileAllOthersStandStill(String backend) {
    ToolRun.Result result =
        inside(
            "pfreeze",
            "--backend",
            backend,
            "--",
            "sh",
            "-c",
            "cat /proc/[23]/stat; grep State /proc/$PPID/status; echo bad >&2; exit 7");
    assertThat(result.status()).as("%s", result).isEqualTo(7);
    assertThat(result.out())
        .containsPattern("2 \\(sleep\\) [tT] ")
        .containsPattern("3 \\(sleep\\) [tT] ")
        .doesNotContain("State:\tT");
    assertThat(result.err())
        .startsWith("bad\n")
        .containsPattern(
            "pfreeze: 2 processes, 2 threads, \\d+ passes: frozen in .* by " + backend);
  }

  @Test
  void theDeadlineEndsTheFreezeButNotTheCommand() {
    ToolRun.Result result =
        inside("pfreeze", "--deadline", "300ms", "--", "sh", "-c", "sleep 1; echo done");
    assertThat(result.status()).as("%s", result).isEqualTo(Tool.TIMED_OUT);
    assertThat(result.out()).isEqualTo("done\n");
    assertThat(result.err()).endsWith("the deadline came before the command had ended\n");
  }

  @Test
  void aCommandThatDoesNotExistFailsBeforeAnythingIsFrozen() {
    ToolRun.Result result = inside("pfreeze", "libproc4j-no-such-command");
    assertThat(result)
        .isEqualTo(
            new ToolRun.Result(
                127, "", "pfreeze: cannot run libproc4j-no-such-command: not found\n"));
  }

  @Test
  void excludedByNumberOrByNameItRuns() {
    ToolRun.Result result =
        inside("pfreeze", "--exclude", "2", "--json", "--", "cat", "/proc/2/stat", "/proc/3/stat");
    assertThat(result.out())
        .containsPattern("2 \\(sleep\\) S ")
        .containsPattern("3 \\(sleep\\) t ")
        .contains("{\"backend\":\"TRACE\",\"processes\":1,");
    assertThat(inside("pfreeze", "--exclude", "sleep", "--json", "true").out())
        .contains("\"processes\":0,");
  }

  @Test
  void aListTouchesNothing() {
    ToolRun.Result result = inside("pfreeze", "--list");
    assertThat(result.status()).as("%s", result).isZero();
    assertThat(result.out())
        .containsPattern("(?m)^ +2  sleep +freeze$")
        .containsPattern("(?m)^ +1  sh +skip: pid 1$")
        .containsPattern("(?m)^ +\\d+  java +skip: this JVM$")
        .containsPattern("(?m)^2 to freeze by TRACE, 0 that cannot be, 2 to skip$");
  }

  @Test
  void itsInsideIsNoWayRoundTheSandbox() {
    assertThat(ToolRun.run("pfreeze", "--inside", "pid:[1]"))
        .isEqualTo(new ToolRun.Result(2, "", "pfreeze: this is no sandbox\n"));
  }
}
