package org.libproc4j.freezer;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.libproc4j.testing.Inside;

/**
 * A freezer in a JVM of its own, in a PID namespace, which obeys commands, a line each, and answers
 * each by a line that begins with {@code freezer:}.
 *
 * <pre>
 * prepare OPTION…  prepared: a freezer has been made, nothing is frozen
 * freeze OPTION…   frozen processes=N threads=N failed=N backend=B held=B:N,… micros=N mended=N noticed=N
 *                  passes=N scheduling=S
 *                  or failed WHY, with the holdouts before it: holdout PID TID STATE WHY
 * thaw             thawed CAUSE, or failed WHY
 * newcomers        newcomers PID…
 * skipped          skipped, with skip PID WHY before it
 * body WHAT OPTION…  freezeThaw with a body that returns, throws or hangs: body ran or failed WHY
 * loop HOLD_MICROS OPTION…  freezes, holds and thaws for ever; looping once that has been done
 * child COMMAND…   starts a child by ProcessBuilder: child PID
 * recover DIRECTORY  recovered thawed=N groups=N failed=N held=N
 * heap             heap MEGABYTES in use after a collection
 * </pre>
 *
 * Its end of input thaws what it holds, and ends it.
 */
final class FreezeWorker {
  private @Nullable Frozen frozen;
  private final List<Process> children = new ArrayList<>();

  private FreezeWorker() {}

  public static void main(String[] arguments) throws IOException {
    Inside.refuseOutside();
    FreezeWorker worker = new FreezeWorker();
    say("up");
    try (BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.ISO_8859_1))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        worker.obey(line);
      }
    }
  }

  private void obey(String line) {
    String[] words = line.split(" ", -1);
    String[] rest = Arrays.copyOfRange(words, 1, words.length);
    try {
      switch (words[0]) {
        case "prepare" -> {
          freezer(rest);
          say("prepared");
        }
        case "freeze" -> freeze(rest);
        case "thaw" -> thaw();
        case "newcomers" ->
            say("newcomers " + held().newcomers().stream().map(c -> "" + c.pid()).collect(SPACED));
        case "skipped" -> skipped();
        case "body" -> body(rest);
        case "loop" -> loop(rest);
        case "child" -> child(rest);
        case "recover" -> recover(rest[0]);
        case "heap" -> heap();
        default -> say("failed unknown command " + line);
      }
    } catch (FreezeException e) {
      for (Holdout holdout : e.holdouts()) {
        say(
            "holdout "
                + holdout.pid()
                + " "
                + holdout.tid()
                + " "
                + holdout.state()
                + " "
                + oneLine(holdout.toString()));
      }
      say("failed " + oneLine(e.toString()));
    } catch (Exception e) {
      say("failed " + oneLine(e.toString()));
    }
  }

  private static final java.util.stream.Collector<CharSequence, ?, String> SPACED =
      Collectors.joining(" ");

  private static void say(String text) {
    System.out.println("freezer: " + text);
  }

  private static String oneLine(String text) {
    return text.replace('\n', ' ');
  }

  private Frozen held() {
    if (frozen == null) {
      throw new IllegalStateException("nothing is frozen");
    }
    return frozen;
  }

  private void freeze(String[] options) throws FreezeException {
    frozen = freezer(options).freeze();
    FreezeReport report = frozen.report();
    for (Holdout holdout : report.failed()) {
      say("holdout " + holdout.pid() + " " + holdout.tid() + " " + holdout.state() + " " + holdout);
    }
    say(
        "frozen processes="
            + report.processes()
            + " threads="
            + report.threads()
            + " failed="
            + report.failed().size()
            + " backend="
            + report.backend()
            + " held="
            + report.held().entrySet().stream()
                .map(e -> e.getKey() + ":" + e.getValue())
                .sorted()
                .collect(Collectors.joining(","))
            + " micros="
            + report.freezeTime().toNanos() / 1000
            + " mended="
            + report.mended()
            + " noticed="
            + report.noticed()
            + " passes="
            + report.passes()
            + " scheduling="
            + report.scheduling());
  }

  private void thaw() {
    FreezeReport report = held().thaw();
    say(
        "thawed "
            + report.thawed().orElseThrow()
            + " micros="
            + report.thawTime().toNanos() / 1000);
  }

  private void skipped() {
    held().report().skipped().forEach(skip -> say("skip " + skip.pid() + " " + skip.reason()));
    say("skipped");
  }

  private static void body(String[] words) throws Exception {
    String[] options = Arrays.copyOfRange(words, 1, words.length);
    freezer(options)
        .freezeThaw(
            () -> {
              say("body");
              switch (words[0]) {
                case "throws" -> throw new IllegalArgumentException("thrown by the body");
                case "hangs" -> hang();
                case "naps" -> LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(500));
                default -> {}
              }
            });
    say("ran");
  }

  /** A body that nothing in Java can end. */
  private static void hang() {
    while (true) {
      LockSupport.park();
    }
  }

  private static void loop(String[] words) throws FreezeException {
    Freezer freezer = freezer(Arrays.copyOfRange(words, 1, words.length));
    long holdNanos = TimeUnit.MICROSECONDS.toNanos(Long.parseLong(words[0]));
    for (boolean first = true; ; first = false) {
      try (Frozen _ = freezer.freeze()) {
        LockSupport.parkNanos(holdNanos);
      }
      if (first) {
        say("looping");
      }
    }
  }

  private void child(String[] command) throws IOException {
    Process child =
        new ProcessBuilder(command)
            .redirectOutput(ProcessBuilder.Redirect.INHERIT)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    children.add(child);
    say("child " + child.pid());
  }

  private static void recover(String directory) throws IOException {
    Recovery done = Freezer.recover(Path.of(directory));
    say(
        "recovered thawed="
            + done.thawed().size()
            + " groups="
            + done.groups().size()
            + " failed="
            + done.failed().size()
            + " held="
            + done.held().size());
  }

  private static void heap() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    say("heap " + ((runtime.totalMemory() - runtime.freeMemory()) >> 20));
  }

  private static Freezer freezer(String[] options) {
    Freezer freezer = Freezer.machine(Path.of("/proc")).deadline(Duration.ofSeconds(60));
    for (String option : options) {
      String[] pair = option.split("=", 2);
      String value = pair.length == 2 ? pair[1] : "";
      freezer =
          switch (pair[0]) {
            case "proc" -> Freezer.machine(Path.of(value)); // must come first
            case "backend" -> freezer.backend(Backend.valueOf(value));
            case "deadline" -> freezer.deadline(Duration.ofMillis(Long.parseLong(value)));
            case "perProcess" -> freezer.perProcess(Duration.ofMillis(Long.parseLong(value)));
            case "partial" -> freezer.partialOk(true);
            case "signalChildren" -> freezer.signalChildren(true);
            case "journal" -> freezer.journal(Path.of(value));
            case "ancestors" -> freezer.excludeAncestors();
            case "exclude" -> freezer.exclude(Integer.parseInt(value));
            case "excludeNamed" ->
                freezer.exclude(c -> c.comm().toString().equals(value.replace('_', ' ')));
            case "excludeThrows" ->
                freezer.exclude(
                    c -> {
                      throw new IllegalArgumentException("thrown by the predicate");
                    });
            default -> throw new IllegalArgumentException(option);
          };
    }
    return freezer;
  }
}
