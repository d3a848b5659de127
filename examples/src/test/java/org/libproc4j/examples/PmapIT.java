package org.libproc4j.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.libproc4j.procfs.ProcFs;

/** {@code pmap} and {@code pldd}. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class PmapIT {
  @TempDir Path directory;

  @Test
  void itShowsWhatIsMappedAndTheTotalIsTheProcesss() {
    try (LiveTarget target = LiveTarget.start("idle")) {
      ToolRun.Result result = ToolRun.run("pmap", target.operand());
      assertThat(result.err()).isEmpty();
      assertThat(result.out())
          .startsWith(target.pid() + ": ")
          .containsPattern("\n[0-9a-f]{16} +\\d+K  r-xp  /\\S*/idle\n")
          .containsPattern("\n[0-9a-f]{16} +\\d+K  rw-p  \\[stack]\n");
      // The kernel does not count its page of vsyscalls, which not every machine has.
      long vsyscall = result.out().contains("[vsyscall]") ? 4 : 0;
      assertThat(result.out().lines().toList().getLast())
          .matches("total +" + (sizeInKib(target) + vsyscall) + "K");
    }
  }

  private static long sizeInKib(LiveTarget target) {
    return ProcFs.of().process(target.pid()).status().orElseThrow().memory().orElseThrow().vmSize()
        >> 10;
  }

  @Test
  void extendedItShowsTheMemoryOfEach() throws Exception {
    try (LiveTarget target = LiveTarget.start("idle")) {
      ToolRun.Result text = ToolRun.run("pmap", "-x", target.operand());
      assertThat(text.out().lines().skip(1).findFirst().orElseThrow())
          .matches("ADDRESS +KIB +RSS +PSS +DIRTY +SWAP +MODE +MAPPED");
      JsonNode report =
          new ObjectMapper()
              .readTree(ToolRun.run("pmap", "--extended", "--json", target.operand()).out())
              .get(0);
      long rss =
          ProcFs.of()
              .process(target.pid())
              .smapsRollup()
              .map(Optional::orElseThrow)
              .orElseThrow()
              .rss();
      assertThat(report.get("memory").get("rss").longValue()).isEqualTo(rss);
      assertThat(text.out().lines().toList().getLast())
          .matches("total +\\d+ +" + (rss >> 10) + " .*");
    }
  }

  @Test
  void librariesAreShownOnceAndAProgramThatIsGoneIsSaidSo() throws Exception {
    Path program = directory.resolve("sleep");
    Files.copy(Path.of("/bin/sleep"), program);
    try (LiveTarget target = LiveTarget.startProgram(program.toString(), "1000")) {
      ToolRun.await("its exec", () -> pldd(target).stream().anyMatch(l -> l.contains("/libc.")));
      Files.delete(program);
      ToolRun.Result result = ToolRun.run("pldd", target.operand());
      assertThat(result.err()).isEmpty();
      List<String> lines = result.out().lines().toList();
      assertThat(lines).startsWith(target.pid() + ": " + program + " 1000", program + " (deleted)");
      assertThat(lines.subList(2, lines.size()))
          .hasSizeGreaterThanOrEqualTo(2) // the C library and the dynamic linker
          .doesNotHaveDuplicates()
          .allMatch(line -> line.startsWith("/") && line.contains(".so"));
    }
  }

  private static List<String> pldd(LiveTarget target) {
    try {
      return new Pldd()
          .report(Examinee.of(target.pid()), Optional.empty()).libraries().stream()
              .map(Object::toString)
              .toList();
    } catch (OperandException e) {
      throw new AssertionError(e);
    }
  }
}
