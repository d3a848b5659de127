package org.libproc4j.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A C program of this module, which answers a line for a line and ends when its input does. */
final class Helper implements AutoCloseable {
  private final Process process;
  private final Writer in;
  private final BufferedReader out;

  /** The directory of the compiled programs is in the property {@code libproc4j.bench}. */
  static Helper start(String program, int argument) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("libproc4j.bench", "."), program).toString());
    command.add(String.valueOf(argument));
    try {
      return new Helper(
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
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
