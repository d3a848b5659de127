package org.libproc4j.freezer;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.libproc4j.linux.linux_h;
import org.libproc4j.procfs.ProcFs;
import org.libproc4j.testing.Jvm;
import org.libproc4j.testing.PidNamespace;
import org.libproc4j.testing.Target;

/** A {@link FreezeWorker}, seen from outside: it freezes the namespace that it is in. */
final class FreezingJvm {
  private static final List<Class<?>> NEEDED = List.of(Freezer.class, linux_h.class, ProcFs.class);
  private static final String ANSWER =
      "freezer: (prepared|frozen|failed|thawed|newcomers|skipped|ran|child|recovered|heap)\\b"
          + " ?(.*)";

  /** Where the journals of these freezers are. */
  static final Path RUN = Target.directory().resolve("run").toAbsolutePath();

  private final PidNamespace namespace;
  private final int pid;
  private int mark;

  /** What it said. */
  record Answer(String verb, String text) {
    /** A number that it named. */
    long number(String name) {
      Matcher matcher = Pattern.compile("\\b" + name + "=(\\d+)").matcher(text);
      if (!matcher.find()) {
        throw new AssertionError("no " + name + " in " + this);
      }
      return Long.parseLong(matcher.group(1));
    }
  }

  /** Starts one and waits until it is up. */
  FreezingJvm(PidNamespace namespace) {
    this(namespace, ":");
  }

  /** Starts one from a shell that does something before, and waits until it is up. */
  FreezingJvm(PidNamespace namespace, String before) {
    this.namespace = namespace;
    mark = namespace.mark();
    List<String> command =
        new ArrayList<>(
            List.of(
                "sh",
                "-c",
                "export XDG_RUNTIME_DIR=" + RUN + "; " + before + "; exec \"$@\"",
                "sh"));
    command.addAll(Jvm.shortLived(FreezeWorker.class, NEEDED));
    // A JVM takes long to start among many that never rest.
    try (PidNamespace.Rest _ = namespace.rest("zoo")) {
      pid = namespace.start(namespace.cgroup("freezer"), command.toArray(new String[0]));
      namespace.awaitLine(mark, "freezer: up");
      ask("prepare");
    }
  }

  /** Its pid in the namespace. */
  int pid() {
    return pid;
  }

  /** Tells it to do something, and waits until it has answered. */
  Answer ask(String command) {
    begin(command);
    return answer();
  }

  /** Tells it to do something. */
  void begin(String command) {
    mark = namespace.mark();
    namespace.tell(pid, command);
  }

  /** Waits for what it answers to the last command. */
  Answer answer() {
    Matcher matcher = namespace.awaitLine(mark, ANSWER);
    return new Answer(matcher.group(1), matcher.group(2));
  }

  /** Waits until it has said something since the last command. */
  void awaitSaid(String text) {
    namespace.awaitLine(mark, "freezer: " + text);
  }

  /** All that has been said since the last command. */
  List<String> said() {
    return namespace.saidAfter(mark);
  }

  /** Who was skipped at the last freeze, as it says that itself. */
  List<String> skipped() {
    ask("skipped");
    return said();
  }

  /** The guardian's pid in the namespace, while it holds something that needs one. */
  int guardian() {
    return skipped().stream()
        .filter(line -> line.endsWith("the guardian of this freeze"))
        .map(line -> Integer.valueOf(line.split(" ", -1)[2]))
        .findFirst()
        .orElseThrow();
  }

  /** Freezes, with all the time that a busy machine needs; fails if that fails. */
  Answer freeze(String options) {
    Answer answer = ask("freeze perProcess=30000 " + options);
    if (!answer.verb().equals("frozen")) {
      throw new AssertionError(answer + " after " + said());
    }
    return answer;
  }

  /** Thaws; fails if that fails, or had been done before. */
  void thaw() {
    Answer answer = ask("thaw");
    if (!answer.verb().equals("thawed") || !answer.text().startsWith("REQUEST")) {
      throw new AssertionError(answer + " after " + said());
    }
  }
}
