package org.libproc4j.daemons;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.libproc4j.testing.Await;
import org.libproc4j.testing.Target;

/** Clients that ask a daemon all the time, each in a thread of its own. */
final class Load implements AutoCloseable {
  private final AtomicLong answers = new AtomicLong();
  private final List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());
  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean ended;

  /** A connection. */
  interface Client extends AutoCloseable {
    /** Asks once, and throws if the answer is not the right one. */
    void ask() throws IOException;

    @Override
    void close() throws IOException;
  }

  /** Makes a connection. */
  interface Opening {
    Client open() throws IOException;
  }

  private Load() {}

  static Load start(int clients, Opening opening) {
    Load load = new Load();
    for (int i = 0; i < clients; i++) {
      load.threads.add(Thread.ofPlatform().name("client-" + i).start(() -> load.run(opening)));
    }
    return load;
  }

  private void run(Opening opening) {
    try (Client client = opening.open()) {
      while (!ended) {
        client.ask();
        answers.incrementAndGet();
      }
    } catch (IOException | RuntimeException e) {
      failures.add(e); // close throws it
    }
  }

  long answers() {
    return answers.get();
  }

  /** Waits until each client has had some answers more. */
  void awaitProgress() {
    long goal = answers.get() + 100L * threads.size();
    boolean reached = Await.until(Target.LIMIT, () -> answers.get() >= goal || !failures.isEmpty());
    assertThat(failures).isEmpty();
    assertThat(reached).as("answers come").isTrue();
  }

  @Override
  public void close() {
    ended = true;
    boolean joined = Await.until(Target.LIMIT, () -> threads.stream().noneMatch(Thread::isAlive));
    assertThat(failures).isEmpty();
    assertThat(joined).as("all clients have ended").isTrue();
  }
}
