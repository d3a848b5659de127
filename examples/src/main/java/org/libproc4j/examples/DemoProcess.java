package org.libproc4j.examples;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.libproc4j.GrabException;
import org.libproc4j.GrabOption;
import org.libproc4j.ProcessHandle;
import org.libproc4j.ReleaseOption;
import org.libproc4j.StopReason;
import org.libproc4j.Tracer;
import org.libproc4j.procfs.ProcFs;
import org.libproc4j.procfs.ProcessId;
import org.libproc4j.procfs.Status;

/** The demo's own process, and its counters. Closing it kills it, whatever state it is in. */
final class DemoProcess implements AutoCloseable {
  private static final int SIGKILL = 9;
  private static final Duration LIMIT = Duration.ofSeconds(5);
  private static final long LOOK_EVERY_NANOS = 200_000;

  /** Long enough for a running counter to move many times. */
  private static final long STANDING_NANOS = 10_000_000;

  private final Path file;
  private final Counters counters;
  private final Tracer tracer = Tracer.ofShared();
  private final ProcessHandle process;
  private final ProcessId id;
  private final Thread killer = new Thread(this::kill);
  private int[] tids = {};

  /** Starts a class of ours, which is told the file of its counters. */
  DemoProcess(Class<?> main) throws IOException {
    file = Files.createTempFile("libproc4j-demo", ".counters");
    try {
      counters = Counters.map(file);
      process =
          tracer.create(
              new ProcessBuilder(
                      program().toString(),
                      "-XX:+UseSerialGC",
                      "-XX:TieredStopAtLevel=1",
                      "-Xmx32m",
                      "--enable-native-access=ALL-UNNAMED",
                      "-cp",
                      classes().toString(),
                      main.getName(),
                      file.toString())
                  .redirectError(ProcessBuilder.Redirect.INHERIT));
      id = ProcFs.of().process(process.pid()).stat().orElseThrow().processId();
    } catch (IOException | RuntimeException e) {
      Files.delete(file);
      tracer.close();
      throw e;
    }
    Runtime.getRuntime().addShutdownHook(killer);
  }

  static Path program() {
    return Path.of(System.getProperty("java.home"), "bin", "java");
  }

  private static Path classes() {
    return Path.of(
        URI.create(
            DemoTarget.class.getProtectionDomain().getCodeSource().getLocation().toString()));
  }

  ProcessHandle handle() {
    return process;
  }

  int pid() {
    return process.pid();
  }

  int tid(int counter) {
    return tids[counter];
  }

  // ---- its life

  /** Whether it is where {@code create} leaves a process. */
  boolean isUnborn() {
    return process.status().lwpCount() == 1
        && process.status().representative().reason().filter(r -> r == StopReason.EXEC).isPresent();
  }

  /** Returns when its threads count. */
  void awaitReady() throws IOException {
    awaitSaid();
    if (!allCount().asExpected()) {
      throw new IOException("the demo's process does not count");
    }
    tids = IntStream.range(0, Counters.COUNT).map(i -> thread(Counters.THREAD + i)).toArray();
  }

  /** Returns when it has said that it is ready. */
  void awaitSaid() throws IOException {
    BufferedReader output =
        new BufferedReader(new InputStreamReader(process.standardOutput(), StandardCharsets.UTF_8));
    String said = output.readLine();
    Files.deleteIfExists(file); // both have mapped it
    if (!"ready".equals(said)) {
      throw new IOException("the demo's process does not start: " + said);
    }
  }

  /** Its thread of that name. */
  int thread(String name) {
    return process.lwpIds().stream()
        .filter(
            tid ->
                ProcFs.of().thread(pid(), tid).comm().map(Object::toString).orElse("").equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("no thread is called " + name));
  }

  void closeTracer() {
    tracer.close();
  }

  boolean isUntraced() {
    return ProcFs.of().process(pid()).status().map(Status::tracerPid).orElse(-1) == 0;
  }

  /** Has another process do something. */
  static void haveShell(String command) {
    try {
      new ProcessBuilder("sh", "-c", command).inheritIO().start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Makes it exit by itself. */
  void end() {
    try {
      process.standardInput().close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    Runtime.getRuntime().removeShutdownHook(killer);
    kill();
    Files.deleteIfExists(file);
  }

  private void kill() {
    process.release(ReleaseOption.KILL);
    try (ProcessHandle released = ProcessHandle.grab(pid(), GrabOption.RDONLY)) {
      if (isItself()) {
        released.kill(SIGKILL); // it may be stopped, and deaf to the end of its input
      }
    } catch (GrabException e) {
      // it has ended
    }
    end();
    tracer.close();
  }

  private boolean isItself() {
    return ProcFs.of().process(pid()).stat().map(s -> s.processId().equals(id)).orElse(false);
  }

  // ---- its counters

  long count(int counter) {
    return counters.get(counter);
  }

  /** Returns when it is so. */
  void await(String what, BooleanSupplier condition) throws IOException {
    if (!within(LIMIT, condition)) {
      throw new IOException("the demo's process does not get there: " + what);
    }
  }

  /** Watches until each counter has moved. */
  Movement allCount() {
    long[] before = counters.all();
    boolean moved = within(LIMIT, () -> others(-1).allMatch(i -> counters.get(i) != before[i]));
    return movement(moved, before);
  }

  /** Watches whether none of them moves. */
  Movement allStand() {
    long[] before = counters.all();
    LockSupport.parkNanos(STANDING_NANOS);
    return movement(Arrays.equals(before, counters.all()), before);
  }

  /** Watches until every other counter has moved, and whether this one has not. */
  Movement standsAlone(int counter) {
    long[] before = counters.all();
    LockSupport.parkNanos(STANDING_NANOS);
    boolean moved =
        within(LIMIT, () -> others(counter).allMatch(i -> counters.get(i) != before[i]));
    return movement(moved && counters.get(counter) == before[counter], before);
  }

  private static IntStream others(int than) {
    return IntStream.range(0, Counters.COUNT).filter(i -> i != than);
  }

  private Movement movement(boolean asExpected, long[] before) {
    return new Movement(asExpected, others(-1).mapToObj(i -> counters.get(i) - before[i]).toList());
  }

  private static boolean within(Duration limit, BooleanSupplier condition) {
    long start = System.nanoTime();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - start > limit.toNanos()) {
        return false;
      }
      LockSupport.parkNanos(LOOK_EVERY_NANOS);
    }
    return true;
  }
}
