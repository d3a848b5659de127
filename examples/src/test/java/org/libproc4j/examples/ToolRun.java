package org.libproc4j.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** A tool that runs, from its jars as the launcher starts it. Closing it kills it. */
final class ToolRun implements AutoCloseable {
  static final long LIMIT_SECONDS = 30;

  private final Process process;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final List<Thread> readers = new ArrayList<>();

  /** What it ended with. */
  record Result(int status, String out, String err) {}

  private ToolRun(Process process) {
    this.process = process;
    readers.add(read(process.getInputStream(), out));
    readers.add(read(process.getErrorStream(), err));
  }

  private static Thread read(InputStream in, StringWriter text) {
    return Thread.ofPlatform()
        .daemon()
        .start(
            () -> {
              try (in) {
                byte[] bytes = new byte[8192];
                for (int n; (n = in.read(bytes)) >= 0; ) {
                  text.write(new String(bytes, 0, n, UTF_8));
                }
              } catch (IOException _) {
                // The test has closed it.
              }
            });
  }

  static Path root() {
    return Path.of(System.getProperty("libproc4j.root"));
  }

  static Path lib() {
    return root().resolve("examples/target/lib");
  }

  /** The command that runs a tool, deaf to no signal even where these tests are (nohup). */
  static List<String> command(Path lib, String... args) {
    List<String> command = new ArrayList<>(List.of("env", "--default-signal"));
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "--illegal-native-access=deny",
            "--enable-native-access=org.libproc4j,org.libproc4j.linux",
            "-p",
            lib.toString(),
            "-m",
            "org.libproc4j.examples/org.libproc4j.examples.Main"));
    command.addAll(List.of(args));
    return command;
  }

  static ToolRun start(String... args) {
    return start(new ProcessBuilder(command(lib(), args)));
  }

  static ToolRun start(ProcessBuilder builder) {
    try {
      return new ToolRun(builder.redirectInput(new File("/dev/null")).start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Result run(String... args) {
    try (ToolRun run = start(args)) {
      return run.await();
    }
  }

  static Result run(ProcessBuilder builder) {
    try (ToolRun run = start(builder)) {
      return run.await();
    }
  }

  long pid() {
    return process.pid();
  }

  String out() {
    return out.toString();
  }

  String err() {
    return err.toString();
  }

  /** Closes the pipe that it writes to. */
  void closeOutput() throws IOException {
    process.getInputStream().close();
  }

  /** As a shell's kill: TERM, INT, and the like. */
  void signal(String name) throws IOException, InterruptedException {
    new ProcessBuilder("sh", "-c", "kill -" + name + " " + pid()).inheritIO().start().waitFor();
  }

  void awaitOutput(String text) {
    await("output of " + text, () -> out().contains(text) || !process.isAlive());
    if (!out().contains(text)) {
      throw new AssertionError("it ended without saying " + text + ": " + await());
    }
  }

  Result await() {
    try {
      if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
        throw new AssertionError("the tool did not end; it said: " + out() + err());
      }
      for (Thread reader : readers) {
        reader.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
    return new Result(process.exitValue(), out.toString(), err.toString());
  }

  /** Waits for a condition, with a limit. */
  static void await(String what, BooleanSupplier condition) {
    long start = System.nanoTime();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - start > TimeUnit.SECONDS.toNanos(LIMIT_SECONDS)) {
        throw new AssertionError("waited in vain for " + what);
      }
      LockSupport.parkNanos(1_000_000);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
