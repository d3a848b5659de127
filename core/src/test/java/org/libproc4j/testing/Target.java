package org.libproc4j.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A program under test: one of {@code src/test/c}, started below a <i>nest</i> so that it is not
 * this JVM's own child, watched, and killed with all its children by {@link #close()} or when this
 * JVM ends.
 *
 * {@snippet :
 * try (Target target = Target.start("threads", "8")) {
 *   // … stop it …
 *   target.assertStill();
 *   // … let go …
 *   target.assertClean();
 * }
 * }
 *
 * <p>Threads of a target are numbered by <i>slots</i>, each of which has a counter; which slots
 * there are is said in each program. Every wait has a limit, {@link #LIMIT}, and fails with
 * everything that is known about the target. All methods may be called by any thread.
 */
public final class Target implements AutoCloseable {

  /** Every wait of the harness ends by this time. */
  public static final Duration LIMIT = Duration.ofSeconds(Long.getLong("libproc4j.test.limit", 20));

  /**
   * A nest has a limit of its own for a tracer that sits on its target. For the kernel it has none,
   * which now and then spins for a minute where a thread of the target ends or is reaped
   * (docs/reliability.md).
   */
  private static final Duration NEST_LIMIT = LIMIT.multipliedBy(15);

  /** How long a change that needs no help may take: a signal's way to its handler, say. */
  static final Duration SETTLE = Duration.ofSeconds(2);

  /** "Stands still" means while the nest's control counter makes so many moves, 1 ms each. */
  private static final int CONTROL_MOVES = 30;

  /** "Soon" is before that counter has made so many. */
  private static final int SOON_MOVES = 3000;

  private static final int DUMPED_TASKS = 24;
  private static final int DUMPED_LINES = 40;

  private static final Pattern STARTED = Pattern.compile("nest: target (\\d+) shared (\\d+)");

  // A program that does not write whole lines, a JVM say, may have begun one.
  private static final Pattern ANSWER = Pattern.compile("(.*)nest: (\\d+) (ok|failed (\\d+) .*)");

  private static final Pattern ENDED = Pattern.compile("parent: (exited|killed) \\d+");
  private static final String PARENT = "parent: ";

  private final String name;
  private final Process nest;
  private final Thread reader;
  private final OutputStream commands;
  private final Set<String> harnessLinks;
  private final List<String> lines = Collections.synchronizedList(new ArrayList<>());
  private final Map<Long, Integer> answers = new ConcurrentHashMap<>();
  private final AtomicLong lastCommand = new AtomicLong();
  private final SentSignals sent = new SentSignals();

  // Written by the reader alone.
  private volatile boolean silent;
  private volatile boolean ended;
  private volatile int pid;
  private volatile int sharedFd;
  private final SharedMemory shared;
  private final Snapshot atStart;
  private volatile Duration settle = SETTLE;
  private boolean closed;

  // ---------------------------------------------------------------- start and end

  /** Starts a program of {@code src/test/c} and waits until it is ready. */
  public static Target start(String program, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(directory().resolve(program).toString());
    command.addAll(List.of(arguments));
    return new Target(program, command, "ready");
  }

  /**
   * Starts any program, a JVM for instance, and waits for a line that matches. Such a target has no
   * slots and checks nothing by itself.
   */
  public static Target startProgram(String readyRegex, String... command) {
    return new Target(Path.of(command[0]).getFileName().toString(), List.of(command), readyRegex);
  }

  /** The directory of the compiled programs. */
  public static Path directory() {
    String property = System.getProperty("libproc4j.targets");
    Stream<Path> candidates =
        property != null
            ? Stream.of(Path.of(property))
            : Stream.of(Path.of("target/targets"), Path.of("core/target/targets"));
    return candidates
        .filter(directory -> Files.isExecutable(directory.resolve("nest")))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "no compiled targets: core/src/test/c/build.sh makes them, and the property"
                        + " libproc4j.targets says where they are"))
        .toAbsolutePath();
  }

  private Target(String name, List<String> program, String readyRegex) {
    this.name = name;
    List<String> command = new ArrayList<>();
    command.add(directory().resolve("nest").toString());
    command.addAll(program);
    // Its pipes and its pid, known before anybody else can look for leaks.
    Set<String> links = new HashSet<>();
    try {
      nest =
          Leaks.change(
              () -> {
                Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
                // The JDK makes a third pipe all the same, whose other end nobody has.
                process.getErrorStream().close();
                for (int fd = 0; fd <= 1; fd++) {
                  ProcFiles.link("/proc/" + process.pid() + "/fd/" + fd).ifPresent(links::add);
                }
                Leaks.exempt(links, (int) process.pid());
                return process;
              });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    harnessLinks = Set.copyOf(links);
    commands = nest.getOutputStream();
    reader = Thread.ofPlatform().daemon().name("target-" + name).unstarted(this::readLines);
    reader.start();
    try {
      await("the nest has started it", LIMIT, () -> sharedFd != 0 || silent);
      if (sharedFd == 0) {
        throw failure("the nest has not started it");
      }
      shared = SharedMemory.map(Path.of("/proc/" + nest.pid() + "/fd/" + sharedFd));
      awaitLine(readyRegex);
      atStart = new Snapshot(false, Map.of(), 0, List.of(), 0, Leaks.baseline());
    } catch (IOException e) {
      killQuietly(e);
      throw new UncheckedIOException(e);
    } catch (RuntimeException | Error e) {
      killQuietly(e);
      throw e;
    }
  }

  private void readLines() {
    try (BufferedReader in =
        new BufferedReader(new InputStreamReader(nest.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        Matcher answer = ANSWER.matcher(line);
        Matcher started = STARTED.matcher(line);
        if (answer.matches()) {
          if (!answer.group(1).isEmpty()) {
            lines.add(answer.group(1));
          }
          String errno = answer.group(4);
          answers.put(Long.valueOf(answer.group(2)), errno == null ? 0 : Integer.parseInt(errno));
        } else if (started.matches()) {
          pid = Integer.parseInt(started.group(1));
          sharedFd = Integer.parseInt(started.group(2));
        } else {
          lines.add(line);
          ended |= ENDED.matcher(line).matches();
        }
      }
    } catch (IOException closed) {
      // Closed by us: nobody listens any more.
    } finally {
      silent = true;
    }
  }

  /** Kills the target and its children, and waits until they are reaped. */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    int status = -1;
    try {
      commands.close();
    } catch (IOException nestHasEnded) {
      // Then it has killed the target before.
    }
    // An interrupted test closes its targets all the same.
    boolean interrupted = Thread.interrupted();
    long start = System.nanoTime();
    while (status < 0 && System.nanoTime() - start < NEST_LIMIT.toNanos()) {
      try {
        if (nest.waitFor(LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
          status = nest.exitValue();
          reader.join(LIMIT.toMillis());
        }
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    long waited = (System.nanoTime() - start) / 1_000_000;
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    String problem =
        switch (status) {
          case 0 -> "";
          case 3 -> "its dead target could not be reaped: a tracer still holds it\n" + dump();
          case -1 -> "its nest did not end in " + waited + " ms: " + nestNow() + "\n" + dump();
          default -> "its nest ended with status " + status + "\n" + dump();
        };
    Leaks.change(
        () -> {
          nest.destroyForcibly();
          try {
            nest.getInputStream().close();
          } catch (IOException alreadyClosed) {
            // As it should be.
          }
          Leaks.noLongerExempt(harnessLinks, (int) nest.pid());
          return nest;
        });
    if (!problem.isEmpty()) {
      throw new AssertionError(this + ": " + problem);
    }
  }

  private String nestNow() {
    String task = "/proc/" + nest.pid();
    return Stream.of("stat", "wchan", "syscall")
        .map(file -> ProcFiles.read(task + "/" + file).orElse("?").strip())
        .collect(Collectors.joining(", "));
  }

  private void killQuietly(Throwable cause) {
    try {
      close();
    } catch (AssertionError e) {
      cause.addSuppressed(e);
    }
  }

  // ---------------------------------------------------------------- who it is

  /** The target's process id. */
  public int pid() {
    return pid;
  }

  /**
   * The process id of its real parent, which is also the sender of all signals of {@link #send}.
   */
  public int parentPid() {
    return (int) nest.pid();
  }

  /** The ids of all its threads, as the kernel lists them now. */
  public List<Integer> tids() {
    return ProcFiles.tids(pid);
  }

  /** Whether its parent has been told of its end. */
  public boolean hasEnded() {
    return ended;
  }

  /** The id of the thread that has this slot; 0 for none. */
  public int tid(int slot) {
    return shared.tid(slot);
  }

  /** The slot of a thread. */
  public int slot(int tid) {
    return IntStream.range(0, shared.slots())
        .filter(slot -> shared.tid(slot) == tid)
        .findFirst()
        .orElseThrow(() -> failure("thread " + tid + " has no slot"));
  }

  /** The ids of all processes that the target started, and that still are in its process group. */
  public List<Integer> descendants() {
    return group(pid).filter(member -> member != pid).toList();
  }

  /** The ids of all processes in a process group, also of those whose leading thread has ended. */
  public static Stream<Integer> group(int leader) {
    return ProcFiles.pids().stream()
        .filter(
            pid ->
                ProcFiles.Stat.ofProcess(pid).filter(stat -> stat.group() == leader).isPresent());
  }

  /** Whether a process has ended: it is gone, or a zombie without living threads. */
  public static boolean hasEnded(int process) {
    return ProcFiles.isOver(process);
  }

  /** How often the target has executed itself, for those that do. */
  public int generation() {
    return shared.generation();
  }

  // ---------------------------------------------------------------- counters

  /** How many slots are in use; they are numbered from 0. */
  public int slots() {
    return shared.slots();
  }

  /** The counter of a slot. Readable while the target stands, and after its end. */
  public long counter(int slot) {
    return shared.count(slot);
  }

  /** The counters of all slots. */
  public long[] counters() {
    return IntStream.range(0, slots()).mapToLong(this::counter).toArray();
  }

  /** The slots whose counters go up by themselves while their threads run. */
  public int[] movingSlots() {
    return IntStream.range(0, slots()).filter(shared::moves).toArray();
  }

  /** {@link #movingSlots()} without some. */
  public int[] movingSlotsBut(int... slots) {
    Set<Integer> without = IntStream.of(slots).boxed().collect(Collectors.toSet());
    return IntStream.of(movingSlots()).filter(slot -> !without.contains(slot)).toArray();
  }

  /** Waits until each of these counters has moved; without arguments, all that should. */
  public void awaitCounterMoves(int... slots) {
    awaitCounterMoves(LIMIT, slots);
  }

  void awaitCounterMoves(Duration limit, int... slots) {
    int[] watched = slots.length == 0 ? movingSlots() : slots;
    long[] before = IntStream.of(watched).mapToLong(this::counter).toArray();
    BooleanSupplier allMoved = () -> stillIn(watched, before).isEmpty();
    if (!Await.until(limit, allMoved)) {
      throw failure("counters stand still in slots " + stillIn(watched, before));
    }
  }

  private List<Integer> stillIn(int[] slots, long[] before) {
    return IntStream.range(0, slots.length)
        .filter(i -> counter(slots[i]) == before[i])
        .mapToObj(i -> slots[i])
        .toList();
  }

  /**
   * Asserts that these counters, without arguments all that move by themselves, stand still: that
   * none moves while a thread of the nest, which does the same work outside the target, moves at
   * least 30 times.
   */
  public void assertStill(int... slots) {
    int[] watched = slots.length == 0 ? movingSlots() : slots;
    assertThat(watched).as("slots to watch in %s", this).isNotEmpty();
    long[] before = IntStream.of(watched).mapToLong(this::counter).toArray();
    // Sleepers must have had the time to sleep twice.
    int moves = CONTROL_MOVES + (int) (2 * shared.periodMicros() / 1000);
    long until = shared.control() + moves;
    command("control " + moves);
    boolean[] moved = new boolean[1];
    await(
        "the control counter moves",
        LIMIT.plusMillis(10L * moves),
        () -> {
          moved[0] = stillIn(watched, before).size() < watched.length;
          return moved[0] || shared.control() >= until;
        });
    if (moved[0] || stillIn(watched, before).size() < watched.length) {
      List<String> by =
          IntStream.range(0, watched.length)
              .filter(i -> counter(watched[i]) != before[i])
              .mapToObj(i -> "slot " + watched[i] + " by " + (counter(watched[i]) - before[i]))
              .toList();
      throw failure("counters move that should stand still: " + by);
    }
  }

  /**
   * Waits for what should come by itself, and soon; returns whether it has come. A busy machine, on
   * which the nest's control thread moves slowly, is given more time.
   */
  public boolean comesSoon(BooleanSupplier condition) {
    long until = shared.control() + SOON_MOVES;
    command("control " + SOON_MOVES);
    Await.until(
        LIMIT.plusMillis(10L * SOON_MOVES),
        () -> condition.getAsBoolean() || shared.control() >= until);
    return condition.getAsBoolean();
  }

  /** The same for moves of these counters; without arguments, of all that should move. */
  public boolean movesSoon(int... slots) {
    int[] watched = slots.length == 0 ? movingSlots() : slots;
    long[] before = IntStream.of(watched).mapToLong(this::counter).toArray();
    return comesSoon(() -> stillIn(watched, before).isEmpty());
  }

  // ---------------------------------------------------------------- signals and commands

  /** Sends a signal to the process, as kill(2) does. It has been sent when this returns. */
  public void send(int signal) {
    sent.sending(signal, shared.logged());
    command("kill " + signal);
  }

  /** As {@link #send}, to a target that may have ended; whether it had not. */
  public boolean sendIfAlive(int signal) {
    sent.sending(signal, shared.logged());
    return tryCommand("kill " + signal) == 0;
  }

  /** Sends a signal to one thread, as tgkill(2) does. */
  public void sendTo(int tid, int signal) {
    sent.sending(signal, shared.logged());
    command("tgkill " + tid + " " + signal);
  }

  /** Queues a signal with a value for the process, as sigqueue(3) does. */
  public void queue(int signal, long value) {
    sent.queueing(signal, value, shared.logged());
    command("sigqueue " + signal + " " + value);
  }

  /**
   * Says that the last of these signals is not to reach a handler, because the test discards or
   * replaces it: else the clean check misses it.
   */
  public void expectDiscarded(int signal) {
    sent.forgive(signal);
  }

  /**
   * Says that any signal may be discarded or replaced from now on: the clean check still sees one
   * that comes twice.
   */
  public void expectAnyDiscarded() {
    sent.forgiveAll();
  }

  /** Queues a signal with a value for one thread. */
  public void queueTo(int tid, int signal, long value) {
    sent.queueing(signal, value, shared.logged());
    command("tgsigqueue " + tid + " " + signal + " " + value);
  }

  /** Sends a signal to one of {@link #descendants()}. */
  public void sendToDescendant(int descendant, int signal) {
    command("killmember " + descendant + " " + signal);
  }

  /** Keeps the target a zombie when it ends, until {@link #reap()} or {@link #close()}. */
  public void keepZombie() {
    command("reap off");
  }

  /** Lets the parent reap the target, now or when it ends. */
  public void reap() {
    command("reap on");
  }

  /** Closes the target's standard input. */
  public void endInput() {
    command("eof");
  }

  /** Sends a line to the target's standard input. */
  public void tell(String line) {
    command("line " + line);
  }

  /** Sends a line to the target and waits for the line, said after that, that answers it. */
  public MatchResult ask(String line, String answerRegex) {
    int mark = mark();
    tell(line);
    return awaitLine(mark, answerRegex);
  }

  private void command(String text) {
    int errno = tryCommand(text);
    if (errno != 0) {
      throw failure("nest could not do `" + text + "`: errno " + errno);
    }
  }

  /** Has the nest do something, and returns when it is done: 0, or the errno of the failure. */
  private int tryCommand(String text) {
    long id = lastCommand.incrementAndGet();
    try {
      synchronized (commands) {
        commands.write((id + " " + text + "\n").getBytes(StandardCharsets.UTF_8));
        commands.flush();
      }
    } catch (IOException e) {
      throw failure("the nest has ended before `" + text + "`: " + e.getMessage());
    }
    await("answer to `" + text + "`", LIMIT, () -> answers.containsKey(id) || silent);
    Integer errno = answers.remove(id);
    if (errno == null) {
      throw failure("the nest has ended during `" + text + "`");
    }
    return errno;
  }

  // ---------------------------------------------------------------- what was said

  /** All that the target and its parent have said, in order. */
  public List<String> events() {
    synchronized (lines) {
      return List.copyOf(lines);
    }
  }

  /** A point in {@link #events()}: what is there already is before it. */
  public int mark() {
    return lines.size();
  }

  /** Waits for a line that matches as a whole, among all that were said. */
  public MatchResult awaitLine(String regex) {
    return awaitLine(0, regex);
  }

  /** Waits for a line that matches as a whole, among those said after a mark. */
  public MatchResult awaitLine(int mark, String regex) {
    Pattern pattern = Pattern.compile(regex);
    MatchResult[] found = new MatchResult[1];
    int[] next = {mark};
    boolean inTime =
        Await.until(
            LIMIT,
            () -> {
              boolean last = silent || ended;
              for (; found[0] == null && next[0] < lines.size(); next[0]++) {
                Matcher matcher = pattern.matcher(lines.get(next[0]));
                if (matcher.matches()) {
                  found[0] = matcher.toMatchResult();
                }
              }
              return found[0] != null || last;
            });
    if (found[0] == null) {
      throw failure(
          (inTime ? "ended without saying \"" : "did not say in time \"")
              + regex
              + "\" after line "
              + mark);
    }
    return found[0];
  }

  /**
   * What its parent was told up to now, in order: {@code stopped 19}, {@code continued}, {@code
   * exited 3}, {@code killed 9}.
   */
  public List<String> parentEvents() {
    command("sync");
    return parentEventsSaid();
  }

  private List<String> parentEventsSaid() {
    return events().stream()
        .filter(line -> line.startsWith(PARENT))
        .map(line -> line.substring(PARENT.length()))
        .toList();
  }

  /** Waits until its parent is told this, for instance {@code stopped 19}, anew or before. */
  public void awaitParentEvent(String regex) {
    awaitLine(PARENT + "(?:" + regex + ")");
  }

  /** Asserts that its parent has got no SIGCHLD and no news since then. */
  public void assertParentToldNothing(Snapshot since) {
    List<String> events = parentEvents();
    assertThat(events.subList(since.parentEvents().size(), events.size()))
        .as("news to the parent of %s", this)
        .isEmpty();
    assertThat(shared.parentSignals() - since.parentSignals())
        .as("SIGCHLDs to the parent of %s", this)
        .isZero();
  }

  /**
   * Waits for its end; returns what the parent was told of it: {@code exited 3}, {@code killed 9}.
   */
  public String awaitEnd() {
    return awaitLine(ENDED.pattern()).group().substring(PARENT.length());
  }

  /** The handler runs that the target wrote down, in the order in which they began. */
  public List<LoggedSignal> signals() {
    int logged = shared.logged();
    await(
        "handlers write down their signals",
        LIMIT,
        () -> IntStream.range(0, logged).allMatch(shared::loggedComplete));
    return IntStream.range(0, logged).mapToObj(shared::logged).toList();
  }

  /** Waits until handlers have run so often since the start; returns all the runs. */
  public List<LoggedSignal> awaitSignals(int runs) {
    await(runs + " handler runs", LIMIT, () -> shared.logged() >= runs);
    return signals();
  }

  // ---------------------------------------------------------------- what the kernel says

  /** The state letters of all its threads by tid; those that vanish meanwhile are left out. */
  public Map<Integer, Character> states() {
    return states(pid);
  }

  /** The same of any process, one of {@link #descendants()} for instance. */
  public static Map<Integer, Character> states(int process) {
    Map<Integer, Character> states = new TreeMap<>();
    for (int tid : ProcFiles.tids(process)) {
      ProcFiles.Stat.ofTask(process, tid).ifPresent(stat -> states.put(tid, stat.state()));
    }
    return states;
  }

  /** Waits until every thread is in one of these states, {@code "T"} for instance. */
  public void awaitAllInState(String letters) {
    awaitStates(
        "all in state " + letters,
        states ->
            !states.isEmpty()
                && states.values().stream().allMatch(letter -> letters.indexOf(letter) >= 0));
  }

  /** Waits until one thread is in one of these states. */
  public void awaitState(int tid, String letters) {
    awaitStates(
        "thread " + tid + " in state " + letters,
        states -> letters.indexOf(states.getOrDefault(tid, ' ')) >= 0);
  }

  private void awaitStates(String what, Predicate<Map<Integer, Character>> condition) {
    await(what, LIMIT, () -> condition.test(states()));
  }

  /**
   * The thread that traces any of the target's threads; 0 if none is traced. A zombie leader is
   * left out: no tracer can let it go before its siblings, or their exec, are through.
   */
  public int tracerPid() {
    return tids().stream()
        .mapToInt(tid -> tracerOf(ProcFiles.status(pid, tid)))
        .filter(tracer -> tracer != 0)
        .findFirst()
        .orElse(0);
  }

  private static int tracerOf(Map<String, String> status) {
    boolean zombie = status.getOrDefault("State", "").startsWith("Z");
    return zombie ? 0 : Integer.parseInt(status.getOrDefault("TracerPid", "0"));
  }

  /**
   * Waits until none of the target's threads is traced, for when a tracer has just been told to
   * end: the end of a thread is felt a little later than its join.
   */
  public void awaitUntraced() {
    await("nobody traces it", LIMIT, () -> tracerPid() == 0);
  }

  /** Whose privileges it has. */
  public int effectiveUid() {
    return Integer.parseInt(
        ProcFiles.status(pid, pid).getOrDefault("Uid", "").split("\\s+", -1)[1]);
  }

  /** The signals pending for one thread: bit n−1 is signal n. */
  public long sigPnd(int tid) {
    return ProcFiles.mask(ProcFiles.status(pid, tid), "SigPnd");
  }

  /** The signals pending for the process. */
  public long shdPnd() {
    return ProcFiles.mask(ProcFiles.status(pid, pid), "ShdPnd");
  }

  // ---------------------------------------------------------------- clean

  /** How it is now, for {@link #assertClean(Snapshot)}. */
  public Snapshot snapshot() {
    List<String> events = parentEvents();
    Map<Integer, Long> sigPnd = new HashMap<>();
    for (int tid : tids()) {
      sigPnd.put(tid, sigPnd(tid));
    }
    boolean stopped = ProcFiles.Stat.ofProcess(pid).filter(stat -> stat.state() == 'T').isPresent();
    return new Snapshot(
        stopped, Map.copyOf(sigPnd), shdPnd(), events, shared.parentSignals(), Leaks.baseline());
  }

  /** {@link #assertClean(Snapshot)} against how it was when it had just been started. */
  public void assertClean() {
    assertClean(atStart);
  }

  /** For a test of the clean check itself, which knows that what is wrong will not settle. */
  void giveTimeToSettle(Duration time) {
    settle = time;
  }

  /**
   * Asserts that nothing of what was done since then is left, as {@code scenarios.md} calls it
   * clean:
   *
   * <ul>
   *   <li>no thread of the target or of its children is stopped or traced, unless job control held
   *       it before: then all threads are as job control wants them;
   *   <li>pending signals are what they were, and none that its parent sent was lost or came twice,
   *       as far as the target writes down what it handles;
   *   <li>the target computes on (a stopped one stands still) and its self-checks are content;
   *   <li>this JVM holds no file, thread of the library, or child that it did not hold.
   * </ul>
   */
  public void assertClean(Snapshot before) {
    assertThat(ended).as("%s has ended: %s", this, parentEventsSaid()).isFalse();
    List<String> problems = problems(before);
    problems.addAll(before.leaks().settled(settle));
    assertNo(problems);
  }

  /**
   * {@link #assertClean()} but for what this JVM holds, where other threads of the test hold
   * something all the time.
   */
  public void assertSound() {
    assertThat(ended).as("%s has ended: %s", this, parentEventsSaid()).isFalse();
    assertNo(problems(atStart));
  }

  private List<String> problems(Snapshot before) {
    List<String> problems = new ArrayList<>(tracesSettled(before));
    if (problems.isEmpty()) {
      if (!before.jobStopped()) {
        assertComputes();
      } else if (movingSlots().length > 0) {
        assertStill();
      }
      // A stop or a signal that was still on its way has arrived by now.
      problems.addAll(tracesSettled(before));
    }
    if (shared.failures() != 0) {
      problems.add(shared.failures() + " self-checks failed, the first: " + shared.failure());
    }
    return problems;
  }

  private void assertNo(List<String> problems) {
    if (!problems.isEmpty()) {
      throw failure("not clean:\n  " + String.join("\n  ", problems));
    }
  }

  /**
   * Asserts that the target has ended and is reaped, and that this JVM holds nothing more of it.
   */
  public void assertCleanEnd() {
    awaitEnd();
    await("its parent can reap it", LIMIT, () -> !Files.exists(Path.of("/proc/" + pid)));
    atStart.leaks().assertNone();
  }

  /** Waits until the target has shown that all its threads run on and are sound. */
  public void assertComputes() {
    if (movingSlots().length > 0) {
      awaitCounterMoves();
    }
    long liveness = shared.liveness();
    if ((liveness & SharedMemory.ANSWERS_PING) != 0) {
      ask("ping", "pong");
    }
    if ((liveness & SharedMemory.COUNTS_SIGUSR1) != 0) {
      // In front of its call, where a stop may have left it for a moment, the signal ends nothing.
      await("it is in its call", LIMIT, () -> syscall(pid).matches("\\d.*"));
      long before = counter(0);
      send(Signals.SIGUSR1);
      await("SIGUSR1 is handled", LIMIT, () -> counter(0) > before);
    }
    assertThat(shared.failures())
        .as("failed self-checks of %s, the first: %s", this, shared.failure())
        .isZero();
  }

  /**
   * What is there and should not be. No stop and no tracer is given any time to go; signals that
   * are just being delivered are.
   */
  private List<String> tracesSettled(Snapshot before) {
    Traces[] traces = new Traces[1];
    Await.until(
        settle,
        () -> {
          traces[0] = traces(before);
          return !traces[0].stops().isEmpty() || traces[0].signals().isEmpty();
        });
    return Stream.concat(traces[0].stops().stream(), traces[0].signals().stream()).toList();
  }

  /** Stops and tracers, and pending signals, a line each. */
  private record Traces(List<String> stops, List<String> signals) {}

  private Traces traces(Snapshot before) {
    List<String> stops = new ArrayList<>();
    List<String> signals = new ArrayList<>();
    long shdPnd = before.shdPnd();
    long pending = 0;
    long handled = 0;
    for (int tid : tids()) {
      Map<String, String> status = ProcFiles.status(pid, tid);
      if (status.isEmpty()) {
        continue;
      }
      char state = status.getOrDefault("State", "?").charAt(0);
      boolean over = state == 'Z' || state == 'X';
      if (before.jobStopped() && state != 'T' && !over) {
        stops.add("thread " + tid + " is in state " + state + ", not in T as before");
      } else if (!before.jobStopped() && (state == 'T' || state == 't')) {
        stops.add("thread " + tid + " is stopped, in state " + state);
      }
      if (tracerOf(status) != 0) {
        stops.add("thread " + tid + " is traced by " + tracerOf(status));
      }
      long own = ProcFiles.mask(status, "SigPnd");
      long ownBefore = before.sigPnd().getOrDefault(tid, 0L);
      if (own != ownBefore) {
        signals.add("SigPnd of thread %d is %x, was %x".formatted(tid, own, ownBefore));
      }
      shdPnd = ProcFiles.mask(status, "ShdPnd");
      pending |= own | shdPnd;
      handled = ProcFiles.mask(status, "SigCgt");
    }
    if ((shared.liveness() & SharedMemory.LOGS_SIGNALS) != 0
        && shared.logged() < SharedMemory.MAX_LOGGED) {
      signals.addAll(sent.problems(signals(), parentPid(), handled, pending));
    }
    if (shdPnd != before.shdPnd()) {
      signals.add("ShdPnd is %x, was %x".formatted(shdPnd, before.shdPnd()));
    }
    // A job-control stop of the target says nothing about its children.
    for (int child : before.jobStopped() ? List.<Integer>of() : descendants()) {
      states(child)
          .forEach(
              (tid, state) -> {
                if (state == 'T' || state == 't') {
                  stops.add("thread " + tid + " of child " + child + " is in state " + state);
                }
              });
      int tracer = tracerOf(ProcFiles.status(child, child));
      if (tracer != 0 && Files.exists(Path.of("/proc/self/task/" + tracer))) {
        stops.add("child " + child + " is traced by " + tracer + ", a thread of ours");
      }
    }
    return new Traces(stops, signals);
  }

  // ---------------------------------------------------------------- when something is wrong

  private void await(String what, Duration limit, BooleanSupplier condition) {
    if (!Await.until(limit, condition)) {
      throw failure("not within " + limit.toMillis() + " ms: " + what);
    }
  }

  private AssertionError failure(String what) {
    return new AssertionError(this + ": " + what + "\n" + dump());
  }

  /** All that is known about the target, for a person. */
  public String dump() {
    StringBuilder text = new StringBuilder();
    List<Integer> tids = tids();
    text.append("  ").append(tids.size()).append(" threads");
    text.append(", by state: ").append(byState()).append('\n');
    for (int tid : tids.subList(0, Math.min(tids.size(), DUMPED_TASKS))) {
      text.append("  ").append(describe(tid)).append('\n');
    }
    if (tids.size() > DUMPED_TASKS) {
      text.append("  … and ").append(tids.size() - DUMPED_TASKS).append(" more\n");
    }
    List<String> said = events();
    for (String line : said.subList(Math.max(0, said.size() - DUMPED_LINES), said.size())) {
      text.append("  > ").append(line).append('\n');
    }
    return text.toString();
  }

  private Map<Character, Long> byState() {
    return states().values().stream()
        .collect(Collectors.groupingBy(letter -> letter, TreeMap::new, Collectors.counting()));
  }

  private String describe(int tid) {
    Map<String, String> status = ProcFiles.status(pid, tid);
    String task = "/proc/" + pid + "/task/" + tid;
    String fields =
        Stream.of("State", "TracerPid", "SigPnd", "ShdPnd", "SigBlk", "SigCgt")
            .map(field -> field + " " + status.getOrDefault(field, "?"))
            .collect(Collectors.joining(", "));
    String counter =
        IntStream.range(0, shared == null ? 0 : shared.slots())
            .filter(slot -> shared.tid(slot) == tid)
            .mapToObj(slot -> ", slot " + slot + " at " + counter(slot))
            .collect(Collectors.joining());
    return "%d: %s, wchan %s, syscall %s%s"
        .formatted(tid, fields, ProcFiles.read(task + "/wchan").orElse("?"), syscall(tid), counter);
  }

  private String syscall(int tid) {
    return ProcFiles.read("/proc/" + pid + "/task/" + tid + "/syscall").orElse("?").strip();
  }

  @Override
  public String toString() {
    return name + " " + pid;
  }
}
