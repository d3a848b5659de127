package org.libproc4j.peers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.libproc4j.testing.Target;

/**
 * A peer at work, in a process group of its own, which {@link #close()} kills. Where this JVM
 * itself is killed, the peer's input and its target end, and with them the peer.
 */
final class Session implements AutoCloseable {
  /** What became of the attempt. */
  enum Answer {
    THERE,
    /** It says that it cannot. */
    GIVES_UP,
    /** It has ended. */
    ENDS,
    /** Not a word within the limit. */
    HANGS
  }

  private static final int KEPT_LINES = 20;

  private final Command command;
  private final Process process;
  private final Deque<String> lines = new ArrayDeque<>();
  private final CompletableFuture<Answer> answer = new CompletableFuture<>();
  private final Thread reader;

  Session(Command command) throws IOException {
    this.command = command;
    List<String> words = new ArrayList<>();
    words.add(Target.directory().resolve("group").toString());
    words.addAll(command.words());
    process = new ProcessBuilder(words).redirectErrorStream(true).start();
    reader = Thread.ofPlatform().daemon().name("peer").start(this::read);
  }

  private void read() {
    try (BufferedReader in = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        keep(line);
        if (line.matches(command.there())) {
          answer.complete(Answer.THERE);
        } else if (line.equals("not " + command.there())) {
          answer.complete(Answer.GIVES_UP);
        }
      }
    } catch (IOException closed) {
      // By us: nobody listens any more.
    }
    answer.complete(Answer.ENDS);
  }

  private void keep(String line) {
    synchronized (lines) {
      if (lines.size() == KEPT_LINES) {
        lines.removeFirst();
      }
      lines.add(line);
    }
  }

  /** The last lines that it said. */
  List<String> said() {
    synchronized (lines) {
      return List.copyOf(lines);
    }
  }

  /** Waits for what it says first. */
  Answer awaitAnswer() {
    return answer
        .completeOnTimeout(Answer.HANGS, command.limit().toMillis(), TimeUnit.MILLISECONDS)
        .join();
  }

  /**
   * Tells it to let go, and waits for its end; false if it does not end. A person would interrupt
   * one that does not even answer.
   */
  boolean letGo() throws IOException, InterruptedException {
    switch (awaitAnswer() == Answer.HANGS ? Command.LetGo.INTERRUPT : command.letGo()) {
      case LINE -> {
        try (OutputStream input = process.getOutputStream()) {
          input.write('\n');
        } catch (IOException hasEnded) {
          // Then there is nobody to be told.
        }
      }
      case INTERRUPT -> signal("INT");
    }
    // A process that has ended can take seconds to be reaped on a busy machine, when somebody looks
    // at all of /proc meanwhile (docs/linux-notes.md).
    return process.waitFor(command.limit().toMillis(), TimeUnit.MILLISECONDS)
        || Target.hasEnded((int) process.pid());
  }

  /** Sends a signal to all of them; as long as there is one, nobody else can get the group's id. */
  private void signal(String name) throws IOException, InterruptedException {
    if (process.isAlive() || reader.isAlive()) {
      new ProcessBuilder("sh", "-c", "kill -s \"$0\" -- -\"$1\"", name, "" + process.pid())
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start()
          .waitFor();
    }
  }

  /** The states of all its threads, a line for each process. */
  String describe() {
    return Target.group((int) process.pid())
        .map(pid -> "peer's process " + pid + ": " + Target.states(pid) + "\n")
        .collect(Collectors.joining());
  }

  /** Kills it and all that it has started, if they are still there. */
  @Override
  public void close() {
    try {
      signal("KILL");
      process.destroyForcibly().waitFor();
      process.getOutputStream().close();
      reader.join(Command.LIMIT);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    // Its output ends with the last of them.
    assertThat(reader.isAlive()).as("%s survives SIGKILL", command.words()).isFalse();
  }
}
