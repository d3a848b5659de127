package org.libproc4j.peers;

import static org.libproc4j.peers.Command.untilInterrupt;
import static org.libproc4j.peers.Command.untilLine;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.libproc4j.ProcessHandle;
import org.libproc4j.Way;
import org.libproc4j.linux.linux_h;
import org.libproc4j.procfs.ProcFs;
import org.libproc4j.scenarios.Worker;
import org.libproc4j.testing.Jvm;

/** The peers of the table. */
enum Peers implements Peer {
  /** A small program of ours, {@link Holder}: a shared tracer, and all else as by default. */
  LIBPROC4J("libproc4j") {
    @Override
    public Optional<String> version() {
      return Optional.of("of this commit, Java " + Runtime.version());
    }

    @Override
    public Optional<Command> hold(int pid) {
      return Optional.of(untilLine("held", java(Holder.class, "hold", "" + pid)));
    }

    @Override
    public Optional<Command> holdThread(int pid, int tid) {
      return Optional.of(untilLine("held", java(Holder.class, "thread", "" + pid, "" + tid)));
    }

    @Override
    public Optional<Command> follow(int pid) {
      return Optional.of(untilLine("following", java(Holder.class, "follow", "" + pid)));
    }

    @Override
    public Optional<Command> cycle(int pid) {
      return Optional.of(
          untilLine("ready", java(Worker.class, Way.SHARED_INTERRUPT.name(), "" + pid)));
    }

    private List<String> java(Class<?> main, String... arguments) {
      return Jvm.shortLived(
          main, List.of(ProcessHandle.class, ProcFs.class, linux_h.class), arguments);
    }
  },

  GDB("gdb") {
    @Override
    public Optional<String> version() {
      return lastWord("gdb", "-nx", "--version");
    }

    @Override
    public Optional<Command> hold(int pid) {
      return Optional.of(untilLine("held", script("hold", pid)));
    }

    @Override
    public Optional<Command> holdThread(int pid, int tid) {
      return Optional.of(
          untilLine("held", List.of("sh", resource("hold-thread-gdb.sh"), "" + pid, "" + tid)));
    }

    @Override
    public Optional<Command> follow(int pid) {
      return Optional.of(untilInterrupt("following", script("follow", pid)));
    }

    @Override
    public Optional<Command> cycle(int pid) {
      return Optional.of(untilLine("ready", script("cycle", pid)));
    }

    // A script ends at its first failure; commands given one by one would go on.
    private List<String> script(String name, int pid) {
      return List.of(
          "gdb",
          "-nx",
          "-batch",
          "-iex",
          "set confirm off",
          "-ex",
          "set $pid = " + pid,
          "-x",
          resource(name + ".gdb"));
    }
  },

  STRACE("strace") {
    @Override
    public Optional<String> version() {
      return lastWord("strace", "-V");
    }

    @Override
    public Optional<Command> follow(int pid) {
      return Optional.of(
          untilInterrupt(
              "strace: Process " + pid + " attached.*",
              List.of("strace", "-f", "-o", "/dev/null", "-p", "" + pid)));
    }

    @Override
    public Optional<Command> cycle(int pid) {
      return Optional.of(untilLine("ready", List.of("sh", resource("cycle-strace.sh"), "" + pid)));
    }
  },

  KILL("kill -STOP, -CONT") {
    @Override
    public Optional<String> version() {
      return Optional.of("the shell's");
    }

    @Override
    public Optional<Command> hold(int pid) {
      return Optional.of(untilLine("held", List.of("sh", resource("hold-kill.sh"), "" + pid)));
    }

    @Override
    public Optional<Command> cycle(int pid) {
      return Optional.of(untilLine("ready", List.of("sh", resource("cycle-kill.sh"), "" + pid)));
    }
  };

  private final String title;

  Peers(String title) {
    this.title = title;
  }

  @Override
  public String toString() {
    return title;
  }

  private static String resource(String name) {
    return Path.of(
            java.net.URI.create(
                Objects.requireNonNull(Peers.class.getResource(name), name).toString()))
        .toString();
  }

  /** The last word of the first line. */
  private static Optional<String> lastWord(String... command) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getOutputStream().close();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return output.lines().findFirst().map(line -> line.replaceFirst(".* ", ""));
    } catch (IOException notInstalled) {
      return Optional.empty();
    }
  }
}
