package org.libproc4j.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./libproc}, from a copy of the built checkout in a path with spaces. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class LauncherIT {
  @TempDir Path directory;
  private Path root;
  private Path home;

  @BeforeEach
  void copyCheckout() throws Exception {
    root = Files.createDirectories(directory.resolve("a checkout"));
    home = Files.createDirectories(directory.resolve("a home"));
    // With their times, by which the launcher sees that nothing is to be built.
    String script =
        "tar -cf - libproc pom.xml */pom.xml */src/main examples/target/lib"
            + " | tar -xf - -C \"$0\"";
    Process copy =
        new ProcessBuilder("sh", "-c", script, root.toString())
            .directory(ToolRun.root().toFile())
            .inheritIO()
            .start();
    assertThat(copy.waitFor()).isZero();
  }

  @Test
  void itRunsAToolFromAnywhere() throws Exception {
    ToolRun.Result result = ToolRun.run(libproc(root.resolve("libproc"), "--version"));
    assertThat(result.status()).isZero();
    assertThat(result.err()).isEmpty();
    assertThat(result.out()).startsWith("libproc4j ");

    Path link = Files.createSymbolicLink(directory.resolve("a link"), root.resolve("libproc"));
    assertThat(ToolRun.run(libproc(link, "--version"))).isEqualTo(result);

    ProcessBuilder relative = libproc(Path.of("./libproc"), "--version");
    assertThat(ToolRun.run(relative.directory(root.toFile()))).isEqualTo(result);
  }

  @Test
  void itPassesOverAJavaThatIsTooOld() throws Exception {
    Path old = Files.createDirectories(directory.resolve("jdk 17"));
    Files.writeString(old.resolve("release"), "JAVA_VERSION=\"17.0.15\"\n");
    Path java = Files.createDirectories(old.resolve("bin")).resolve("java");
    Files.writeString(java, "#!/bin/sh\necho too old >&2\nexit 3\n");
    Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
    ProcessBuilder builder = libproc(root.resolve("libproc"), "--version");
    builder.environment().put("JAVA_HOME", old.toString());
    builder.environment().put("JAVA25_HOME", System.getProperty("java.home"));
    ToolRun.Result result = ToolRun.run(builder);
    assertThat(result.status()).as(result.err()).isZero();
    assertThat(result.out()).contains("Java ");
  }

  @Test
  void argumentsStatusesAndSignalsPassThrough() throws Exception {
    ToolRun.Result result = ToolRun.run(libproc(root.resolve("libproc"), "pstop", "a  *", ""));
    assertThat(result.status()).isEqualTo(1);
    assertThat(result.err())
        .contains("pstop: cannot control a  *: ")
        .contains("pstop: cannot control : ");
    assertThat(ToolRun.run(libproc(root.resolve("libproc"), "pstop")).status()).isEqualTo(2);
    try (LiveTarget target = LiveTarget.start("threads", "2", "sleep");
        ToolRun run =
            ToolRun.start(
                libproc(root.resolve("libproc"), "pstop", target.pid() + "/" + target.pid()))) {
      run.awaitOutput("holding");
      run.signal("TERM");
      assertThat(run.await().status()).isEqualTo(143);
      ToolRun.await("its release", target::isUntraced);
    }
  }

  @Test
  void itsCacheIsTheUsersOwn() throws Exception {
    assertThat(ToolRun.run(libproc(root.resolve("libproc"), "--version")).status()).isZero();
    Path cache = home.resolve(".cache/libproc4j");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(cache)))
        .isEqualTo("rwx------");
    List<Path> first = list(cache);
    assertThat(first).hasSize(1);
    assertThat(ToolRun.run(libproc(root.resolve("libproc"), "--version")).status()).isZero();
    assertThat(list(cache)).isEqualTo(first);

    // Other jars have another cache.
    ToolRun.run(
        new ProcessBuilder("touch", root.resolve("examples/target/lib/picocli.jar").toString()));
    assertThat(ToolRun.run(libproc(root.resolve("libproc"), "--version")).status()).isZero();
    assertThat(list(cache)).hasSize(2);
  }

  @Test
  void aCacheThatOthersCouldHaveWrittenIsNotUsed() throws Exception {
    Path cache = Files.createDirectories(home.resolve(".cache/libproc4j"));
    Files.setPosixFilePermissions(cache, PosixFilePermissions.fromString("rwxrwxrwx"));
    assertThat(ToolRun.run(libproc(root.resolve("libproc"), "--version")).status()).isZero();
    assertThat(list(cache)).isEmpty();
  }

  @Test
  void withoutAPlaceForItsCacheItRunsAllTheSame() throws Exception {
    Files.createFile(home.resolve(".cache"));
    ToolRun.Result result = ToolRun.run(libproc(root.resolve("libproc"), "--version"));
    assertThat(result.status()).isZero();
    assertThat(result.err()).isEmpty();
  }

  @Test
  void manyCanRunAtOnce() throws Exception {
    List<ToolRun> runs = new ArrayList<>();
    try {
      for (int i = 0; i < 3; i++) {
        runs.add(ToolRun.start(libproc(root.resolve("libproc"), "--version")));
      }
      for (ToolRun run : runs) {
        assertThat(run.await().status()).isZero();
        assertThat(run.out()).startsWith("libproc4j ");
      }
      assertThat(list(home.resolve(".cache/libproc4j"))).hasSize(1);
    } finally {
      runs.forEach(ToolRun::close);
    }
  }

  private ProcessBuilder libproc(Path program, String... args) {
    List<String> command = new ArrayList<>(List.of(program.toString()));
    command.addAll(List.of(args));
    ProcessBuilder builder = new ProcessBuilder(command).directory(home.toFile());
    builder.environment().put("HOME", home.toString());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().remove("XDG_CACHE_HOME");
    return builder;
  }

  private static List<Path> list(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.sorted().toList();
    }
  }
}
