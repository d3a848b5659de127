package org.libproc4j.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PageTest {
  @TempDir Path directory;

  private Report report = new Report(Map.of(), List.of());

  @BeforeEach
  void measureSomething() {
    Table table = new Table("cycles", "threads", "by", "µs");
    table.add(1_000, "C", 12_345.6);
    table.add(1, "ours", 0.5);
    Plot costs = Plot.ofCosts("costs", "What it costs", "threads", "µs");
    costs.addAll(table);
    costs.add("gdb", 1, 630_019);
    Plot shares = Plot.ofShares("shares", "How long it takes");
    shares.addShares("C", new double[] {3, 1, 2});
    List<Figure> figures =
        List.of(
            new Figure("ours / C", 1.1, "", 1.15),
            new Figure("ours / gdb", 2, "", 1.0),
            Figure.of("held", 920, "B"));
    Section section =
        new Section("Stop and run", "How.\n", List.of(costs, shares), List.of(table), figures);
    report = new Report(Map.of("processor", "a \"fast\" one"), List.of(section));
  }

  @Test
  void theTextShowsTablesPromisesAndPlots() throws IOException {
    Page.write(report, directory);
    assertThat(Files.readString(directory.resolve("README.md")))
        .contains("- processor: a \"fast\" one\n")
        .contains("- promises: 1 of 2 are met\n")
        .contains(
            "| threads | by | µs |\n|---:|---|---:|\n| 1,000 | C | 12,346 |\n| 1 | ours | 0.50 |\n")
        .contains("| ours / C | 1.10 |  | 1.15 | met |\n")
        .contains("| ours / gdb | 2.00 |  | 1.00 | **not met** |\n")
        .contains("| held | 920 | B |  |  |\n")
        .contains("![What it costs](costs.svg)");
  }

  @Test
  void eachPlotIsAnSvgAndAPng() throws Exception {
    Page.write(report, directory);
    for (Plot plot : report.plots()) {
      assertThat(Svg.paths(directory.resolve(plot.name() + ".svg"))).isPositive();
      var image = ImageIO.read(directory.resolve(plot.name() + ".png").toFile());
      assertThat(image.getWidth()).isEqualTo(900);
    }
  }

  @Test
  void theJsonIsTheWholeReport() throws IOException {
    Page.write(report, directory);
    assertThat(Page.JSON.readValue(directory.resolve("bench.json").toFile(), Report.class))
        .isEqualTo(report);
  }

  @Test
  void aCopyReplacesAnEarlierPageAndNothingElse() throws IOException {
    Path written = directory.resolve("written");
    Path copy = Files.createDirectory(directory.resolve("copy"));
    Files.writeString(copy.resolve("old.svg"), "");
    Files.writeString(copy.resolve("notes.txt"), "");
    Page.write(report, written);
    Page.copy(written, copy);
    assertThat(copy)
        .isDirectoryContaining("glob:**/README.md")
        .isDirectoryContaining("glob:**/costs.png")
        .isDirectoryContaining("glob:**/notes.txt")
        .isDirectoryNotContaining("glob:**/old.svg");
  }

  @Test
  void withoutARunThereIsNothingToCopy() throws IOException {
    Path copy = Files.createDirectory(directory.resolve("copy"));
    Files.writeString(copy.resolve("README.md"), "earlier");
    assertThatExceptionOfType(NoSuchFileException.class)
        .isThrownBy(() -> Page.copy(directory, copy));
    assertThat(copy.resolve("README.md")).hasContent("earlier");
  }

  @Test
  void sharesEndWithTheLongestTime() {
    Plot.Line line = report.plots().getLast().lines().getFirst();
    assertThat(line.x().getFirst()).isEqualTo(1);
    assertThat(line.x().getLast()).isEqualTo(3);
    assertThat(line.y()).hasSize(100).endsWith(100.0);
  }
}
