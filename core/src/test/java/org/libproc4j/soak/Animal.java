package org.libproc4j.soak;

import static org.libproc4j.testing.Signals.SIGCONT;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.libproc4j.Errno;
import org.libproc4j.LwpHandle;
import org.libproc4j.ProcessHandle;
import org.libproc4j.ProcessState;
import org.libproc4j.testing.Await;
import org.libproc4j.testing.LoggedSignal;
import org.libproc4j.testing.Signals;
import org.libproc4j.testing.Target;

/**
 * A target, the handles on it, and what must be true of both by what was done so far. Where two
 * things race, so that either outcome is right, it says that it does not know.
 */
final class Animal implements AutoCloseable {
  /** How job control must have it, once it is free. */
  enum Job {
    RUNNING,
    STOPPED,
    UNKNOWN
  }

  /** A thread's handle; if it is held, with the counter that must not move. */
  static final class Lwp {
    final LwpHandle handle;
    private final int slot;
    private boolean held;
    private long count;

    private Lwp(LwpHandle handle, int slot) {
      this.handle = handle;
      this.slot = slot;
    }
  }

  final Species species;
  final Target target;
  final Figures figures;

  /** The handle on it, while there is one. */
  private @Nullable ProcessHandle process;

  /** Whether its tracer always listens. */
  boolean shared;

  /** Whether its threads are stopped by SIGSTOP, which erases other stop signals. */
  boolean byTgkill;

  final Map<Integer, Lwp> lwps = new HashMap<>();

  Job job = Job.RUNNING;

  /** Every thread is stopped by our directive: nobody else's signal can make it run. */
  private boolean held;

  private long[] frozen = {};

  /** A directive is in force, met or not. */
  private boolean directed;

  /** Something has been done that ends it, sooner or later. */
  boolean mayEnd;

  /** Its tracer was closed, and nobody has reopened it. */
  boolean lost;

  /** Its tracer serves it alone. */
  boolean hasOwnTracer;

  /** Its user has chosen events that stop it. */
  private boolean tracing;

  /** Such an event may stop it, or have stopped it. */
  boolean traced;

  /** Such an event stops one thread of it, and leaves the others running. */
  boolean async;

  private boolean tracingExits;

  /** Threads may be held at their exit: see {@link #maySleepDeeply}. */
  private boolean exitsHeld;

  /** Some signal may have been kept from it. */
  private boolean mayLackSignals;

  /** A job-control signal was sent since its start, by anybody. */
  private boolean parentMayKnow;

  /** Its leader was told to exit before the others: then it cannot be let go. */
  private boolean leaderMayBeGone;

  /** Its leader may have ended before it was grabbed. */
  private boolean endMayBeUnknown;

  /** It was told to execute something, perhaps itself. */
  boolean mayExec;

  private int errands;
  private int signalsSent;
  private final Map<Integer, List<Long>> queued = new HashMap<>();

  Animal(Dice dice, Figures figures, boolean shared) {
    this.figures = figures;
    this.shared = shared;
    species = Species.any(dice);
    target = Target.start(species.program, species.arguments(dice));
    target.expectAnyDiscarded(); // some operations do; what is queued is looked after here
    figures.target(species.toString());
  }

  // ---- the handle

  boolean isFree() {
    return process == null;
  }

  ProcessHandle process() {
    if (process == null) {
      throw new IllegalStateException("it is free");
    }
    return process;
  }

  void grabbed(ProcessHandle handle) {
    process = handle;
    endMayBeUnknown |= mayEnd; // its leader may be dead already
  }

  /**
   * Its handle is released.
   *
   * @param late it took so long that the release gave up waiting
   */
  void released(boolean late) {
    process = null;
    notOurs();
    lost = false;
    assertLetGo(late || species == Species.VFORKER);
  }

  /** Its tracer was closed. */
  void loses() {
    notOurs();
    lost = true;
    ProcessState state = process().state();
    require(state == ProcessState.LOST || (mayEnd && state == ProcessState.UNDEAD), "it is lost");
    assertLetGo(true);
  }

  private void notOurs() {
    mayRun();
    traced = false;
    exitsHeld = false;
    tracing = false;
    tracingExits = false;
    async = false;
    lwps.clear();
  }

  void reopened(boolean nowShared, boolean nowByTgkill, boolean ownTracer) {
    lost = false;
    endMayBeUnknown |= mayEnd;
    shared = nowShared;
    byTgkill = nowByTgkill;
    hasOwnTracer = ownTracer;
  }

  boolean isOver() {
    return (process != null && process.state() == ProcessState.UNDEAD) || target.hasEnded();
  }

  // ---- held or not

  boolean isHeld() {
    return held;
  }

  /** It was directed to stop, which only a setRun or a release takes back. */
  void directed() {
    directed = true;
    if (process().state() == ProcessState.STOP && !held) {
      held = true;
      frozen = target.counters();
    }
  }

  /** Every thread may run, because it was set running or let go. */
  void mayRun() {
    held = false;
    directed = false;
    traced = tracing;
    exitsHeld = tracingExits;
    lwps.values().forEach(lwp -> lwp.held = false);
  }

  /** One thread, nobody knows which, was stepped. */
  void mayStep() {
    held = false;
    directed = false;
    lwps.values().forEach(lwp -> lwp.held = false);
  }

  /** Something other than a directive may stop it from now on, or nothing will any more. */
  void traces(boolean anything) {
    tracing = anything;
    traced |= anything; // a thread may be stopped on such a thing until the process is set running
  }

  void tracesExits(boolean on) {
    tracingExits = on;
    exitsHeld |= on;
  }

  Lwp lwp(LwpHandle handle) {
    Lwp lwp = new Lwp(handle, slotOf(handle.id()));
    lwps.put(handle.id(), lwp);
    return lwp;
  }

  private int slotOf(int tid) {
    return species.hasFixedSlots()
        ? IntStream.range(0, target.slots())
            .filter(slot -> target.tid(slot) == tid)
            .findFirst()
            .orElse(-1)
        : -1;
  }

  /** After a stop of one thread. */
  void stopped(Lwp lwp) {
    if (lwp.handle.state() == ProcessState.STOP && lwp.slot >= 0) {
      lwp.held = true;
      lwp.count = target.counter(lwp.slot);
    }
  }

  void mayRun(Lwp lwp) {
    held = false;
    directed = false;
    lwp.held = false;
  }

  /** Whether its threads may end while it lives. */
  boolean threadsMayEnd() {
    return switch (species) {
      case STORM, CHAIN -> true;
      case EXITER, EXECER, FORK_EVENTS -> errands > 0;
      default -> false;
    };
  }

  /** Whether an exec by a thread that a confined tracer does not know may lose it. */
  private boolean mayBeLost() {
    return species == Species.EXECER && !shared && errands > 0;
  }

  /** Whether it has been lost so, and nobody has noticed yet. */
  boolean wasLostMeanwhile() {
    return mayBeLost() && process().state() == ProcessState.LOST;
  }

  // ---- what is done to it from outside

  void send(int signal) {
    target.send(signal);
    noteSent(signal);
  }

  void noteSent(int signal) {
    switch (signal) {
      case Signals.SIGCONT -> {
        // A tracee that an exec kills can put a stop signal back, behind this one.
        boolean mayComeBack = mayExec && !isFree() && job == Job.UNKNOWN;
        job = isAboutToStopItself() || mayComeBack ? Job.UNKNOWN : Job.RUNNING;
        parentMayKnow = true;
      }
      case Signals.SIGSTOP -> jobStop(Job.STOPPED);
      // By TGKILL, a SIGSTOP of ours discards one that is pending.
      case Signals.SIGTSTP, Signals.SIGTTIN, Signals.SIGTTOU ->
          jobStop(byTgkill && !isFree() ? Job.UNKNOWN : Job.STOPPED);
      case Signals.SIGKILL -> mayEnd = true;
      default -> {}
    }
  }

  private void jobStop(Job becomes) {
    parentMayKnow = true;
    job = job == Job.RUNNING || becomes == Job.STOPPED ? becomes : job;
    if (mayExec) {
      job = Job.UNKNOWN; // the kernel drops a stop signal that meets an exec
    }
  }

  void noteHung() {
    jobStop(Job.STOPPED);
  }

  /** A setRun may have discarded or replaced the signal that a thread was stopped on. */
  void mayLackSignal() {
    if (traced) {
      mayLackSignals = true;
      if (job == Job.STOPPED) {
        job = Job.UNKNOWN;
      }
    }
  }

  /** Queues a signal for one thread, which must arrive, after those that were sent before. */
  void queue(int slot, int signal) {
    long value = ++signalsSent;
    int tid = target.tid(slot);
    target.queueTo(tid, signal, value);
    queued.computeIfAbsent(tid * 64 + signal, _ -> new ArrayList<>()).add(value);
  }

  int signalsSent() {
    return signalsSent;
  }

  /** Tells it to do something; false if that would not do now. */
  boolean tell(String errand) {
    if (mayEnd || (species == Species.EXECER && errands > target.generation())) {
      return false;
    }
    switch (species) {
      case EXITER -> {
        if (errand.startsWith("l")) {
          leaderMayBeGone = true;
        }
        if (errand.equals("worker") || errand.equals("leader")) {
          if (target.slots() < 3) {
            return false;
          }
        } else {
          mayEnd = true;
        }
      }
      case STOPPER -> {
        job = Job.UNKNOWN;
        parentMayKnow = true;
      }
      case VFORKER -> {
        // A child is there from the start on, and obeys two of the three; the leader the third.
        if (errand.equals("vfork") == isInVfork()) {
          return false;
        }
      }
      case FORK_EVENTS, UNTRACED -> {
        if (errands >= 20) {
          return false;
        }
      }
      default -> {}
    }
    mayExec |= species == Species.EXECER || errand.equals("exec");
    if (mayExec && job == Job.STOPPED) {
      job = Job.UNKNOWN;
    }
    errands++;
    target.tell(errand.equals("worker") ? "worker " + (target.slots() - 2) : errand);
    return true;
  }

  private boolean isAboutToStopItself() {
    return species == Species.STOPPER
        && target.events().stream().filter("continued"::equals).count() < errands;
  }

  /** Whether its leader is, or will soon be, in uninterruptible sleep until its child is told. */
  private boolean isInVfork() {
    return species == Species.VFORKER && errands % 2 == 0;
  }

  /**
   * Whether a thread may be in an uninterruptible sleep that only we can end: the leader until its
   * child is told, or one that executes a program until the others' exits are let through.
   */
  boolean maySleepDeeply() {
    return isInVfork() || (exitsHeld && mayExec);
  }

  /**
   * Whether it may wait in an exec until its tracer, which does not listen now, has taken note of
   * its dead threads. Meanwhile the kernel lets nobody look whether he might trace it.
   */
  boolean mayExecuteUnheard() {
    return mayExec && !shared;
  }

  // ---- what must be true

  /** Checks a result; what others may have caused is permitted besides. */
  Errno check(Errno result, Errno... permitted) {
    boolean permittedBesides =
        (mayEnd && (result == Errno.ENOENT || result == Errno.ESRCH))
            || ((lost || mayBeLost()) && result == Errno.EAGAIN);
    if (!List.of(permitted).contains(result) && !permittedBesides) {
      throw new AssertionError(this + ": got " + result + ", not one of " + List.of(permitted));
    }
    return result;
  }

  void require(boolean condition, String what) {
    if (!condition) {
      throw new AssertionError(this + ": not so: " + what + "\n" + target.dump());
    }
  }

  /** What holds between any two operations. */
  void check(boolean thoroughly) {
    if (process == null) {
      return;
    }
    ProcessState state = process.state();
    require(mayEnd || state != ProcessState.UNDEAD, "it lives");
    require(lost || mayBeLost() || state != ProcessState.LOST, "it is ours");
    if (state == ProcessState.LOST && !lost) {
      notOurs();
      lost = true;
    }
    if (mayEnd) {
      held &= state == ProcessState.STOP;
    }
    if (directed && !held && state == ProcessState.STOP) {
      directed();
    }
    if (held) {
      require(state == ProcessState.STOP, "it is held");
      assertFrozen();
      if (thoroughly && !mayEnd) {
        // One that job control had stopped is woken in the kernel, to be held by us.
        require(Await.until(Target.LIMIT, this::allStand), "every thread stands");
        figures.check("states of a held process");
      }
    }
    for (Lwp lwp : lwps.values()) {
      if (lwp.held && lwp.handle.state() == ProcessState.STOP) {
        require(
            target.counter(lwp.slot) == lwp.count || lwp.handle.state() != ProcessState.STOP,
            "thread " + lwp.handle.id() + " stands still");
        figures.check("counter of a held thread");
      }
    }
  }

  private boolean allStand() {
    return target.states().values().stream().allMatch(this::stands);
  }

  /** One that executes waits for those that we hold at their exits, whether it is ours or not. */
  private boolean stands(char state) {
    return "tTZ".indexOf(state) >= 0 || (state == 'D' && exitsHeld && mayExec);
  }

  private void assertFrozen() {
    if (species.countsItself()) {
      long[] now = target.counters();
      boolean still = IntStream.range(0, frozen.length).allMatch(i -> now[i] == frozen[i]);
      require(
          still || (mayEnd && process().state() != ProcessState.STOP), "its counters stand still");
      figures.check("counters of a held process");
    }
  }

  /** After it was set running, with nothing that could stop it. */
  void assertRuns() {
    if (traced || job != Job.RUNNING || mayEnd || lost || mayBeLost() || process == null) {
      return;
    }
    ProcessHandle handle = process;
    int[] slots = target.movingSlots();
    long[] before = target.counters();
    boolean moved =
        Await.until(
            Target.LIMIT,
            () -> {
              if (!shared) {
                handle.stop(org.libproc4j.StopRequest.PCNULL, 0);
              }
              return allMoved(slots, before);
            });
    require(moved, "it runs again");
    figures.check("counters after setRun");
  }

  private boolean allMoved(int[] slots, long[] before) {
    int[] moving = target.movingSlots();
    return IntStream.of(slots)
        .filter(slot -> IntStream.of(moving).anyMatch(m -> m == slot))
        .allMatch(slot -> target.counter(slot) != before[slot]);
  }

  /** Nobody traces it, and it is as job control wants it. */
  private void assertLetGo(boolean late) {
    endVfork(); // a thread that is not there to be let go is let go when it comes
    if (mayEnd) {
      return;
    }
    if (late) { // it was in no state to be let go: then that comes later
      target.awaitUntraced();
    }
    require(target.tracerPid() == 0, "nobody traces it");
    require(!target.states().containsValue('t'), "no thread is in a ptrace-stop");
    switch (job) {
      case RUNNING -> {
        require(!target.states().containsValue('T'), "no thread is in a job-stop");
        assertMoves();
      }
      case STOPPED -> target.awaitAllInState("TZX");
      case UNKNOWN -> {
        if (species != Species.STOPPER) {
          send(SIGCONT);
        }
      }
    }
    figures.check("stray stops of a free process");
  }

  /** Lets its leader come out of its uninterruptible sleep. */
  void endVfork() {
    if (isInVfork()) {
      boolean _ = tell("exit 5");
    }
  }

  private void assertMoves() {
    int[] slots = target.movingSlots();
    long[] before = target.counters();
    require(Await.until(Target.LIMIT, () -> allMoved(slots, before)), "its counters move");
  }

  /** Its last check, when it is free: it runs, is sound, and has got every signal. */
  void assertSound() {
    if (job != Job.RUNNING) {
      continueAll();
    }
    if (mayEnd) {
      assertEnded(OptionalInt.empty());
      return;
    }
    endVfork();
    if (species == Species.EXECER) {
      require(
          Await.until(Target.LIMIT, () -> target.generation() >= errands),
          "it has executed itself");
    }
    if (species == Species.FORK_EVENTS || species == Species.EXITER) {
      target.ask("ping", "pong"); // when it has done what it was told: execute itself, end threads
    }
    if (leaderMayBeGone) {
      target.assertComputes();
    } else {
      target.assertSound();
    }
    assertSignals();
    if (!parentMayKnow) {
      require(target.parentEvents().isEmpty(), "its parent was told nothing");
      figures.check("parents told nothing");
    }
    figures.check("sound at the end");
  }

  /** Until it has done all that it was told: it may stop itself again and again. */
  private void continueAll() {
    boolean done =
        Await.until(
            Target.LIMIT,
            () -> {
              boolean _ = target.sendIfAlive(SIGCONT);
              noteSent(SIGCONT);
              return !isAboutToStopItself();
            });
    require(mayEnd || done, "it goes on after a SIGCONT");
  }

  private void assertSignals() {
    if (queued.isEmpty()) {
      return;
    }
    if (!mayLackSignals) {
      require(
          Await.until(Target.LIMIT, () -> queuedReceived().size() >= signalsSent),
          "every queued signal has arrived");
    }
    queued.forEach(
        (key, values) -> {
          List<Long> received =
              queuedReceived().stream()
                  .filter(s -> s.tid() * 64 + s.signal() == key)
                  .map(LoggedSignal::value)
                  .toList();
          require(
              mayLackSignals ? isSubsequence(received, values) : received.equals(values),
              "signals " + values + " were received once and in order, not " + received);
          received.forEach(_ -> figures.check("queued signals received in order"));
        });
  }

  private List<LoggedSignal> queuedReceived() {
    return target.signals().stream().filter(s -> s.code() == LoggedSignal.SI_QUEUE).toList();
  }

  private static boolean isSubsequence(List<Long> part, List<Long> whole) {
    int i = 0;
    for (long value : whole) {
      if (i < part.size() && part.get(i) == value) {
        i++;
      }
    }
    return i == part.size();
  }

  /** It has come to its end: the handle and the parent agree on it, and nothing is left. */
  void bury() {
    OptionalInt status = OptionalInt.empty();
    if (process != null) {
      if (process.state() == ProcessState.UNDEAD) {
        check(process.stop(), Errno.ENOENT);
        status = process.exitStatus();
        require(
            status.isPresent() || endMayBeUnknown || leaderMayBeGone || lost,
            "its exit status is known");
      }
      process.close();
      process = null;
    }
    require(mayEnd, "it lives");
    assertEnded(status);
  }

  private void assertEnded(OptionalInt status) {
    String[] told = target.awaitEnd().split(" ", -1);
    int number = Integer.parseInt(told[1]);
    int expected = told[0].equals("killed") ? 128 + number : number;
    require(status.isEmpty() || status.getAsInt() == expected, "its status is " + expected);
    require(
        Await.until(Target.LIMIT, () -> !Files.exists(Path.of("/proc/" + target.pid()))),
        "its parent can reap it");
    figures.check("ends");
  }

  @Override
  public void close() {
    try {
      if (process != null) {
        process.close();
      }
    } finally {
      target.close();
    }
  }

  @Override
  public String toString() {
    return "%s %s%s, job control %s%s%s%s"
        .formatted(
            species,
            process == null ? target.toString() : process.toString(),
            held ? ", held" : "",
            job,
            traced ? ", traced" : "",
            mayEnd ? ", may end" : "",
            lost ? ", lost" : "");
  }
}
