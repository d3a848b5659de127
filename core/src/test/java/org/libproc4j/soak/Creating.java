package org.libproc4j.soak;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.OptionalInt;
import org.libproc4j.Errno;
import org.libproc4j.ProcessHandle;
import org.libproc4j.ProcessState;
import org.libproc4j.ReleaseOption;

/** A process of our own, from its first instruction to its end. */
final class Creating {
  private Creating() {}

  static void create(Game game, Animal bystander, Dice dice) {
    ProcessBuilder program =
        switch (dice.below(3)) {
          case 0 -> new ProcessBuilder("/bin/sh", "-c", "exit 7");
          case 1 -> new ProcessBuilder("/bin/sh", "-c", "kill -9 $$");
          default -> new ProcessBuilder("/bin/cat");
        };
    boolean cat = program.command().size() == 1;
    if (!cat) {
      program.redirectInput(Path.of("/dev/null").toFile());
      program.redirectOutput(ProcessBuilder.Redirect.DISCARD).redirectErrorStream(true);
    }
    try (ProcessHandle process =
        game.hasTracer() && dice.oneIn(2)
            ? game.tracer().create(program)
            : ProcessHandle.create(program)) {
      require(process, process.state() == ProcessState.STOP, "it is stopped");
      require(process, process.setRun() == Errno.OK, "it is set running");
      if (!cat) {
        require(process, process.awaitEnd() == Errno.OK, "it ends");
        int expected = program.command().getLast().startsWith("kill") ? 128 + 9 : 7;
        require(
            process,
            process.exitStatus().equals(OptionalInt.of(expected)),
            "its exit status is " + expected);
        return;
      }
      for (int i = 0; i < 3; i++) {
        Errno stopped = process.stop();
        require(process, stopped == Errno.OK, "it is stopped");
        require(process, process.setRun() == Errno.OK, "it is set running");
        process.standardInput().write('a' + i);
        process.standardInput().flush();
        require(process, process.standardOutput().read() == 'a' + i, "it gives back what it got");
      }
      switch (dice.below(3)) {
        case 0 -> process.release(ReleaseOption.KILL);
        case 1 -> {
          process.standardInput().close();
          require(process, process.awaitEnd() == Errno.OK, "it ends");
          require(process, process.exitStatus().equals(OptionalInt.of(0)), "it ends well");
        }
        default -> {
          process.release();
          process.standardInput().write("free\n".getBytes(StandardCharsets.US_ASCII));
          process.standardInput().flush();
          require(process, process.standardOutput().read() == 'f', "it runs, released");
        }
      }
      process.standardInput().close();
      process.standardOutput().close();
      process.standardError().close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void require(ProcessHandle process, boolean condition, String what) {
    if (!condition) {
      throw new AssertionError("created " + process + ": not so: " + what);
    }
  }
}
