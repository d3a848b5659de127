package org.libproc4j.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * A low limit of open files for this JVM, which {@link #leave} reaches. Whoever uses this must have
 * loaded every class before that is needed meanwhile.
 */
public final class DescriptorLimit implements AutoCloseable {

  private static final String HIGH = ProcFiles.softDescriptorLimit();

  private final Deque<FileInputStream> fill = new ArrayDeque<>();

  /** Sets the limit; files that are open already stay so. */
  public DescriptorLimit(int limit) {
    set(Integer.toString(limit));
  }

  /** Opens files until no more than so many can be opened. */
  public void leave(int descriptors) {
    try {
      while (true) {
        fill.push(new FileInputStream("/dev/null"));
      }
    } catch (IOException limitReached) {
      // That was to be.
    }
    for (int i = 0; i < descriptors; i++) {
      close(fill.pop());
    }
  }

  /** Closes what {@link #leave} opened. */
  public void leaveAll() {
    while (!fill.isEmpty()) {
      close(fill.pop());
    }
  }

  private static void close(FileInputStream file) {
    try {
      file.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void set(String limit) {
    long self = ProcessHandle.current().pid();
    try {
      Process prlimit =
          new ProcessBuilder("prlimit", "--pid", "" + self, "--nofile=" + limit + ":")
              .inheritIO()
              .start();
      assertThat(prlimit.waitFor()).as("exit status of prlimit").isZero();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    leaveAll();
    set(HIGH);
  }
}
