package org.libproc4j.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Programs that take control of a process and let it go: from their start to their end. */
final class Attaching {
  /** Nobody asks gdb to look for symbols on the net. */
  private static final Map<String, String> OFFLINE = Map.of("DEBUGINFOD_URLS", "");

  private Attaching() {}

  /** In microseconds; empty if it takes longer than the limit. */
  static OptionalDouble micros(Peer peer, int pid, Duration limit) {
    String target = String.valueOf(pid);
    return switch (peer) {
      case GDB ->
          Command.micros(List.of("gdb", "-p", target, "-batch", "-ex", "detach"), OFFLINE, limit);
      case LLDB ->
          Command.micros(List.of("lldb", "--batch", "-p", target, "-o", "detach"), OFFLINE, limit);
      case JSTACK ->
          Command.micros(
              List.of(Command.java("jhsdb"), "jstack", "--pid", target), Map.of(), limit);
      case STRACE -> strace(target, limit);
      default -> throw new IllegalArgumentException(peer + " takes no control");
    };
  }

  /** It stays until it is told to go, which is when it has said that it is there. */
  private static OptionalDouble strace(String target, Duration limit) {
    try {
      long start = System.nanoTime();
      Process strace =
          new ProcessBuilder("strace", "-f", "-o", "/dev/null", "-p", target)
              .redirectOutput(Redirect.DISCARD)
              .start();
      CompletableFuture.delayedExecutor(limit.toNanos(), TimeUnit.NANOSECONDS)
          .execute(() -> strace.toHandle().destroyForcibly());
      try (BufferedReader messages = strace.errorReader()) {
        String message = messages.readLine();
        if (message != null && !message.contains("attached")) {
          throw new IllegalStateException("strace says " + message);
        }
        strace.toHandle().destroy(); // its Process would close its messages
        while (messages.readLine() != null) {}
      }
      strace.waitFor();
      long nanos = System.nanoTime() - start;
      return nanos < limit.toNanos() ? OptionalDouble.of(nanos / 1e3) : OptionalDouble.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
