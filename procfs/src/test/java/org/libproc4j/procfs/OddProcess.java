package org.libproc4j.procfs;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** {@code core/src/test/c/odd.c} in one of its ways; it ends with this object, or with this JVM. */
final class OddProcess implements AutoCloseable {
  private final Process process;
  private final BufferedReader out;
  private final int shown;

  private OddProcess(List<String> command) throws IOException {
    process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    out = process.inputReader(UTF_8);
    String line = out.readLine();
    if (line == null) {
      process.destroyForcibly();
      throw new IOException(command + " ended without a word");
    }
    shown = Integer.parseInt(line);
  }

  /** Starts it, and waits until it looks as it should. */
  static OddProcess start(String... way) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(program().toString());
    command.addAll(List.of(way));
    return new OddProcess(command);
  }

  static Path program() {
    return Path.of(Objects.requireNonNull(System.getProperty("libproc4j.targets")), "odd");
  }

  /** The one to look at: the zombie, or itself. */
  int pid() {
    return shown;
  }

  /** The one that was started. */
  Process process() {
    return process;
  }

  /** Until it has been waited for. */
  void kill() {
    process.destroyForcibly().onExit().join();
  }

  @Override
  public void close() throws IOException {
    kill();
    out.close();
  }
}
