package org.libproc4j.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/** A program of this module, which answers a line for a line and ends when its input does. */
final class Helper implements AutoCloseable {
  private final Process process;
  private final Writer in;
  private final BufferedReader out;

  static Helper start(String program, int argument) {
    return start(program, String.valueOf(argument));
  }

  /** A C program. The directory of the compiled ones is in the property {@code libproc4j.bench}. */
  static Helper start(String program, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("libproc4j.bench", "."), program).toString());
    command.addAll(List.of(arguments));
    return start(ProcessBuilder.Redirect.INHERIT, command);
  }

  /**
   * A script from our resources; what it complains of is dropped.
   *
   * @param interpreter what runs it, and its option that is followed by the script itself
   */
  static Helper startScript(String interpreter, String option, String script) {
    try (InputStream in = Helper.class.getResourceAsStream(script)) {
      String text = new String(Objects.requireNonNull(in, script).readAllBytes(), UTF_8);
      return start(ProcessBuilder.Redirect.DISCARD, List.of(interpreter, option, text));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Another program that answers in this way. */
  static Helper startCommand(List<String> command) {
    return start(ProcessBuilder.Redirect.INHERIT, command);
  }

  private static Helper start(ProcessBuilder.Redirect errors, List<String> command) {
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

  int pid() {
    return (int) process.pid();
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

  /** The numbers of which the answer to a command consists. */
  double[] numbers(String command) {
    return Arrays.stream(ask(command).trim().split(" ", -1))
        .mapToDouble(Double::parseDouble)
        .toArray();
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
