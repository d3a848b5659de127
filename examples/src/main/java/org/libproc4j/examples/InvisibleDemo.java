package org.libproc4j.examples;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.libproc4j.GrabException;
import org.libproc4j.GrabOption;
import org.libproc4j.ProcessHandle;
import org.libproc4j.procfs.ProcFs;
import org.libproc4j.procfs.Stat;

/** Stops a process in several ways, and shows how many of the stops its epoll_wait(2) noticed. */
final class InvisibleDemo {
  private static final int BY_KILL = 20;
  private static final int BY_GDB = 3;
  private static final int BY_GRAB = 20;
  private static final int BY_STOP = 1000;
  private static final Duration GDB_LIMIT = Duration.ofMinutes(1);

  private final boolean json;
  private final DemoProcess target;
  private final List<Row> rows = new ArrayList<>();

  /** What one way of stopping did. */
  record Row(String by, int stops, long interrupted, boolean ours) {
    static final String FORMAT = "%-34s %6s %6s";

    @Override
    public String toString() {
      return FORMAT.formatted(by, stops, interrupted);
    }
  }

  /** What stops a process once and lets it go; whether that could be done. */
  private interface Stop {
    boolean once() throws IOException, GrabException, InterruptedException;
  }

  private InvisibleDemo(DemoProcess target, boolean json) {
    this.target = target;
    this.json = json;
  }

  /** Shows it; whether none of our own stops was noticed. */
  static boolean run(boolean json) throws IOException, GrabException, InterruptedException {
    try (DemoProcess target = new DemoProcess(EpollTarget.class)) {
      return new InvisibleDemo(target, json).show();
    }
  }

  private boolean show() throws IOException, GrabException, InterruptedException {
    target.handle().setRun().orThrow("setRun");
    target.awaitSaid();
    int waiter = target.thread(EpollTarget.THREAD);
    target.handle().release();
    say("demo: process " + target.pid() + ", whose thread " + waiter + " waits in epoll_wait");
    say(Row.FORMAT.formatted("stopped by", "stops", "EINTR"));
    stop("kill -STOP, kill -CONT", BY_KILL, false, waiter, this::byJobControl);
    stop("gdb -p PID, detach", BY_GDB, false, waiter, this::byGdb);
    stop("libproc4j, grab and release", BY_GRAB, true, waiter, this::byGrab);
    try (ProcessHandle process = ProcessHandle.grab(target.pid(), GrabOption.NOSTOP)) {
      stop("libproc4j, stop and setRun", BY_STOP, true, waiter, () -> byStop(process));
    }
    if (json) {
      Tool.print(Json.of(rows));
    }
    long noticed = rows.stream().filter(Row::ours).mapToLong(Row::interrupted).sum();
    say(
        noticed == 0
            ? "demo: of libproc4j's stops it has noticed none"
            : "demo: it HAS NOTICED " + noticed + " of libproc4j's stops");
    return noticed == 0;
  }

  private void say(String text) {
    if (!json) {
      Tool.print(text);
    }
  }

  private void stop(String by, int times, boolean ours, int waiter, Stop stop)
      throws IOException, GrabException, InterruptedException {
    awaitBlocked(waiter);
    long before = target.count(EpollTarget.INTERRUPTED);
    for (int i = 0; i < times; i++) {
      if (!stop.once()) {
        say(by + ": cannot be had here");
        return;
      }
      awaitBlocked(waiter);
    }
    Row row = new Row(by, times, target.count(EpollTarget.INTERRUPTED) - before, ours);
    rows.add(row);
    say(row.toString());
  }

  private void awaitBlocked(int waiter) throws IOException {
    target.await(
        "it waits in epoll_wait",
        () ->
            target.count(EpollTarget.BEGUN) == target.count(EpollTarget.ENDED) + 1
                && state(waiter).filter(state -> state == 'S').isPresent());
  }

  private Optional<Character> state(int tid) {
    return ProcFs.of().thread(target.pid(), tid).stat().map(Stat::stateCode).toOptional();
  }

  private boolean byJobControl() throws IOException, InterruptedException {
    signal("STOP");
    target.await("it stops", () -> state(target.pid()).filter(state -> state == 'T').isPresent());
    signal("CONT");
    return true;
  }

  private void signal(String name) throws IOException, InterruptedException {
    new ProcessBuilder("sh", "-c", "kill -" + name + " " + target.pid()).start().waitFor();
  }

  private boolean byGdb() throws InterruptedException {
    ProcessBuilder gdb =
        new ProcessBuilder("gdb", "-p", "" + target.pid(), "-batch", "-ex", "detach")
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD);
    gdb.environment().put("DEBUGINFOD_URLS", ""); // nobody asks it to look for symbols on the net
    try {
      Process process = gdb.start();
      if (!process.waitFor(GDB_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly().waitFor();
        return false;
      }
      return process.exitValue() == 0;
    } catch (IOException e) {
      return false; // it is not installed
    }
  }

  private boolean byGrab() throws GrabException {
    ProcessHandle.grab(target.pid()).release();
    return true;
  }

  private static boolean byStop(ProcessHandle process) {
    process.stop().orThrow("stop");
    process.setRun().orThrow("setRun");
    return true;
  }
}
