package org.libproc4j.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@code ptree}. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class PtreeIT {

  @Test
  void itShowsAncestorsAndDescendantsAndNobodyElse() {
    String script = "sleep 1000 & sleep 1001 & read x";
    try (LiveTarget stranger = LiveTarget.start("idle");
        LiveTarget target = LiveTarget.startProgram("sh", "-c", script)) {
      ToolRun.await("its children", () -> children(target).equals(List.of("1000", "1001")));
      ToolRun.Result result = ToolRun.run("ptree", target.operand());
      assertThat(result.status()).isZero();
      assertThat(result.err()).isEmpty();
      List<String> lines = result.out().lines().toList();
      int at = lines.indexOf(lineWith(lines, target.pid()));
      assertThat(indent(lines.get(at)))
          .isEqualTo(indent(lineWith(lines, (int) ProcessHandle.current().pid())) + 2);
      assertThat(lines.subList(at + 1, lines.size()))
          .satisfiesExactly(
              line -> assertThat(line).endsWith("  sleep 1000"),
              line -> assertThat(line).endsWith("  sleep 1001"))
          .allMatch(line -> indent(line) == indent(lines.get(at)) + 2);
      assertThat(result.out()).doesNotContain(stranger.operand());
      target.handle().descendants().forEach(ProcessHandle::destroyForcibly);
    }
  }

  private static List<String> children(LiveTarget target) {
    return target
        .handle()
        .children()
        .flatMap(child -> child.info().arguments().stream())
        .filter(arguments -> arguments.length > 0)
        .map(arguments -> arguments[0])
        .sorted()
        .toList();
  }

  private static String lineWith(List<String> lines, int pid) {
    return lines.stream()
        .filter(line -> line.strip().startsWith(pid + " "))
        .findFirst()
        .orElseThrow();
  }

  private static int indent(String line) {
    return line.length() - line.stripLeading().length();
  }

  @Test
  void withoutOperandsItShowsAllButKernelThreads() {
    try (LiveTarget target = LiveTarget.start("idle")) {
      assertThat(ToolRun.run("ptree").out().lines())
          .anyMatch(line -> line.strip().startsWith(target.pid() + " "))
          .noneMatch(line -> line.endsWith("[kthreadd]"));
    }
  }

  @Test
  void aChildIsIndentedAndALineIsCut() {
    List<Ptree.Node> nodes =
        List.of(
            new Ptree.Node(1, 0, 0, "S", "init", "init"),
            new Ptree.Node(12345, 1, 1, "S", "cat", "cat a long name"),
            new Ptree.Node(20, 0, 0, "Z", "x", "[x] <defunct>"));
    assertThat(Ptree.lines(nodes, 16))
        .containsExactly("1      init", "  12345  cat a l", "20     [x] <defu");
    assertThat(Ptree.lines(nodes, Terminal.ENDLESS)).contains("  12345  cat a long name");
  }
}
