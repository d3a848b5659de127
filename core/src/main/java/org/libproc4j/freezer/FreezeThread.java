package org.libproc4j.freezer;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.libproc4j.internal.linux.DeadMan;
import org.libproc4j.internal.linux.Err;
import org.libproc4j.internal.linux.Libc;
import org.libproc4j.internal.linux.WakeSignal;
import org.libproc4j.procfs.ProcFs;
import org.libproc4j.procfs.ProcessId;

/**
 * The thread that freezes, holds and thaws. What it traces runs on when it ends, however that
 * comes; it waits for the deadline itself.
 */
final class FreezeThread implements Runnable {
  private static final AtomicReference<@Nullable FreezeThread> LAST = new AtomicReference<>();

  /** The kernel kills a JVM that has not thawed so long after the deadline. */
  private static final Duration GRACE = Duration.ofMillis(50);

  private static final long WATCH_MILLIS = 20;
  private static final long LOOK_AGAIN_NANOS = 50_000;

  private final Libc libc = Libc.SYSTEM;
  private final Freezer freezer;
  private final ProcFs proc;
  private final List<Hierarchy> hierarchies;
  private final Examiner examiner;
  private final Exempt exempt;
  private final Rights rights;
  private final Seized seized = new Seized(libc);
  private final Patience patience;
  private final Backend backend;

  /** What holds those that the backend cannot reach. */
  private final Backend rest;

  private final int self = libc.getpid();

  private final CountDownLatch outcome = new CountDownLatch(1);
  private final CountDownLatch thawed = new CountDownLatch(1);
  private volatile int tid;
  private volatile FreezeReport report;
  private volatile @Nullable String setback;
  private volatile @Nullable Throwable crash;
  private volatile List<String> culprits = List.of();

  // Of the freezer's thread; others may read them once the outcome is there.
  private final List<Hold> holds = new ArrayList<>();
  private final Map<Integer, Hold> holders = new HashMap<>();
  private @Nullable Safeguard safeguard;
  private @Nullable Touch touch;
  private @Nullable Crew crew;
  private @Nullable Tally tally;
  private final Map<Integer, Skipped> skipped = new TreeMap<>();
  private final Map<Integer, Holdout> failed = new LinkedHashMap<>();
  private final Map<Phase, Duration> times = new EnumMap<>(Phase.class);
  private int passes;

  /** How many processes the latest pass has found that make another necessary; one of them. */
  private int unrest;

  private int restless;
  private String scheduling = "ordinary";

  private FreezeThread(Freezer freezer) {
    this.freezer = freezer;
    proc = ProcFs.at(freezer.proc());
    hierarchies = Hierarchy.all(proc);
    examiner = new Examiner(proc, hierarchies);
    exempt = Exempt.of(freezer, proc, self);
    rights = new Rights(proc, self);
    backend = rights.choose(freezer.backend());
    rest = rights.forTheRest(backend);
    patience = new Patience(System.nanoTime(), freezer.deadline(), freezer.perProcess());
    report = snapshot(Optional.empty());
  }

  // ---- for callers

  static Frozen freeze(Freezer freezer) throws FreezeException {
    FreezeThread thread = of(freezer);
    FreezeThread last = LAST.get();
    if ((last != null && last.thawed.getCount() > 0) || !LAST.compareAndSet(last, thread)) {
      throw new IllegalStateException("this JVM holds a freeze already: thaw that first");
    }
    if (last != null) {
      last.awaitEndOfThread();
    }
    Thread.ofPlatform().daemon().name("libproc4j-freezer").start(thread);
    thread.awaitOutcome();
    return new Frozen(thread);
  }

  private static FreezeThread of(Freezer freezer) throws FreezeException {
    try {
      return new FreezeThread(freezer);
    } catch (UncheckedIOException e) {
      throw new FreezeException(unreadable(e), FreezeReport.ofNothing(freezer.backend()));
    }
  }

  /** What is to be done where we cannot read what we must know beforehand. */
  private static String unreadable(UncheckedIOException e) {
    return "nothing is frozen, because this JVM cannot read what it has to know before: "
        + e.getMessage()
        + "; allow it to read that file, which a container or a security module may hide";
  }

  private void awaitOutcome() throws FreezeException {
    boolean interrupted = false;
    while (true) {
      try {
        if (outcome.await(WATCH_MILLIS, TimeUnit.MILLISECONDS)) {
          break;
        }
        seized.unblock();
      } catch (InterruptedException e) {
        interrupted = true;
        patience.end(ThawCause.REQUEST);
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    Throwable thrown = crash;
    if (setback != null || thrown != null) {
      awaitEndOfThread();
    }
    rethrow(thrown);
    if (setback != null) {
      throw new FreezeException(setback, report);
    }
  }

  private static void rethrow(@Nullable Throwable thrown) {
    switch (thrown) {
      case null -> {}
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      default -> throw new AssertionError(thrown);
    }
  }

  FreezeReport report() {
    return report;
  }

  FreezeReport awaitThaw() throws InterruptedException {
    thawed.await();
    return thaw(ThawCause.REQUEST); // which has another cause already
  }

  FreezeReport thaw(ThawCause cause) {
    patience.end(cause);
    boolean interrupted = false;
    while (true) {
      try {
        thawed.await();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    awaitEndOfThread();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    if (!culprits.isEmpty()) {
      throw new ThawException(culprits);
    }
    rethrow(crash);
    return report;
  }

  /** Once the kernel has ended the thread, it has let go of all that the thread had seized. */
  private void awaitEndOfThread() {
    while (libc.tgkill(self, tid, 0) != -Err.ESRCH) {
      LockSupport.parkNanos(LOOK_AGAIN_NANOS);
    }
  }

  List<Candidate> newcomers() {
    return thawed.getCount() == 0
        ? List.of()
        : new Newcomers(proc, self, exempt, examiner, failed.keySet()).find(holders);
  }

  // ---- the thread

  @Override
  public void run() {
    tid = libc.gettid();
    scheduling = Priority.raise(libc, 0); // before all else, which on a busy machine takes its turn
    WakeSignal.unblock(libc);
    Thread hook = new Thread(() -> thaw(ThawCause.EXIT), "libproc4j-thaw");
    DeadMan deadMan = null;
    SignalWatch signals = null;
    ThawCause cause = ThawCause.FAILURE;
    try {
      Runtime.getRuntime().addShutdownHook(hook);
      signals = new SignalWatch(this::thawFirst);
      deadMan = new DeadMan(libc, freezer.deadline().plus(GRACE).toNanos());
      Crew gathered = Crew.gather(libc, freezer.proc().toString());
      crew = gathered;
      prepare(gathered);
      mend(gathered, freeze(new Census(proc, gathered, self)));
      report = snapshot(Optional.empty());
      outcome.countDown();
      cause = patience.awaitEnd();
    } catch (Setback e) {
      setback = e.reason();
    } catch (RuntimeException | Error e) {
      crash = e;
    } finally {
      try {
        release(cause);
      } catch (RuntimeException | Error e) {
        crash = e; // what is traced runs as soon as this thread has ended
      }
      try {
        close(crew, deadMan, signals, () -> unhook(hook));
        if (Patience.LATE.equals(setback)) {
          setback = Patience.LATE + progress();
        }
      } finally {
        thawed.countDown();
        outcome.countDown();
      }
    }
  }

  private void prepare(Crew crew) throws Setback {
    try {
      choose(crew);
    } catch (UncheckedIOException e) {
      throw new Setback(unreadable(e));
    }
  }

  /** Chooses the means. */
  private void choose(Crew crew) throws Setback {
    rights.check(freezer);
    IntPredicate held = holders::containsKey;
    if (backend == Backend.CGROUP) {
      CgroupHold.require(hierarchies);
      Safeguard begun = beginSafeguard();
      holds.add(new CgroupHold(libc, crew.proc(), examiner, exempt, held, begun, hierarchies));
    } else {
      FoundFrozen.of(libc, hierarchies).ifPresent(holds::add);
    }
    if (rest == Backend.TRACE) {
      holds.add(new TraceHold(libc, crew, examiner, seized, held));
    }
    if (stopsBySignal()) {
      holds.add(new SignalHold(libc, crew, examiner, held, beginSafeguard()));
    }
  }

  /** The one of this freeze. */
  private Safeguard beginSafeguard() throws Setback {
    if (safeguard != null) {
      return safeguard;
    }
    ProcessId id = proc.process(self).stat().orElseThrow().processId();
    Safeguard begun = Safeguard.begin(libc, freezer.journalDirectory(), id);
    exempt.add(begun.guardian(), "the guardian of this freeze");
    safeguard = begun;
    return begun;
  }

  private boolean stopsBySignal() {
    return rest == Backend.SIGNAL || freezer.signalsChildren();
  }

  /**
   * Looks at all processes until a full pass finds all of them stopped, and nothing new.
   *
   * @return that last pass
   */
  private Pass freeze(Census census) throws Setback {
    Pass pass;
    boolean changed;
    do {
      patience.check();
      long start = System.nanoTime();
      pass = census.next(passes > 0 && stopsBySignal());
      passes++;
      unrest = 0;
      for (Hold hold : holds) {
        hold.begin(pass);
      }
      for (int pid : pass.pids()) {
        patience.check();
        note(pid, look(pid, pass));
      }
      // One that was listed before its child was born may have stopped since: nothing else shows.
      if (stopsBySignal() && census.mayHaveMissedBirths()) {
        chase(census);
      }
      changed = unrest > 0 || !pass.complete();
      add(changed ? Phase.STOP : Phase.VERIFY, start);
      long looked = System.nanoTime();
      settle();
      add(Phase.SETTLE, looked);
    } while (changed);
    // What has ended meanwhile is not frozen, and is not counted.
    holders.keySet().retainAll(Arrays.stream(pass.pids()).boxed().collect(Collectors.toSet()));
    return pass;
  }

  /** How far a freeze has come that has run out of time. */
  private String progress() {
    String last = unrest == 0 ? "" : ", process " + restless + " the last";
    return passes == 0
        ? ""
        : "; pass " + passes + " found " + unrest + " new, moving or gone" + last;
  }

  private void settle() throws Setback {
    for (Hold hold : holds) {
      for (Hold.Straggler straggler : hold.settle(patience)) {
        fail(straggler.pid(), straggler.tid(), straggler.reason());
      }
    }
    if (!failed.isEmpty() && !freezer.isPartialOk()) {
      throw new Setback("not every process could be frozen, so none is");
    }
  }

  /** Sees to it that what stands still will not notice, where that is not done yet. */
  private void mend(Crew crew, Pass pass) throws Setback {
    long start = System.nanoTime();
    Tally counted = Tally.of(crew, holders, pass.children(), patience);
    tally = counted;
    for (Touch.Blocked thread : counted.blocked()) {
      touch().touch(thread, patience);
    }
    settle(); // a control group's freeze begins anew for who was seized
    add(Phase.MEND, start);
  }

  /** How many threads of a process are held. */
  private int threads(int pid, Hold hold) {
    Integer counted = tally == null ? null : tally.threads().get(pid);
    int known = counted == null ? hold.threads(pid) : counted;
    return known == Hold.UNKNOWN && crew != null
        ? Math.max(0, crew.proc().threadCount(pid))
        : known;
  }

  /** Made where somebody is to be touched: a freeze by ptrace alone never needs it. */
  private Touch touch() {
    if (touch == null) {
      touch = new Touch(libc, seized);
    }
    return touch;
  }

  /**
   * Births outrun a look at every process's state: stops what is new as soon as it is listed, until
   * nothing is.
   */
  private void chase(Census census) throws Setback {
    boolean found;
    do {
      found = false;
      Pass pass = census.list();
      for (int pid : pass.pids()) {
        patience.check();
        boolean known =
            holders.containsKey(pid) || skipped.containsKey(pid) || failed.containsKey(pid);
        boolean fresh = !known && look(pid, pass);
        note(pid, fresh);
        found |= fresh;
      }
    } while (found);
  }

  private void note(int pid, boolean restlessly) {
    if (restlessly) {
      unrest++;
      restless = pid;
    }
  }

  /** Looks at a process, and stops it if need be; whether that makes another pass necessary. */
  private boolean look(int pid, Pass pass) throws Setback {
    Hold holder = holders.get(pid);
    if (failed.containsKey(pid) || (holder != null && holder.standsStill(pid, pass))) {
      return false;
    }
    String reason = exempt.reason(pid);
    if (reason != null) {
      skipped.computeIfAbsent(pid, p -> new Skipped(p, examiner.comm(p), reason));
      return false;
    }
    Verdict.Refused refusal = null;
    boolean changed = false;
    for (Hold hold : holds) {
      Verdict verdict = hold.take(pid, pass);
      while (verdict instanceof Verdict.After(int first)) { // it may get another parent meanwhile
        changed |= look(first, pass);
        verdict = hold.take(pid, pass);
      }
      switch (verdict) {
        case Verdict.Taken _ -> {
          holders.put(pid, hold);
          skipped.remove(pid);
          return true;
        }
        // Before it ended, it may have started one that came too late for the listing.
        case Verdict.Gone _ -> {
          holders.remove(pid);
          skipped.remove(pid);
          return true;
        }
        case Verdict.Spared(String why) -> {
          holders.remove(pid);
          boolean known =
              skipped.putIfAbsent(pid, new Skipped(pid, examiner.comm(pid), why)) != null;
          return changed || !known;
        }
        case Verdict.Refused refused -> refusal = refused;
        case Verdict.After after -> throw new AssertionError(pid + ": " + after);
      }
    }
    if (refusal != null) {
      fail(pid, refusal.tid(), refusal.reason());
    }
    return changed;
  }

  private void fail(int pid, int tid, String reason) {
    holders.remove(pid);
    failed.put(pid, examiner.holdout(pid, tid, reason));
  }

  private void add(Phase phase, long since) {
    times.merge(phase, Duration.ofNanos(System.nanoTime() - since), Duration::plus);
  }

  private FreezeReport snapshot(Optional<ThawCause> cause) {
    Map<Backend, Integer> held = new EnumMap<>(Backend.class);
    int sum = 0;
    for (Map.Entry<Integer, Hold> entry : holders.entrySet()) {
      held.merge(entry.getValue().backend(), 1, Integer::sum);
      sum += threads(entry.getKey(), entry.getValue());
    }
    return new FreezeReport(
        backend,
        held,
        sum,
        holds.stream().mapToInt(Hold::mended).sum() + (touch == null ? 0 : touch.mended()),
        holds.stream().mapToInt(Hold::noticed).sum() + (touch == null ? 0 : touch.noticed()),
        passes,
        List.copyOf(skipped.values()),
        List.copyOf(failed.values()),
        times,
        scheduling,
        cause);
  }

  // ---- the end

  private void release(ThawCause cause) {
    long start = System.nanoTime();
    List<String> left = releaseAll();
    times.put(Phase.THAW, Duration.ofNanos(System.nanoTime() - start));
    culprits = left;
    FreezeReport held = outcome.getCount() == 0 ? report : snapshot(Optional.empty());
    report =
        new FreezeReport(
            held.backend(),
            held.held(),
            held.threads(),
            held.mended(),
            held.noticed(),
            held.passes(),
            held.skipped(),
            held.failed(),
            times,
            held.scheduling(),
            Optional.of(cause));
  }

  /** What we cannot let go, the guardian does, or the kernel when this thread ends. */
  private List<String> releaseAll() {
    List<String> left = new ArrayList<>();
    boolean crashed = false;
    if (touch != null) {
      try (Touch _ = touch) {
        touch.endTimes();
      } catch (RuntimeException e) {
        crash = e; // all is thawed all the same
      }
    }
    for (Hold hold : holds.reversed()) {
      try {
        left.addAll(hold.release());
      } catch (RuntimeException e) {
        crashed = true;
        left.add("what " + hold.backend() + " holds, by us, but it is thawed all the same: " + e);
      }
    }
    if (safeguard != null && crashed) {
      safeguard.thaw();
    } else if (safeguard != null) {
      safeguard.close();
    }
    return left;
  }

  /** Closes all, whatever fails. */
  private void close(@Nullable AutoCloseable... resources) {
    for (AutoCloseable resource : Arrays.asList(resources)) {
      if (resource != null) {
        try {
          resource.close();
        } catch (Exception | Error e) {
          Throwable first = crash;
          if (first == null) {
            crash = new AssertionError("closing failed", e);
          } else {
            first.addSuppressed(e);
          }
        }
      }
    }
  }

  private static void unhook(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // the JVM is about to exit: the hook runs, or has run
    }
  }

  /** A signal has come: what it is to do is done after the thaw. */
  private void thawFirst(int signal) {
    try {
      thaw(ThawCause.SIGNAL);
    } finally {
      libc.kill(self, signal);
    }
  }
}
