package org.libproc4j.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.libproc4j.procfs.ProcFs;
import org.libproc4j.procfs.TaskState;

/** What all tools that examine processes have in common. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class ExaminersIT {
  private static final String NOBODY = "65534";

  @ParameterizedTest
  @ValueSource(strings = {"ptree", "pargs", "pcred", "pfiles", "pflags", "pldd", "pmap", "psig"})
  void eachOperandIsExaminedOrItsFailureNamed(String tool) throws Exception {
    LiveTarget gone = LiveTarget.start("idle");
    gone.kill();
    try (LiveTarget target = LiveTarget.start("threads", "2", "sleep");
        LiveTarget parent = LiveTarget.startParentOfZombie(3, List.of())) {
      int zombie = parent.awaitZombie();
      String thread = String.valueOf(target.tids().getLast());
      String pid = target.operand();
      ToolRun.Result result =
          ToolRun.run(
              tool, "--json", pid, "abc", gone.operand(), thread, "/proc/" + zombie, pid + "/x");
      assertThat(result.status()).isEqualTo(1);
      assertThat(result.err().lines())
          .containsExactly(
              "%s: cannot examine abc: %s".formatted(tool, Operand.FORM),
              "%s: cannot examine %d: there is no process %2$d".formatted(tool, gone.pid()),
              "%s: cannot examine %s: it is a thread of process %s (threads): say %3$s/%2$s"
                  .formatted(tool, thread, pid),
              "%s: cannot examine %s/x: %s".formatted(tool, pid, Operand.FORM));
      JsonNode reports = new ObjectMapper().readTree(result.out());
      assertThat(reports.findValuesAsText("pid")).contains(pid, String.valueOf(zombie));
      assertThat(reports.findValuesAsText("command"))
          .anyMatch(command -> command.endsWith("threads 2 sleep"))
          .contains("[sh] <defunct>");
    }
  }

  @Test
  void whatIsDeniedIsSaidAndWhatWouldHelp() {
    List<String> asNobody = asNobody();
    try (LiveTarget target = LiveTarget.start("idle")) {
      String pid = asNobody.isEmpty() ? "1" : target.operand();
      assertThat(ToolRun.run(as(asNobody, "pfiles", pid)))
          .isEqualTo(
              new ToolRun.Result(
                  1,
                  "",
                  ("pfiles: cannot examine %1$s: Permission denied: /proc/%1$s/fd: it runs as user"
                          + " 0, we as %2$s: run as that user or as root, or with CAP_SYS_PTRACE\n")
                      .formatted(pid, asNobody.isEmpty() ? ownUser() : NOBODY)));
      ToolRun.Result flags = ToolRun.run(as(asNobody, "pflags", pid));
      assertThat(flags.err()).isEmpty();
      assertThat(flags.status()).isZero();
      assertThat(flags.out()).contains("\n /" + pid + ":  S (sleeping)  flags = ");
    }
  }

  @Test
  void aZombieOfOnesOwnHidesNothing() {
    try (LiveTarget parent = LiveTarget.startParentOfZombie(3, asNobody())) {
      int zombie = parent.awaitZombie();
      String pid = String.valueOf(zombie);
      assertThat(ToolRun.run(as(asNobody(), "pargs", "-aex", pid)))
          .isEqualTo(new ToolRun.Result(0, pid + ": [sh] <defunct>\n", ""));
      ToolRun.Result result = ToolRun.run(as(asNobody(), "pfiles", pid));
      assertThat(result.err()).isEmpty();
      assertThat(result.out())
          .matches(zombie + ": \\[sh] <defunct>\n  Current rlimit: \\d+ file descriptors\n");
    }
  }

  /** What makes a command see no more than an ordinary user: root may read everything. */
  private static List<String> asNobody() {
    return ownUser().equals("0")
        ? List.of("setpriv", "--reuid", NOBODY, "--regid", NOBODY, "--clear-groups", "--")
        : List.of();
  }

  private static String ownUser() {
    int self = (int) ProcessHandle.current().pid();
    return String.valueOf(ProcFs.of().process(self).status().orElseThrow().uid().effective());
  }

  private static ProcessBuilder as(List<String> prefix, String... args) {
    List<String> command = new ArrayList<>(prefix);
    command.addAll(ToolRun.command(ToolRun.lib(), args));
    return new ProcessBuilder(command);
  }

  @Test
  void noLineIsWiderThanTheTerminal() {
    try (LiveTarget target = LiveTarget.startProgram("sh", "-c", "read x", "0".repeat(200))) {
      for (String tool : new String[] {"ptree", "pmap"}) {
        String command =
            "stty cols 40; '"
                + String.join("' '", ToolRun.command(ToolRun.lib(), tool, target.operand()))
                + "'";
        ToolRun.Result result =
            ToolRun.run(new ProcessBuilder("script", "-qec", command, "/dev/null"));
        assertThat(result.status()).isZero();
        assertThat(result.out().lines())
            .hasSizeGreaterThan(1)
            .allMatch(line -> Table.width(line.strip()) <= 40);
        assertThat(result.out()).contains(target.operand());
      }
      assertThat(ToolRun.run("ptree", target.operand()).out()).contains("0".repeat(200));
    }
  }

  @Test
  void aClosedOutputEndsItQuietly() {
    for (String tail : new String[] {"ptree", "psig 1", "pcred --json 1"}) {
      String command =
          "'" + String.join("' '", ToolRun.command(ToolRun.lib(), tail.split(" "))) + "'";
      assertThat(ToolRun.run(new ProcessBuilder("sh", "-c", "exec " + command + " >&-")))
          .isEqualTo(new ToolRun.Result(1, "", ""));
    }
  }

  @Test
  void aLeaderThatHasEndedDoesNotHideItsProcess() throws OperandException {
    try (LiveTarget target = LiveTarget.start("exiter", "3")) {
      target.tell("leader");
      ToolRun.await(
          "its leader's end", () -> target.states().get(target.pid()) == TaskState.ZOMBIE);
      Examinee examinee = Examinee.of(target.pid());
      assertThat(examinee.command()).endsWith("exiter 3");
      assertThat(examinee.read(examinee.files().fd())).hasSizeGreaterThanOrEqualTo(3);
      assertThat(examinee.read(examinee.files().libraries())).isNotEmpty();
      assertThat(ToolRun.run("ptree", target.operand()).out()).endsWith("exiter 3\n");
    }
  }

  @Test
  void aProcessThatEndsBetweenTwoReadsHasEnded() throws OperandException {
    LiveTarget target = LiveTarget.start("idle");
    Examinee examinee = Examinee.of(target.pid());
    examinee.requireSame();
    target.kill();
    assertThatExceptionOfType(OperandException.class)
        .isThrownBy(() -> examinee.read(examinee.files().maps()))
        .withMessage("it has ended");
    assertThatExceptionOfType(OperandException.class)
        .isThrownBy(examinee::requireSame)
        .withMessage("it has ended");
    assertThat(examinee.command()).isEqualTo("[idle]");
  }
}
