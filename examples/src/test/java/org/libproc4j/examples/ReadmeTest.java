package org.libproc4j.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the README says is so. */
class ReadmeTest {

  @Test
  void itsExampleCompiles(@TempDir Path directory) throws Exception {
    Matcher example = Pattern.compile("(?s)```java\n(.*?)```").matcher(readme());
    assertThat(example.find()).isTrue();
    Path source = Files.writeString(directory.resolve("Example.java"), example.group(1));
    assertThat(example.group(1).lines().filter(line -> !line.isBlank()).count())
        .isLessThanOrEqualTo(25);
    Process javac =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "javac").toString(),
                "-Xlint:all",
                "-Werror",
                "-d",
                directory.toString(),
                "-cp",
                everything(),
                source.toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(javac.getInputStream().readAllBytes(), UTF_8);
    assertThat(javac.waitFor()).as(said).isZero();
  }

  @Test
  void ciRunsItsTestCommand() throws IOException {
    Matcher command = Pattern.compile("## Test it\n\n    (.*)\n").matcher(readme());
    assertThat(command.find()).isTrue();
    assertThat(Files.readString(ToolRun.root().resolve(".ci/run"))).contains(command.group(1));
  }

  private static String readme() throws IOException {
    return Files.readString(ToolRun.root().resolve("README.md"));
  }

  private static String everything() {
    return Stream.of("jdk.module.path", "java.class.path")
        .map(System::getProperty)
        .filter(Objects::nonNull)
        .filter(path -> !path.isEmpty())
        .collect(Collectors.joining(File.pathSeparator));
  }
}
