package org.libproc4j.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Path;
import java.util.Objects;

/** A program of this module, which answers a line for a line and ends when its input does. */
final class Helper implements AutoCloseable {
  private final Process process;
  private final Writer in;
  private final BufferedReader out;

  /** A C program. The directory of the compiled ones is in the property {@code libproc4j.bench}. */
  static Helper start(String program, int argument) {
    return start(program, String.valueOf(argument));
  }

  static Helper start(String program, String argument) {
    String path = Path.of(System.getProperty("libproc4j.bench", "."), program).toString();
    return start(ProcessBuilder.Redirect.INHERIT, path, argument);
  }

  /** A Python script from our resources; what it complains of is dropped. */
  static Helper startPython(String python, String script) {
    try (InputStream in = Helper.class.getResourceAsStream(script)) {
      String text = new String(Objects.requireNonNull(in, script).readAllBytes(), UTF_8);
      return start(ProcessBuilder.Redirect.DISCARD, python, "-c", text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Helper start(ProcessBuilder.Redirect errors, String... command) {
    try {
      return new Helper(new ProcessBuilder(command).redirectError(errors).start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Helper(Process process) {
    this.process = process;
    in = process.outputWriter();
    out = process.inputReader();
  }

  String answer() {
    try {
      String line = out.readLine();
      if (line == null) {
        throw new IllegalStateException(process + " has ended without an answer");
      }
      return line;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String ask(String command) {
    try {
      in.write(command + "\n");
      in.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return answer();
  }

  @Override
  public void close() {
    try {
      in.close();
      process.waitFor();
      out.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
