package org.libproc4j.freezer;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntPredicate;
import org.libproc4j.internal.linux.Err;
import org.libproc4j.internal.linux.KernelTimer;
import org.libproc4j.internal.linux.Libc;
import org.libproc4j.internal.linux.Ptrace;
import org.libproc4j.internal.linux.SigInfo;
import org.libproc4j.internal.linux.Wait;
import org.libproc4j.internal.ptrace.BlockedCall;
import org.libproc4j.internal.ptrace.Disturbance;
import org.libproc4j.internal.ptrace.Mender;
import org.libproc4j.procfs.Stat;
import org.libproc4j.procfs.internal.ProcDir;

/**
 * Holds by ptrace: every thread is seized and interrupted by the freezer's own thread.
 *
 * <p>In whatever ptrace-stop a thread is, it stands still; so no stop is ever answered, and none is
 * consumed: a signal that a thread stopped at is delivered when it is let go, and also when we die.
 * Births are traced, so that what a thread starts before it stops is held from its beginning.
 */
final class TraceHold implements Hold {
  private static final int BIRTHS = Ptrace.O_TRACEFORK | Ptrace.O_TRACEVFORK | Ptrace.O_TRACECLONE;
  private static final int PEEK = Wait.WEXITED | Wait.WNOWAIT | Wait.WALL | Wait.WNOTHREAD;
  private static final int REAP = Wait.WEXITED | Wait.WNOHANG | Wait.WALL | Wait.WNOTHREAD;

  /** How often one look at a process lists its threads: births stop within a few. */
  private static final int LISTINGS = 8;

  private static final long FIRST_LOOK_NANOS = 1_000_000;
  private static final long LOOK_AT_EACH_NANOS = 20_000;
  private static final long LAST_LOOK_NANOS = 50_000_000;

  private final Libc libc;
  private final Crew crew;
  private final ProcDir proc;
  private final Examiner examiner;
  private final Seized seized;
  private final IntPredicate held;
  private final KernelTimer timer;
  private final SigInfo info = new SigInfo();
  private final Mender mender;
  private final Map<Integer, Tracees> processes = new HashMap<>();

  /** All threads, by their ids, in the order in which they were found. */
  private final LinkedHashMap<Integer, Tracee> tracees = new LinkedHashMap<>();

  private List<Tracee> unsettled = new ArrayList<>();
  private int listings;

  /** The threads of a process. */
  private static final class Tracees {
    private final int pid;
    private final List<Tracee> threads = new ArrayList<>(1);

    /** How many there were when the pass began, and all that were known then stood still. */
    private int counted = UNKNOWN;

    Tracees(int pid) {
      this.pid = pid;
    }

    int pid() {
      return pid;
    }

    List<Tracee> threads() {
      return threads;
    }
  }

  /** A thread. */
  private static final class Tracee {
    final Tracees process;
    final int tid;
    State state;

    /** Of a stopped one: the signal that it stopped at, below the event if it stopped at one. */
    int stop;

    /** The system call that it was in then. */
    final BlockedCall call = new BlockedCall();

    int listing;

    Tracee(Tracees process, int tid, State state) {
      this.process = process;
      this.tid = tid;
      this.state = state;
    }
  }

  private enum State {
    /** Seized and interrupted. */
    DIRECTED,
    /** In a ptrace-stop. */
    STOPPED,
    /** Cannot stop because it cannot move; once it could, it will stop instead. */
    STUCK,
    /** In a ptrace-stop of another tracer, which we hold. */
    OTHERS,
    /** Has ended but is listed, as a leader is until all others have; or never runs user code. */
    LIFELESS
  }

  /**
   * For the calling thread alone.
   *
   * @param held whether a process stands still already, by whatever means
   */
  TraceHold(Libc libc, Crew crew, Examiner examiner, Seized seized, IntPredicate held) {
    this.libc = libc;
    this.crew = crew;
    proc = crew.proc();
    this.examiner = examiner;
    this.seized = seized;
    this.held = held;
    this.timer = new KernelTimer(libc);
    this.mender = new Mender(libc, Mender.AT_ONCE);
  }

  @Override
  public Backend backend() {
    return Backend.TRACE;
  }

  // ---- taking

  @Override
  public Verdict take(int pid, Pass pass) {
    if (pass.children().contains(pid)) {
      return new Verdict.Refused(
          pid, "it is a child of this JVM, whose reaper would take its stops for its end");
    }
    Tracees process = processes.computeIfAbsent(pid, Tracees::new);
    process.counted = UNKNOWN;
    Verdict verdict = collect(process);
    if (!(verdict instanceof Verdict.Taken)) {
      letGo(process);
    }
    return verdict;
  }

  /** Seizes threads until as many are known as there are. */
  private Verdict collect(Tracees process) {
    for (int round = 0; round < LISTINGS; round++) {
      int count = proc.threadCount(process.pid());
      if (count < 0) {
        return vanishedOr(process.pid(), count);
      }
      if (count == process.threads().size()) {
        return isLifeless(process) ? new Verdict.Spared("it has ended") : Verdict.TAKEN;
      }
      Verdict verdict =
          count == 1 && process.threads().isEmpty() ? seize(process, process.pid()) : list(process);
      if (!(verdict instanceof Verdict.Taken)) {
        return verdict;
      }
    }
    return Verdict.TAKEN; // the next pass will look again
  }

  private static boolean isLifeless(Tracees process) {
    for (Tracee tracee : process.threads()) {
      if (tracee.state != State.LIFELESS) {
        return false;
      }
    }
    return true;
  }

  private static Verdict vanishedOr(int tid, int error) {
    return error == -Err.ENOENT || error == -Err.ESRCH
        ? Verdict.GONE
        : new Verdict.Refused(tid, "its threads cannot be listed: errno " + -error);
  }

  private Verdict list(Tracees process) {
    List<Integer> unknown = new ArrayList<>();
    int current = ++listings;
    int r =
        proc.threads(
            process.pid(),
            tid -> {
              Tracee tracee = tracees.get(tid);
              if (tracee != null && tracee.process.pid() == process.pid()) {
                tracee.listing = current;
              } else {
                unknown.add(tid);
              }
            });
    if (r < 0) {
      return vanishedOr(process.pid(), r);
    }
    for (Iterator<Tracee> all = process.threads().iterator(); all.hasNext(); ) {
      Tracee tracee = all.next();
      if (tracee.listing != current && peek(tracee, Wait.WNOHANG) < 0) {
        all.remove();
        tracees.remove(tracee.tid);
      }
    }
    for (int tid : unknown) {
      Verdict verdict = seize(process, tid);
      if (!(verdict instanceof Verdict.Taken || verdict instanceof Verdict.Gone)) {
        return verdict;
      }
    }
    return Verdict.TAKEN;
  }

  private Verdict seize(Tracees process, int tid) {
    seized.step();
    long r = libc.ptrace(Ptrace.SEIZE, tid, 0, BIRTHS);
    if (r == 0) {
      libc.ptrace(Ptrace.INTERRUPT, tid, 0, 0); // fails for one that dies now, as settling will see
      add(process, tid, State.DIRECTED);
      return Verdict.TAKEN;
    }
    if (r == -Err.ESRCH) {
      return Verdict.GONE;
    }
    if (r != -Err.EPERM) {
      return new Verdict.Refused(tid, "PTRACE_SEIZE failed with errno " + -r);
    }
    if (libc.waitid(Wait.P_PID, tid, info, PEEK | Wait.WNOHANG) == 0) {
      add(process, tid, State.DIRECTED); // ours since its birth
      return Verdict.TAKEN;
    }
    return untraceable(process, tid);
  }

  private void add(Tracees process, int tid, State state) {
    Tracee tracee = new Tracee(process, tid, state);
    tracee.listing = listings;
    process.threads().add(tracee);
    tracees.put(tid, tracee);
    if (state != State.LIFELESS) {
      unsettled.add(tracee);
    }
    if (state == State.DIRECTED) {
      seized.add(tid);
    }
  }

  private Verdict untraceable(Tracees process, int tid) {
    Optional<Stat> found = examiner.stat(process.pid(), tid);
    if (found.isEmpty()) {
      return Verdict.GONE;
    }
    Stat stat = found.get();
    if (stat.isKernelThread()) {
      return new Verdict.Spared("a kernel thread");
    }
    if (stat.isZombie() || stat.isIoWorker()) {
      add(process, tid, State.LIFELESS);
      return Verdict.TAKEN;
    }
    if (stat.stateCode() == 't' && !examiner.isOurs(process.pid(), tid)) {
      add(process, tid, State.OTHERS);
      return Verdict.TAKEN;
    }
    return new Verdict.Refused(tid, examiner.whyNotTraced(process.pid(), tid));
  }

  // ---- standing still

  @Override
  public void begin(Pass pass) {
    Tracees[] all = processes.values().toArray(new Tracees[0]);
    crew.each(all.length, (i, theirs) -> all[i].counted = theirs.threadCount(all[i].pid()));
  }

  @Override
  public boolean standsStill(int pid, Pass pass) {
    Tracees process = processes.get(pid);
    if (process == null) {
      return false;
    }
    int count = process.counted == UNKNOWN ? proc.threadCount(pid) : process.counted;
    if (count != process.threads().size()) {
      return false;
    }
    boolean still = true;
    for (Iterator<Tracee> all = process.threads().iterator(); all.hasNext(); ) {
      Tracee tracee = all.next();
      switch (tracee.state) {
        case DIRECTED, STOPPED -> {
          int r = peek(tracee, Wait.WNOHANG);
          still &= r > 0;
          if (r < 0) {
            all.remove();
            tracees.remove(tracee.tid);
          } else if (r == 0) {
            tracee.state = State.DIRECTED;
            unsettled.add(tracee);
          }
        }
        case STUCK, OTHERS -> {
          if (!isStuck(tracee)) {
            still = false;
            unsettled.add(tracee);
          }
        }
        case LIFELESS -> {}
      }
    }
    return still;
  }

  /**
   * Looks at a seized thread, or waits for it to stop.
   *
   * @return 1 if it is stopped, 0 if not, negative if it is a tracee no longer: −EINTR if the time
   *     is over
   */
  private int peek(Tracee tracee, int option) {
    seized.step();
    int r = libc.waitid(Wait.P_PID, tracee.tid, info, PEEK | option);
    if (r < 0) {
      return r;
    }
    if (info.pid() == 0) {
      return 0;
    }
    if (info.code() == Wait.CLD_TRAPPED) {
      stopped(tracee, info.status());
      return 1;
    }
    libc.waitid(Wait.P_PID, tracee.tid, info, REAP); // or its parent could not
    return -Err.ECHILD;
  }

  /** A stop is looked at again and again; a new one comes behind a death alone, and is no other. */
  private void stopped(Tracee tracee, int status) {
    boolean fresh = tracee.state != State.STOPPED;
    tracee.state = State.STOPPED;
    tracee.stop = status;
    int event = status >> 8;
    if (fresh && (event == 0 || event == Ptrace.EVENT_STOP)) {
      mender.stopped(tracee.process.pid(), tracee.tid, false, tracee.call);
    }
  }

  @Override
  public List<Straggler> settle(Patience patience) throws Setback {
    long until = patience.forOneFromNow();
    long slice = FIRST_LOOK_NANOS + LOOK_AT_EACH_NANOS * unsettled.size();
    while (!unsettled.isEmpty()) {
      patience.check();
      long left = until - System.nanoTime();
      await(Math.min(slice, left));
      unsettled.removeIf(this::isSettled);
      if (left <= 0) {
        return giveUp();
      }
      slice = Math.min(2 * slice, LAST_LOOK_NANOS);
    }
    return List.of();
  }

  /** Waits for one after the other; the time is for all of them. */
  private void await(long nanos) {
    int option = 0;
    timer.arm(nanos);
    try {
      for (Tracee tracee : unsettled) {
        while (tracee.state == State.DIRECTED) {
          int r = peek(tracee, option);
          if (r == -Err.EINTR) {
            option = Wait.WNOHANG;
          } else {
            if (r < 0) {
              forget(tracee);
            }
            break;
          }
        }
      }
    } finally {
      timer.disarm();
    }
  }

  private void forget(Tracee tracee) {
    tracee.process.threads().remove(tracee);
    tracees.remove(tracee.tid);
    tracee.state = State.LIFELESS;
  }

  private boolean isSettled(Tracee tracee) {
    return tracee.state == State.STOPPED || tracee.state == State.LIFELESS || isStuck(tracee);
  }

  /** Whether a thread that has not stopped for us stands still all the same. */
  private boolean isStuck(Tracee tracee) {
    int pid = tracee.process.pid();
    int tid = tracee.tid;
    Optional<Stat> stat = examiner.stat(pid, tid);
    if (stat.isEmpty() || stat.get().isZombie()) {
      // Of a leader that has ended before the others nothing is reported.
      tracee.state = State.LIFELESS;
      return true;
    }
    if (tracee.state == State.OTHERS) {
      int tracer = examiner.tracer(pid, tid);
      boolean stands = processes.containsKey(tracer) || held.test(tracer);
      return stat.get().stateCode() == 't' && stands;
    }
    if (stat.get().stateCode() == 'D'
        && (examiner.awaitsHeldChild(pid, tid, this::holds) || examiner.isFrozen(pid, tid))) {
      tracee.state = State.STUCK;
      return true;
    }
    tracee.state = State.DIRECTED;
    return false;
  }

  private boolean holds(int pid) {
    Tracees process = processes.get(pid);
    return process != null && process.threads().stream().allMatch(t -> t.state != State.DIRECTED);
  }

  private List<Straggler> giveUp() {
    List<Straggler> stragglers =
        unsettled.stream()
            .map(
                t ->
                    new Straggler(
                        t.process.pid(),
                        t.tid,
                        t.state == State.OTHERS
                            ? examiner.whyNotTraced(t.process.pid(), t.tid)
                            : "it did not stop in time"))
            .toList();
    unsettled = new ArrayList<>();
    return stragglers;
  }

  @Override
  public int threads(int pid) {
    Tracees process = processes.get(pid);
    return process == null
        ? 0
        : (int) process.threads().stream().filter(t -> t.state != State.LIFELESS).count();
  }

  @Override
  public int mended() {
    return count(Disturbance.MENDED);
  }

  @Override
  public int noticed() {
    int held = (int) tracees.values().stream().filter(t -> t.state == State.STOPPED).count();
    return held - mended() - count(Disturbance.NONE);
  }

  private int count(Disturbance disturbance) {
    return (int)
        tracees.values().stream()
            .filter(t -> t.state == State.STOPPED && t.call.disturbance() == disturbance)
            .count();
  }

  // ---- letting go

  /** Lets go what was seized of a process that cannot be held. */
  private void letGo(Tracees process) {
    processes.remove(process.pid());
    for (Tracee tracee : process.threads()) {
      timer.arm(LAST_LOOK_NANOS);
      detach(tracee, 0);
      timer.disarm();
      tracees.remove(tracee.tid);
      unsettled.remove(tracee);
    }
  }

  /**
   * What does not stop now, because it cannot move, is let go when this thread ends.
   *
   * @return nothing: the kernel lets go of all that a thread holds
   */
  @Override
  public List<String> release() {
    for (Tracee tracee : tracees.sequencedValues().reversed()) {
      detach(tracee, Wait.WNOHANG);
    }
    timer.close();
    return List.of();
  }

  /** From a signal-delivery-stop the signal goes along. */
  private void detach(Tracee tracee, int option) {
    boolean seized = tracee.state != State.LIFELESS && tracee.state != State.OTHERS;
    if (seized && (tracee.state == State.STOPPED || peek(tracee, option) > 0)) {
      int signal = tracee.stop >> 8 == 0 ? tracee.stop & 0x7f : 0;
      mender.goesOn(tracee.process.pid(), tracee.tid, signal, true, tracee.call);
      libc.ptrace(Ptrace.DETACH, tracee.tid, 0, signal);
    }
  }
}
