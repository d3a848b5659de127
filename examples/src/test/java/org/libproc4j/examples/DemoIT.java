package org.libproc4j.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.libproc4j.procfs.ProcFs;

/** {@code demo}. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class DemoIT {
  private static final String NOBODY = "65534";

  @TempDir Path directory;

  @Test
  void allThatItShowsHolds() throws Exception {
    ToolRun.Result result = ToolRun.run(demo("--json"));
    JsonNode steps = new ObjectMapper().readTree(result.out());
    assertThat(steps).isNotEmpty().allMatch(step -> step.get("held").booleanValue());
    assertThat(steps.findValuesAsText("result"))
        .contains("OK", "EBADF", "EINVAL", "EAGAIN", "ENOENT", "EINTR");
    assertThat(result.status()).isZero();
    assertThat(result.err()).isEmpty();
    assertThat(left()).isEmpty();
  }

  @Test
  void ourStopsAreInvisibleAndThoseOfOthersAreNot() throws Exception {
    ToolRun.Result result = ToolRun.run(demo("--invisible", "--json"));
    assertThat(result.err()).isEmpty();
    assertThat(result.status()).isZero();
    JsonNode rows = new ObjectMapper().readTree(result.out());
    assertThat(rows).anyMatch(row -> row.get("ours").booleanValue());
    for (JsonNode row : rows) {
      int noticed = row.get("ours").booleanValue() ? 0 : row.get("stops").intValue();
      assertThat(row.get("stops").intValue()).as("%s", row).isPositive();
      assertThat(row.get("interrupted").intValue()).as("%s", row).isEqualTo(noticed);
    }
    assertThat(left()).isEmpty();
  }

  @Test
  void itNeedsNoPrivileges() throws Exception {
    List<String> command = new ArrayList<>();
    if (Files.getOwner(Path.of("/proc/self")).getName().equals("root")) {
      command.addAll(
          List.of("setpriv", "--reuid", NOBODY, "--regid", NOBODY, "--clear-groups", "--"));
    }
    command.addAll(demo().command());
    ToolRun.Result result = ToolRun.run(new ProcessBuilder(command));
    assertThat(result.err()).isEmpty();
    assertThat(result.status()).isZero();
    assertThat(result.out().lines().toList().getLast())
        .startsWith("demo: all of the ")
        .endsWith(" held");
    assertThat(left()).isEmpty();
  }

  @Test
  void endedEarlyItLeavesNothingBehind() throws Exception {
    for (String line : List.of("create ", "lwp.stop ", "SIGSTOP", "release ")) {
      try (ToolRun run = ToolRun.start(demo())) {
        run.awaitOutput(line);
        int target = Integer.parseInt(run.out().replaceAll("(?s).*?process (\\d+),.*", "$1"));
        run.signal("TERM");
        assertThat(run.await().status()).isIn(0, 143);
        ToolRun.await("its end", () -> ProcFs.of().process(target).stat().isVanished());
        assertThat(left()).isEmpty();
      }
    }
  }

  @Test
  void withoutAReaderItLeavesNothingBehind() throws Exception {
    try (ToolRun run = ToolRun.start(demo())) {
      run.awaitOutput("lwp.stop ");
      int target = Integer.parseInt(run.out().replaceAll("(?s).*?process (\\d+),.*", "$1"));
      run.closeOutput();
      ToolRun.Result result = run.await();
      assertThat(result.status()).isEqualTo(1);
      assertThat(result.err()).isEmpty();
      ToolRun.await("its end", () -> ProcFs.of().process(target).stat().isVanished());
    }
  }

  /** The demo, from jars that anybody can read, and with a directory of its own for its files. */
  private ProcessBuilder demo(String... options) throws IOException {
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    Path lib = Files.createDirectories(directory.resolve("lib"));
    try (Stream<Path> jars = Files.list(ToolRun.lib())) {
      for (Path jar : jars.filter(p -> p.toString().endsWith(".jar")).toList()) {
        Path copy = lib.resolve(jar.getFileName());
        if (Files.notExists(copy)) {
          Files.copy(jar, copy);
          Files.setPosixFilePermissions(copy, PosixFilePermissions.fromString("rw-r--r--"));
        }
      }
    }
    Path tmp = Files.createDirectories(directory.resolve("tmp"));
    Files.setPosixFilePermissions(tmp, PosixFilePermissions.fromString("rwxrwxrwx"));
    List<String> command = new ArrayList<>(ToolRun.command(lib, "demo"));
    command.add(command.indexOf("-p"), "-Djava.io.tmpdir=" + tmp);
    command.addAll(List.of(options));
    return new ProcessBuilder(command);
  }

  private List<Path> left() throws IOException {
    try (Stream<Path> files = Files.list(directory.resolve("tmp"))) {
      return files.toList();
    }
  }
}
