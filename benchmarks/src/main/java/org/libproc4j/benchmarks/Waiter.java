package org.libproc4j.benchmarks;

import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.libproc4j.GrabException;
import org.libproc4j.GrabOption;
import org.libproc4j.ProcessHandle;
import org.libproc4j.Tracer;

/** A thread with a tracer of its own that has control of a target. */
final class Waiter {
  private final AtomicReference<Throwable> failure = new AtomicReference<>();
  final Thread thread;

  Waiter(Supplier<Tracer> tracers, Sleepers target, Consumer<ProcessHandle> body) {
    thread =
        Thread.ofPlatform()
            .daemon()
            .start(
                () -> {
                  try (Tracer tracer = tracers.get();
                      ProcessHandle process = tracer.grab(target.pid(), GrabOption.NOSTOP)) {
                    body.accept(process);
                  } catch (GrabException | RuntimeException e) {
                    failure.set(e);
                  }
                });
  }

  void join() {
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (failure.get() != null) {
      throw new IllegalStateException("the waiting thread failed", failure.get());
    }
  }
}
