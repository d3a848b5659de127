package org.libproc4j.examples;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * The command that runs while all others stand still. What it prints is kept until they run again,
 * since whoever reads it may be one of them.
 */
final class Meanwhile {
  private final List<String> command;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private Meanwhile(List<String> command) {
    this.command = command;
  }

  /** Whether there is such a program, by a path or on PATH. */
  static boolean isFound(String program) {
    if (program.contains("/")) {
      return isExecutable(Path.of(program));
    }
    String path = System.getenv("PATH");
    return Arrays.stream((path == null ? "/usr/bin:/bin" : path).split(File.pathSeparator, -1))
        .map(directory -> Path.of(directory.isEmpty() ? "." : directory, program))
        .anyMatch(Meanwhile::isExecutable);
  }

  private static boolean isExecutable(Path file) {
    return Files.isRegularFile(file) && Files.isExecutable(file);
  }

  /** Has run another already, so that all that this needs of Java is loaded. */
  static Meanwhile rehearsed(List<String> command) throws IOException {
    Meanwhile rehearsal = new Meanwhile(List.of("/bin/sh", "-c", ":"));
    rehearsal.run();
    return new Meanwhile(command);
  }

  /** Its exit status, as a shell says it. */
  int run() throws IOException {
    Process process =
        new ProcessBuilder(command).redirectInput(ProcessBuilder.Redirect.INHERIT).start();
    Thread keepsOut = keep(process.getInputStream(), out);
    Thread keepsErr = keep(process.getErrorStream(), err);
    while (true) {
      try {
        int status = process.waitFor();
        keepsOut.join();
        keepsErr.join();
        return status;
      } catch (InterruptedException e) {
        process.destroy();
      }
    }
  }

  private static Thread keep(InputStream in, ByteArrayOutputStream text) {
    return Thread.ofPlatform()
        .daemon()
        .start(
            () -> {
              try (in) {
                in.transferTo(text);
              } catch (IOException e) {
                // The command has been killed: what it said so far is all.
              }
            });
  }

  /** Prints what it has printed. */
  void show() {
    show(out, System.out);
    show(err, System.err);
  }

  private static void show(ByteArrayOutputStream text, PrintStream to) {
    to.writeBytes(text.toByteArray());
    to.flush();
  }
}
