package org.libproc4j.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The benchmark as the launcher runs it, from the jars that {@code package} leaves. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class BenchIT {
  private static final Path TARGET =
      Path.of(System.getProperty("libproc4j.root")).resolve("benchmarks/target");

  private static int bench(String... options) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Command.java("java"));
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("-Dlibproc4j.bench=" + TARGET.resolve("bench"));
    command.addAll(List.of("-cp", TARGET.resolve("lib") + "/*", Main.class.getName()));
    command.addAll(List.of(options));
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try {
      return process.waitFor();
    } finally {
      process.destroyForcibly();
    }
  }

  /** All but the cold start, for which the launcher would build the tools. */
  @Test
  void aTinyRunWritesAPageThatIsWhole() throws Exception {
    List<String> options = new ArrayList<>(List.of("--tiny", "--threads", "1,3"));
    Stream.of(Part.values())
        .filter(part -> part != Part.COLD)
        .map(Part::option)
        .forEach(options::add);
    assertThat(bench(options.toArray(String[]::new))).isZero();

    Path page = TARGET.resolve("bench/part");
    Report report = Page.JSON.readValue(page.resolve("bench.json").toFile(), Report.class);
    assertThat(report.sections()).hasSize(Part.values().length);
    assertThat(Files.readString(page.resolve("README.md"))).isEqualTo(report.markdown());
    assertThat(report.circumstances()).containsKeys("date", "processor", "kernel", "Java");
    for (Plot plot : report.plots()) {
      assertThat(Svg.paths(page.resolve(plot.name() + ".svg"))).isPositive();
      assertThat(ImageIO.read(page.resolve(plot.name() + ".png").toFile())).isNotNull();
    }
  }

  @Test
  void whatIsNoOptionIsRefused() throws Exception {
    assertThat(bench("--slow")).isEqualTo(2);
  }

  @Test
  void helpIsNoError() throws Exception {
    assertThat(bench("--help")).isZero();
  }
}
