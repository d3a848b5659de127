package org.libproc4j.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * A machine that may be frozen: a PID namespace with its own {@code /proc} and its own corner of
 * the cgroups, whose first process is {@code namespace.c}. The test looks at it from outside, and
 * stands still with none of it. {@link #close()}, or this JVM's end, kills all that is in there.
 *
 * <p>Process ids are those that the namespace gives. Every wait ends by {@link #LIMIT}.
 */
public final class PidNamespace implements AutoCloseable {

  /** Every wait for a machine, which may be a large one on a busy host, ends by this time. */
  public static final Duration LIMIT = Target.LIMIT.multipliedBy(3);

  /** A slot's kind, {@code zoo.h}: what it counts. */
  public enum Kind {
    ORDINARY(0),
    STOPPED(1),
    NOTICES(2),
    BLOCKED(3);

    private final int number;

    Kind(int number) {
      this.number = number;
    }
  }

  /** A thread, as the kernel shows it to those inside. */
  public record Task(int pid, int tid, String comm, char state) {
    /** Whether job control or a tracer has stopped it. */
    public boolean isStopped() {
      return state == 'T' || state == 't';
    }
  }

  private static final Pattern STARTED =
      Pattern.compile(
          "namespace: init (\\d+) shared (\\d+) cgroup (\\S+) freezer (\\S+) token (\\S+)");
  // Somebody else may have begun a line before.
  private static final Pattern ANSWER =
      Pattern.compile(".*namespace: (\\d+) (?:ok (-?\\d+)|failed (\\d+) (.*))");
  private static final Pattern ENDED =
      Pattern.compile(".*namespace: ended (\\d+) ((?:exited|killed) \\d+)");

  private static final int SHOWN_LINES = 60;
  private static final int SHOWN_TASKS = 60;

  private final Process outside;
  private final OutputStream commands;
  private final Thread reader;
  private final List<String> lines = Collections.synchronizedList(new ArrayList<>());
  private final Map<Long, String> answers = new ConcurrentHashMap<>();
  private final Map<Integer, String> ends = new ConcurrentHashMap<>();
  private final AtomicLong lastCommand = new AtomicLong();
  private volatile boolean silent;
  private final Matcher facts;
  private final SharedMemory shared;

  /** Makes one with nothing in it but its first process. */
  public PidNamespace() {
    String program = Target.directory().resolve("namespace").toString();
    try {
      outside = new ProcessBuilder(program).redirectErrorStream(true).start();
      commands = outside.getOutputStream();
      BufferedReader in = outside.inputReader(StandardCharsets.ISO_8859_1);
      String first = String.valueOf(in.readLine());
      facts = STARTED.matcher(first);
      if (!facts.matches()) {
        outside.destroyForcibly();
        throw new AssertionError("no PID namespace can be made here: " + first);
      }
      shared = SharedMemory.map(Path.of("/proc/" + outside.pid() + "/fd/" + facts.group(2)));
      reader = Thread.ofPlatform().daemon().name("namespace").start(() -> readLines(in));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void readLines(BufferedReader in) {
    try (in) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        Matcher answer = ANSWER.matcher(line);
        Matcher end = ENDED.matcher(line);
        if (answer.matches()) {
          String number = answer.group(2);
          answers.put(Long.valueOf(answer.group(1)), number != null ? number : answer.group(4));
        } else if (end.matches()) {
          ends.put(Integer.valueOf(end.group(1)), end.group(2));
        } else {
          lines.add(line);
        }
      }
    } catch (IOException closed) {
      // Closed by us: nobody listens any more.
    } finally {
      silent = true;
    }
  }

  /** Kills everything in it, and waits until it is gone. */
  @Override
  public void close() {
    int status = -1;
    boolean interrupted = Thread.interrupted();
    try {
      commands.close();
    } catch (IOException alreadyGone) {
      // Then it has ended before.
    }
    try {
      if (outside.waitFor(LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
        status = outside.exitValue();
      }
      reader.join(LIMIT.toMillis());
    } catch (InterruptedException e) {
      interrupted = true;
    }
    outside.destroyForcibly();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    if (status != 0) {
      throw failure("it has not ended well: status " + status);
    }
  }

  // ---------------------------------------------------------------- what is in it

  /**
   * Starts a program, in a session of its own, and with a standard input that {@link #tell} writes.
   *
   * @param cgroup one of {@link #cgroup}, or {@code "-"} for where the first process is
   * @return its process id
   */
  public int start(String cgroup, String... command) {
    return command("start\t" + cgroup + "\t" + String.join("\t", command));
  }

  /** Starts one of {@code src/test/c}, and waits until it says that it is ready. */
  public int animal(String cgroup, String program, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Target.directory().resolve(program).toString());
    command.addAll(List.of(arguments));
    int mark = mark();
    int pid = start(cgroup, command.toArray(new String[0]));
    awaitLine(mark, "ready");
    return pid;
  }

  /** Starts a JVM with this main class, and waits until it says that it is ready. */
  public int jvm(String cgroup, Class<?> main) {
    int mark = mark();
    int pid = start(cgroup, Jvm.shortLived(main, List.of()).toArray(new String[0]));
    awaitLine(mark, "ready");
    return pid;
  }

  /** One line for the standard input of a started program. */
  public void tell(int pid, String line) {
    command("tell\t" + pid + "\t" + line);
  }

  /** Closes the standard input of a started program. */
  public void endInput(int pid) {
    command("deafen\t" + pid);
  }

  /** Sends a signal, from the first process of the namespace. */
  public void kill(int pid, int signal) {
    command("kill\t" + pid + "\t" + signal);
  }

  private int command(String words) {
    long id = lastCommand.incrementAndGet();
    synchronized (commands) {
      try {
        commands.write((id + "\t" + words + "\n").getBytes(StandardCharsets.ISO_8859_1));
        commands.flush();
      } catch (IOException e) {
        throw failure("it hears nothing any more: " + words);
      }
    }
    await("it has obeyed: " + words, () -> answers.containsKey(id) || silent);
    String answer = answers.getOrDefault(id, "it has ended");
    if (!answer.matches("-?\\d+")) {
      throw failure(words.replace('\t', ' ') + ": " + answer);
    }
    return Integer.parseInt(answer);
  }

  /** How a started program ended, {@code exited N} or {@code killed N}; empty while it lives. */
  public Optional<String> ended(int pid) {
    return Optional.ofNullable(ends.get(pid));
  }

  /** Waits for the end of a started program, and says how it ended. */
  public String awaitEnd(int pid) {
    await(pid + " has ended", () -> ends.containsKey(pid));
    return ends.getOrDefault(pid, "");
  }

  /** How many lines have been said so far. */
  public int mark() {
    return lines.size();
  }

  /** What has been said after a mark. */
  public List<String> saidAfter(int mark) {
    synchronized (lines) {
      return List.copyOf(lines.subList(mark, lines.size()));
    }
  }

  /** Waits until somebody has said such a line after a mark. */
  public Matcher awaitLine(int mark, String regex) {
    Pattern pattern = Pattern.compile(regex);
    AtomicReference<Optional<Matcher>> found = new AtomicReference<>(Optional.empty());
    await(
        "somebody has said " + regex,
        () -> {
          found.set(
              saidAfter(mark).stream().map(pattern::matcher).filter(Matcher::matches).findFirst());
          return found.get().isPresent();
        });
    return found.get().orElseThrow();
  }

  // ---------------------------------------------------------------- cgroups

  /** Whether there is a cgroup v2 here that we may divide. */
  public boolean hasCgroups() {
    return !facts.group(3).equals("-");
  }

  /** The directory, outside, of the cgroup v2 that is the root inside. */
  public Path cgroups() {
    return Path.of(facts.group(3));
  }

  /** Whether there is a freezer of cgroup v1 here that we may divide. */
  public boolean hasFreezers() {
    return !facts.group(4).equals("-");
  }

  /** The directory, outside, of the cgroup v1 that is the freezer's root inside. */
  public Path freezers() {
    return Path.of(facts.group(4));
  }

  /**
   * Makes a cgroup, in both hierarchies as far as they are here, and returns its name; without
   * cgroups, {@code "-"}.
   */
  public String cgroup(String name) {
    boolean made = false;
    for (int hierarchy = 3; hierarchy <= 4; hierarchy++) {
      if (!facts.group(hierarchy).equals("-")) {
        make(Path.of(facts.group(hierarchy), name));
        made = true;
      }
    }
    return made ? name : "-";
  }

  /** Makes a cgroup of v1's freezer alone: who starts there is where the first process is in v2. */
  public String freezer(String name) {
    make(freezers().resolve(name));
    return name;
  }

  private static void make(Path directory) {
    try {
      Files.createDirectories(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits until no process is left in a cgroup. */
  public void awaitEmpty(String cgroup) {
    if (hasCgroups()) {
      String procs = cgroups().resolve(cgroup).resolve("cgroup.procs").toString();
      await(cgroup + " is empty", () -> ProcFiles.read(procs).orElseThrow().isEmpty());
    }
  }

  /** Writes {@code cgroup.freeze} of a cgroup, as somebody else than our freezer does. */
  public void setFreeze(String cgroup, boolean frozen) {
    write(cgroups().resolve(cgroup).resolve("cgroup.freeze"), frozen ? "1" : "0");
  }

  /** Writes {@code freezer.state} of a cgroup of v1, as somebody else than our freezer does. */
  public void setFreezer(String cgroup, boolean frozen) {
    write(freezers().resolve(cgroup).resolve("freezer.state"), frozen ? "FROZEN" : "THAWED");
  }

  /** Moves a process, by its number outside, into a cgroup, by its directory outside. */
  public static void move(int hostPid, Path cgroup) {
    write(cgroup.resolve("cgroup.procs"), "" + hostPid);
  }

  /** Moves a thread alone, which version 1 allows. */
  public static void moveThread(String hostTid, Path freezer) {
    write(freezer.resolve("tasks"), hostTid);
  }

  private static void write(Path file, String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** While a cgroup stands still, in {@link #rest}. */
  public interface Rest extends AutoCloseable {
    @Override
    void close();
  }

  /**
   * Lets a cgroup stand still while something is prepared, if there is such a cgroup and nobody has
   * frozen it.
   */
  public Rest rest(String cgroup) {
    if (!hasCgroups()
        || !Files.exists(cgroups().resolve(cgroup))
        || frozenCgroups().contains(cgroup)) {
      return () -> {};
    }
    setFreeze(cgroup, true);
    return () -> setFreeze(cgroup, false);
  }

  /** The numbers outside of the processes in a cgroup, by its directory outside. */
  public static List<Integer> members(Path cgroup) {
    return lines(cgroup.resolve("cgroup.procs")).stream().map(Integer::valueOf).toList();
  }

  /** What a file of a cgroup lists. */
  public static List<String> lines(Path file) {
    return ProcFiles.read(file.toString()).orElseThrow().lines().toList();
  }

  /** Waits until the kernel says that a cgroup stands still. */
  public void awaitFrozen(String cgroup) {
    String events = cgroups().resolve(cgroup).resolve("cgroup.events").toString();
    await(cgroup + " is frozen", () -> ProcFiles.read(events).orElseThrow().contains("frozen 1"));
  }

  /** The same, of a cgroup of v1. */
  public void awaitFreezerFrozen(String cgroup) {
    String state = freezers().resolve(cgroup).resolve("freezer.state").toString();
    await(
        "freezer " + cgroup + " is frozen",
        () -> {
          setFreezer(cgroup, true); // once is not always enough: docs/linux-notes.md
          return ProcFiles.read(state).orElseThrow().equals("FROZEN\n");
        });
  }

  /**
   * All cgroups below the root whose freeze was asked for, whether they stand still or not; those
   * of v1 as {@code v1:NAME}.
   */
  public List<String> frozenCgroups() {
    List<String> frozen = new ArrayList<>();
    if (hasCgroups()) {
      collectFrozen(cgroups(), "cgroup.freeze", "", frozen);
    }
    if (hasFreezers()) {
      collectFrozen(freezers(), "freezer.self_freezing", "v1:", frozen);
    }
    return frozen;
  }

  private static void collectFrozen(Path cgroup, String file, String name, List<String> frozen) {
    File[] below = cgroup.toFile().listFiles(File::isDirectory);
    for (File each : below == null ? new File[0] : below) {
      String path = each.toPath().resolve(file).toString();
      if (ProcFiles.read(path).orElseThrow().strip().equals("1")) {
        frozen.add(name + each.getName());
      }
      collectFrozen(each.toPath(), file, name + each.getName() + "/", frozen);
    }
  }

  // ---------------------------------------------------------------- looking

  /** The namespace's own {@code /proc}, seen from outside. */
  public Path proc() {
    return Path.of("/proc/" + facts.group(1) + "/root/proc");
  }

  /** The first process, as this JVM sees it. */
  int hostPid() {
    return Integer.parseInt(facts.group(1));
  }

  /** The process outside that all of it depends on. */
  long outsidePid() {
    return outside.pid();
  }

  /** Kills that with no chance to clean up; for a test of the harness itself. */
  void destroy() {
    outside.destroyForcibly();
  }

  /** What the freezers of the namespace are told, to be let in. */
  public String token() {
    return facts.group(5);
  }

  /** All threads of all processes. */
  public List<Task> tasks() {
    List<Task> tasks = new ArrayList<>();
    for (int pid : ProcFiles.numbers(proc().toString())) {
      for (int tid : ProcFiles.numbers(proc() + "/" + pid + "/task")) {
        ProcFiles.read(proc() + "/" + pid + "/task/" + tid + "/stat")
            .flatMap(ProcFiles.Stat::parse)
            .ifPresent(stat -> tasks.add(new Task(pid, tid, stat.comm(), stat.state())));
      }
    }
    return tasks;
  }

  /** The threads that job control or a tracer has stopped. */
  public List<Task> stopped() {
    return tasks().stream().filter(Task::isStopped).toList();
  }

  /** A field of a process's {@code status}; empty if it is not there any more. */
  public String status(int pid, String field) {
    return ProcFiles.read(proc() + "/" + pid + "/status")
        .flatMap(text -> text.lines().filter(line -> line.startsWith(field + ":")).findFirst())
        .map(line -> line.substring(field.length() + 1).strip())
        .orElse("");
  }

  /** How many slots are in use. */
  public int slots() {
    return shared.slots();
  }

  /** The counters of all slots. */
  public long[] counters() {
    return IntStream.range(0, slots()).mapToLong(shared::count).toArray();
  }

  /** The sum of all slots of a kind. */
  public long sum(Kind kind) {
    return IntStream.range(0, slots())
        .filter(slot -> shared.kind(slot) == kind.number)
        .mapToLong(shared::count)
        .sum();
  }

  /** The slots that count by themselves while their threads run. */
  public int[] movingSlots() {
    return IntStream.range(0, slots()).filter(shared::moves).toArray();
  }

  /** Waits until so many slots are in use, and all that should move do. */
  public void awaitSlots(int least) {
    await(least + " slots are in use", () -> slots() >= least);
    awaitAllMove();
  }

  /** Waits until every counter has moved that should. */
  public void awaitAllMove() {
    awaitMove(movingSlots());
  }

  /** Waits until each of these counters has moved. */
  public void awaitMove(int... slots) {
    long[] before = counters();
    int[] next = {0}; // those before it have moved
    await(
        "all counters have moved",
        () -> {
          while (next[0] < slots.length && shared.count(slots[next[0]]) != before[slots[next[0]]]) {
            next[0]++;
          }
          return next[0] == slots.length;
        });
  }

  /** Asserts that for so long nothing moves that has a counter. */
  public void assertStill(Duration time) {
    long[] before = counters();
    long start = System.nanoTime();
    do {
      LockSupport.parkNanos(5_000_000);
      for (int slot = 0; slot < before.length; slot++) {
        if (shared.count(slot) != before[slot]) {
          throw failure(
              "slot "
                  + slot
                  + ", thread "
                  + shared.tid(slot)
                  + " of "
                  + comm(shared.tid(slot))
                  + ", moves that should stand still");
        }
      }
    } while (System.nanoTime() - start < time.toNanos());
    assertThat(slots()).as("slots in use").isEqualTo(before.length);
  }

  private String comm(int tid) {
    return ProcFiles.read(proc() + "/" + tid + "/comm").orElse("nobody").strip();
  }

  /** Waits for something; fails with all that is known about the namespace. */
  public void await(String what, BooleanSupplier condition) {
    if (!Await.until(LIMIT, condition)) {
      throw failure("not reached: " + what);
    }
  }

  private AssertionError failure(String what) {
    StringBuilder all = new StringBuilder(what).append("\nsaid at last:\n");
    List<String> said = saidAfter(Math.max(0, mark() - SHOWN_LINES));
    said.forEach(line -> all.append("  ").append(line).append('\n'));
    all.append("ended: ").append(ends).append('\n');
    all.append("tasks that neither run nor sleep:\n");
    tasks().stream()
        .filter(task -> task.state() != 'S' && task.state() != 'R')
        .limit(SHOWN_TASKS)
        .forEach(task -> all.append("  ").append(task).append('\n'));
    all.append("frozen cgroups: ").append(frozenCgroups()).append('\n');
    return new AssertionError(all.toString());
  }
}
