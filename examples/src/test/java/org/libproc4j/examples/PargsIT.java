package org.libproc4j.examples;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.libproc4j.procfs.ByteString;
import org.libproc4j.procfs.Cmdline;
import org.libproc4j.procfs.ProcFs;

/** {@code pargs}. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class PargsIT {
  /** A program with arguments and a setting that are no text, clear the screen, or are empty. */
  private static final String ODD =
      "exec env -i \"$(printf 'NOT\\377TEXT=\\033[2J')\" EMPTY= \"$(command -v sh)\" -c 'read x'"
          + " zero '' \"$(printf 'a\\nb\\\\\\377\\033[2J')\" \"it's\"";

  private static LiveTarget odd() {
    LiveTarget target = LiveTarget.startProgram("sh", "-c", ODD);
    ToolRun.await("its exec", () -> args(target).size() == 7);
    return target;
  }

  private static List<ByteString> args(LiveTarget target) {
    return ProcFs.of().process(target.pid()).cmdline().map(Cmdline::args).orElseThrow();
  }

  @Test
  void everyByteIsShownAndNoneObeyed() {
    try (LiveTarget target = odd()) {
      ToolRun.Result result = ToolRun.run("pargs", "-ae", target.operand());
      assertThat(result.err()).isEmpty();
      assertThat(result.out().lines().skip(1))
          .containsExactly(
              "argv[0]: " + args(target).getFirst(),
              "argv[1]: -c",
              "argv[2]: read x",
              "argv[3]: zero",
              "argv[4]: ",
              "argv[5]: a\\nb\\\\\\xff\\x1b[2J",
              "argv[6]: it's",
              "",
              "envp[0]: NOT\\xffTEXT=\\x1b[2J",
              "envp[1]: EMPTY=");
      assertThat(result.out()).startsWith(target.pid() + ": ").doesNotContain("\33");
    }
  }

  @Test
  void aProgramCanReadIt() throws Exception {
    try (LiveTarget target = odd()) {
      ToolRun.Result result = ToolRun.run("pargs", "-aex", "--json", target.operand());
      JsonNode report = new ObjectMapper().readTree(result.out()).get(0);
      assertThat(report.get("argv")).hasSize(7);
      assertThat(report.get("argv").get(5).textValue()).isEqualTo("a\\nb\\\\\\xff\\x1b[2J");
      assertThat(report.get("envp").get(0).textValue()).isEqualTo("NOT\\xffTEXT=\\x1b[2J");
      assertThat(report.get("auxv").findValuesAsText("type")).contains("AT_PHDR", "AT_ENTRY");
    }
  }

  @Test
  void aShellTakesTheLineBack() throws IOException {
    try (LiveTarget target = odd()) {
      String line = ToolRun.run("pargs", "--line", target.operand()).out();
      assertThat(line)
          .endsWith(" -c 'read x' zero '' $'a\\nb\\\\\\xff\\x1b[2J' 'it'\\''s'\n")
          .hasLineCount(1);
      assertThat(said("bash", "-c", "printf '<%s>' " + line.substring(line.indexOf(" -c "))))
          .isEqualTo("<-c><read x><zero><><a\nb\\\377\33[2J><it's>");
    }
  }

  private static String said(String... command) throws IOException {
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    return new String(process.getInputStream().readAllBytes(), ISO_8859_1);
  }

  @Test
  void twoMebibytesAreNotTooMuch() {
    String large = "x".repeat(100_000);
    List<String> command = new ArrayList<>(List.of("sh", "-c", "read x", "zero"));
    command.addAll(Collections.nCopies(18, large));
    try (LiveTarget target = LiveTarget.startProgram(command.toArray(String[]::new))) {
      ToolRun.await("its exec", () -> args(target).size() == command.size());
      ToolRun.Result result = ToolRun.run("pargs", target.operand());
      assertThat(result.status()).isZero();
      assertThat(result.out().lines().skip(1)).hasSize(command.size());
      assertThat(result.out()).endsWith("argv[21]: " + large + "\n");
    }
  }

  @Test
  void theEmptyStringsBehindATitleAreSaidOnce() {
    List<ByteString> strings = new ArrayList<>(List.of(ByteString.of("title")));
    strings.addAll(Collections.nCopies(3, ByteString.of("")));
    assertThat(Pargs.numbered("argv", strings))
        .containsExactly("argv[0]: title", "argv[1]: ", "argv[2]: ", "argv[3]: ");
    strings.add(ByteString.of(""));
    assertThat(Pargs.numbered("argv", strings))
        .containsExactly("argv[0]: title", "argv[1] to argv[4]: empty");
    assertThat(Pargs.numbered("argv", List.of())).isEmpty();
  }

  @Test
  void wordsAreQuotedWhereAShellNeedsIt() {
    Map<String, String> words =
        Map.of(
            "/bin/x", "/bin/x",
            "--a=b", "--a=b",
            "A=b", "'A=b'",
            "", "''",
            "a b", "'a b'",
            "~", "'~'",
            "'", "''\\'''",
            "a'\n", "$'a\\'\\n'",
            "é", "'é'",
            "$x", "'$x'");
    words.forEach(
        (word, quoted) ->
            assertThat(ShellWords.of(List.of(ByteString.of(word)))).isEqualTo(quoted));
  }
}
