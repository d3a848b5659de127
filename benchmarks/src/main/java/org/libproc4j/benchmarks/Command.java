package org.libproc4j.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.TimeUnit;

/** Programs that are started, do one thing and end. */
final class Command {
  private Command() {}

  /** A program of the JDK that runs this. */
  static String java(String program) {
    return Path.of(System.getProperty("java.home", ""), "bin", program).toString();
  }

  /**
   * From its start to its end, in microseconds; empty if that does not come within the limit.
   *
   * @throws IllegalStateException if it fails
   */
  static OptionalDouble micros(
      List<String> command, Map<String, String> environment, Duration limit) {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectOutput(Redirect.DISCARD)
            .redirectError(Redirect.DISCARD);
    builder.environment().putAll(environment);
    try {
      long start = System.nanoTime();
      Process process = builder.start();
      process.getOutputStream().close();
      if (!process.waitFor(limit.toNanos(), TimeUnit.NANOSECONDS)) {
        process.destroyForcibly().waitFor();
        return OptionalDouble.empty();
      }
      long nanos = System.nanoTime() - start;
      if (process.exitValue() != 0) {
        throw new IllegalStateException(command + " failed with " + process.exitValue());
      }
      return OptionalDouble.of(nanos / 1e3);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** All that it says; empty if it cannot be run, or fails. */
  static Optional<String> output(List<String> command) {
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectInput(Redirect.from(Path.of("/dev/null").toFile()))
              .redirectError(Redirect.DISCARD)
              .start();
      String output = new String(process.getInputStream().readAllBytes(), UTF_8);
      return process.waitFor() == 0 ? Optional.of(output) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty(); // there is no such program
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
