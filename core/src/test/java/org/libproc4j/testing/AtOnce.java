package org.libproc4j.testing;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

/** The same for several, each in a thread of its own. */
public final class AtOnce {
  private AtOnce() {}

  /** Does it to all; if it fails for some, it still is done to the others. */
  public static <T> void forAll(List<T> all, Consumer<T> action) {
    List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (T one : all) {
        threads.execute(
            () -> {
              try {
                action.accept(one);
              } catch (RuntimeException | Error e) {
                failures.add(e);
              }
            });
      }
    }
    if (!failures.isEmpty()) {
      AssertionError failure = new AssertionError(failures.getFirst());
      failures.stream().skip(1).forEach(failure::addSuppressed);
      throw failure;
    }
  }
}
