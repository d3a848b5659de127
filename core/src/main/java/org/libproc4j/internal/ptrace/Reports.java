package org.libproc4j.internal.ptrace;

import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.libproc4j.internal.linux.Err;
import org.libproc4j.internal.linux.EventMessage;
import org.libproc4j.internal.linux.Libc;
import org.libproc4j.internal.linux.Ptrace;
import org.libproc4j.internal.linux.SigInfo;
import org.libproc4j.internal.linux.Signal;
import org.libproc4j.internal.linux.SyscallInfo;

/**
 * The state machine of a tracee: what each report of the kernel means for it.
 *
 * <p>No stop is ever dropped. One that nobody asked for is still dealt with: a signal goes on, a
 * birth adds a tracee, an exec re-keys the table, a group-stop is listened to, an end ends it.
 */
final class Reports {
  /** Threads that are being born and end are soon counted. */
  private static final int COUNTS = 100;

  /**
   * On a busy machine one that ends needs its turn for that; those that never do cannot be ours.
   */
  private static final int LATE_COUNTS = 2_000;

  private static final long PAUSE_NANOS = 1_000_000;

  private final Engine engine;
  private final Libc libc;
  private final EventMessage message = new EventMessage();
  private final SigInfo signalInfo = new SigInfo();
  private final SyscallInfo syscallInfo = new SyscallInfo();
  private final TaskFacts facts = new TaskFacts();

  Reports(Engine engine) {
    this.engine = engine;
    this.libc = engine.libc;
  }

  /** Deals with a report that was peeked at. */
  void take(Tracee t, int code, int status) {
    WaitStatus report = WaitStatus.decode(code, status);
    if (report instanceof WaitStatus.Exited || report instanceof WaitStatus.Killed) {
      WaitStatus _ = engine.waits.consume(t.tid());
      end(t, report);
      return;
    }
    if (t.state() == Tracee.State.STOPPED
        || (t.state() == Tracee.State.LISTENING && report.isExit())) {
      findKilled(t.process, true); // in its stop it was, and has come to its exit
    }
    t.stop = report;
    t.consumed = false;
    boolean nudged = t.nudged;
    t.nudged &= nudgeIsToCome(report);
    if (report instanceof WaitStatus.EventStop e && t.process.letGo != null) {
      noteEvent(t, e);
    }
    if (t.state() == Tracee.State.GONE) {
      return; // an exec gave its row to another
    }
    if (report.isOnTheWayToSignals()) {
      engine.mender.stopped(t.process.pid(), t.tid(), t.stepping || t.stepTrap, t.call);
    }
    if (t.process.letGo != null) {
      engine.departure().detach(t);
      return;
    }
    switch (report) {
      case WaitStatus.InterruptStop s when isBehindStepTrap(t) -> {
        t.interrupted = false;
        t.nudged = true;
        engine.requests.resume(t, 0); // the trap comes before any instruction
      }
      case WaitStatus.InterruptStop s -> {
        t.interrupted = false;
        if (t.state() == Tracee.State.LISTENING) {
          t.process.jobStopEnds++;
        }
        keepIfDirected(t, Cause.REQUESTED, 0);
      }
      case WaitStatus.GroupStop g -> {
        t.interrupted = false;
        t.inJobStop();
        t.yielded = t.yieldedSameStop() && (nudged || isComplete(t.process));
        keepIfDirected(t, Cause.JOBCONTROL, g.signal());
      }
      case WaitStatus.SignalDeliveryStop s -> signalDelivery(t, s.signal());
      case WaitStatus.SyscallStop s -> syscall(t);
      case WaitStatus.EventStop e -> event(t, e);
      case WaitStatus.Undocumented u -> {
        t.process.odd(); // before anybody can see the stop
        keep(t, Cause.UNDOCUMENTED, status);
        engine.wakeWaiters(t.process);
      }
      case WaitStatus.Exited e -> throw new AssertionError(e);
      case WaitStatus.Killed k -> throw new AssertionError(k);
    }
  }

  /** Whether the trap that a thread was nudged with may come behind this stop, and matters. */
  private boolean nudgeIsToCome(WaitStatus report) {
    if (report instanceof WaitStatus.SignalDeliveryStop) {
      return true;
    }
    // A tracer that listens takes it whenever it comes.
    return !engine.listens
        && (report instanceof WaitStatus.SyscallStop || report instanceof WaitStatus.EventStop);
  }

  private void keepIfDirected(Tracee t, Cause cause, int what) {
    if (t.directed) {
      keep(t, cause, what);
    } else {
      pass(t, 0);
    }
  }

  /** Goes on from a stop that nobody waits for. A job-stop is no such thing: it counts. */
  private void pass(Tracee t, int signal) {
    boolean jobStop = t.stop instanceof WaitStatus.GroupStop;
    if (t.nudged) {
      engine.requests.makeTrapFollow(t);
    }
    engine.requests.resume(t, signal);
    if (jobStop && t.state() == Tracee.State.LISTENING) {
      if (t.yielded) {
        t.leaveToJobControl();
      } else {
        t.why(Cause.JOBCONTROL, ((WaitStatus.GroupStop) stopOf(t)).signal());
        stoppedOne(t);
      }
    }
  }

  private static WaitStatus stopOf(Tracee t) {
    WaitStatus stop = t.stop;
    if (stop == null) {
      throw new IllegalStateException("thread " + t.tid() + " is in no stop");
    }
    return stop;
  }

  /** Holds a thread in the stop that it is in. */
  private void keep(Tracee t, Cause cause, int what) {
    t.directed = false;
    t.yielded = false;
    t.stepping = false;
    t.why(cause, what);
    t.state(Tracee.State.STOPPED);
    if (t.heldOnSignal()) {
      engine.waits.heldOnSignal++;
    } else if (!t.consumed) {
      engine.waits.list(t);
    }
    stoppedOne(t);
    engine.requests.passProcessSignals(t);
  }

  /** Counts a thread as stopped. */
  private void stoppedOne(Tracee t) {
    uncount(t);
    suspectLeader(t.process);
    engine.wakeWaiters(t.process);
  }

  /**
   * Counts a thread as not running. Before the last one of a process is, its threads are counted
   * against the kernel's: those made with CLONE_UNTRACED announced nothing, and an exec by a thread
   * that was not seized in time has replaced them.
   */
  private void uncount(Tracee t) {
    TracedProcess p = t.process;
    if (t.counted && p.running() == 1 && !p.tracees.isEmpty() && p.letGo == null) {
      if (t.gone()) {
        findKilled(p, false);
      }
      if (p.running() == 1) {
        complete(p);
      }
    }
    p.count(t, false);
  }

  /**
   * Seizes what is not ours of a process whose known threads stand, or all but one that is about to
   * count as standing. Those that it finds run, and are counted against the kernel's in their turn.
   *
   * <p>That a pass over the threads finds no new one proves nothing: the kernel's listing ends
   * where it meets a thread that has just gone. Their number says whether there is one.
   *
   * <p>If fewer are left than we know, an end or an exec is still to be reported, and all are
   * counted again then.
   */
  void complete(TracedProcess p) {
    int known = p.running();
    int r = 0;
    for (int i = 0; r == 0 && p.running() == known && !isComplete(p); i++) {
      if (i >= COUNTS) {
        LockSupport.parkNanos(this, PAUSE_NANOS);
      }
      boolean late = i >= COUNTS + LATE_COUNTS || (i >= COUNTS && fewerThanKnown(p));
      r = late ? -Err.EAGAIN : engine.collect(p);
    }
    boolean heldUp = r == -Err.EBUSY; // what is not ours executes nothing before we let it
    p.incomplete = r < 0 && !heldUp;
    p.whole |= r == 0 && p.running() == known;
    boolean willBeTold = r == -Err.EAGAIN && fewerThanKnown(p);
    if (p.incomplete && r != -Err.EPERM && !willBeTold && !facts.hasEnded(libc, p)) {
      p.odd(); // its threads cannot be listed or counted: who waits is told, not left waiting
    }
  }

  /**
   * Finds those that were killed where they stand: with the first of them the whole process was,
   * and what we know as stopped runs until its end is reported. One that has come to its exit since
   * then stands there, and says nothing of the others.
   *
   * @param killed it is known that one was
   */
  void findKilled(TracedProcess p, boolean killed) {
    if (!killed && !isAnyKilled(p)) {
      return;
    }
    for (int i = 0; i < p.tracees.size(); i++) {
      Tracee t = p.tracees.get(i);
      if (t.standsAtExit() ? !stands(t) : t.stopped() || t.state() == Tracee.State.LISTENING) {
        runsToItsEnd(t);
      }
    }
  }

  /** Whether one that stands for the others does so no more. All but those at their exits do. */
  private boolean isAnyKilled(TracedProcess p) {
    Tracee atExit = null;
    for (int i = 0; i < p.tracees.size(); i++) {
      Tracee t = p.tracees.get(i);
      if (t.standsAtExit()) {
        atExit = t;
      } else if (t.state() == Tracee.State.STOPPED) {
        return !stands(t);
      }
      // One that listens says nothing: a SIGCONT or an INTERRUPT wakes it as well.
    }
    return atExit != null && !stands(atExit);
  }

  private void runsToItsEnd(Tracee t) {
    if (t.heldOnSignal()) {
      engine.waits.heldOnSignal--;
    }
    t.ending = true;
    t.call.forget();
    t.call.disturbance(Disturbance.NONE);
    t.process.count(t, true); // first: at no moment does the process look stopped
    t.state(Tracee.State.RUNNING);
    t.yielded = false;
    engine.waits.doubtLeader(t);
  }

  /**
   * Whether a thread is still in its stop. One that a control group of version 1 has frozen besides
   * does not look so, but can be asked; one that listens cannot.
   */
  boolean stands(Tracee t) {
    return facts.isInPtraceStop(t.process.pid(), t.tid())
        || (t.state() == Tracee.State.STOPPED && message.read(libc, t.tid()) >= 0);
  }

  /** Whether the kernel counts as many threads as we have. */
  boolean isComplete(TracedProcess p) {
    checkZombieLeader(p);
    if (p.fate() != Fate.CONTROLLED) {
      return true; // the leader's end was what there was to see
    }
    return p.tasks.count() == p.tracees.size() + (p.leaderUnseized ? 1 : 0);
  }

  private static boolean fewerThanKnown(TracedProcess p) {
    int count = p.tasks.count();
    return count >= 0 && count < p.tracees.size() + (p.leaderUnseized ? 1 : 0);
  }

  /** What was a zombie leader may have been replaced, by a thread that called exec unseized. */
  void checkZombieLeader(TracedProcess p) {
    if (p.leaderUnseized) {
      p.leaderUnseized = facts.isZombieLeader(p.pid());
    }
    if (p.leaderZombie) {
      Tracee leader = engine.find(p.pid());
      p.leaderZombie = leader != null && !engine.waits.look(leader);
    }
  }

  // ---- signals

  private void signalDelivery(Tracee t, int signal) {
    TracedProcess p = t.process;
    if (signal == Signal.SIGCONT) {
      p.jobStopEnds++;
    }
    if (t.ownStop && signal == Signal.SIGSTOP && isOwnStop(t)) {
      swallowOwnStop(t);
    } else if (isStepTrap(t, signal)) {
      takeStepTrap(t);
    } else if (p.sets.fault(signal) && isFault(t)) {
      keepOnEvent(t, Cause.FAULTED, signal);
    } else if (p.sets.signal(signal)) {
      keepOnEvent(t, Cause.SIGNALLED, signal);
    } else {
      passSignal(t, signal);
    }
  }

  /**
   * Carries a signal on that came before the stop which we asked for. The INTERRUPT, sent inside
   * the stop, traps the thread before it executes an instruction of the handler.
   */
  private void passSignal(Tracee t, int signal) {
    if (t.directed) {
      engine.requests.interrupt(t);
    }
    engine.requests.resume(t, signal);
  }

  /** Whether the SIGSTOP of this stop is the one that we sent with tgkill. */
  boolean isOwnStop(Tracee t) {
    return readSignalInfo(t)
        && signalInfo.code() == Signal.SI_TKILL
        && (signalInfo.pid() == libc.getpid() || signalInfo.pid() == 0);
  }

  /** Our own SIGSTOP is consumed at once: if we died now, it must not stop the target. */
  private void swallowOwnStop(Tracee t) {
    t.nudged = false;
    if (engine.waits.consumeStop(t) <= 0) {
      keepIfDirected(t, Cause.REQUESTED, 0);
    }
  }

  /** The end of a step is consumed at once likewise: SIGTRAP would kill the target. */
  private void takeStepTrap(Tracee t) {
    t.stepTrap = false;
    t.nudged = false;
    if (engine.waits.consumeStop(t) <= 0) {
      if (t.stepping) {
        keep(t, Cause.FAULTED, Signal.SIGTRAP);
      } else {
        keepIfDirected(t, Cause.REQUESTED, 0); // the step was withdrawn
      }
    }
  }

  /**
   * A system call that is stepped over has its trap queued when it ends, also if it ends because of
   * an INTERRUPT, whose stop then comes first.
   */
  private boolean isBehindStepTrap(Tracee t) {
    t.stepTrap = t.stepTrap && engine.requests.stepTrapIsQueued(t);
    return t.stepTrap;
  }

  /** Whether the signal of this stop is the trap that ends a step of ours. */
  boolean isStepTrap(Tracee t, int signal) {
    if (!t.stepTrap || signal != Signal.SIGTRAP || !readSignalInfo(t)) {
      return false;
    }
    int code = signalInfo.code();
    // The third is the kernel's trap at the first instruction of a handler that was stepped into.
    return code == Signal.TRAP_TRACE || code == Signal.TRAP_BRKPT || code == Signal.SIGTRAP;
  }

  /** Raised by the thread's own instruction, not sent by somebody. */
  private boolean isFault(Tracee t) {
    return readSignalInfo(t) && signalInfo.code() > 0;
  }

  private boolean readSignalInfo(Tracee t) {
    return libc.insist(Ptrace.GETSIGINFO, t.tid(), 0, signalInfo.address()) >= 0;
  }

  // ---- chosen events

  /** Holds a thread on an event that its user chose, and directs the others. */
  private void keepOnEvent(Tracee t, Cause cause, int what) {
    TracedProcess p = t.process;
    if (!p.sets.async()) {
      p.directed = true;
      p.someRunAlone = false;
      for (int i = p.tracees.size() - 1; i >= 0; i--) {
        Tracee other = p.tracees.get(i);
        if (other != t) {
          engine.requests.direct(other);
        }
      }
    }
    keep(t, cause, what);
    if (!p.sets.async()) {
      engine.waits.gather(p);
    }
  }

  private void syscall(Tracee t) {
    TracedProcess p = t.process;
    if (p.sets.syscalls() && syscallInfo.read(libc, t.tid()) == 0) {
      if (syscallInfo.isEntry()) {
        t.syscall = syscallInfo.number();
        if (p.sets.syscallEntry(t.syscall)) {
          keepOnEvent(t, Cause.SYSENTRY, t.syscall);
          return;
        }
      } else if (syscallInfo.isExit()) {
        int number = t.syscall >= 0 ? t.syscall : facts.syscall(p.pid(), t.tid());
        t.syscall = -1;
        if (p.sets.syscallExit(number)) {
          keepOnEvent(t, Cause.SYSEXIT, number);
          return;
        }
      }
    }
    keepIfDirected(t, Cause.REQUESTED, 0);
  }

  private void event(Tracee t, WaitStatus.EventStop e) {
    TracedProcess p = t.process;
    long detail = noteEvent(t, e);
    if (e.event() == Ptrace.EVENT_EXEC) {
      return; // noteEvent has dealt with it, in the new row
    }
    if (p.sets.event(e.event())) {
      keepOnEvent(t, causeOf(e.event()), (int) detail);
      Tracee leader = engine.find(p.pid());
      if (e.isExit() && leader != null) {
        engine.waits.doubtLeader(leader); // it may have ended with this one, which keeps that back
      }
    } else {
      keepIfDirected(t, Cause.REQUESTED, 0);
    }
  }

  /** Empty for a thread that job control holds: it is not ours to ask while it listens. */
  long[] registers(Tracee t) {
    return t.state() == Tracee.State.STOPPED && syscallInfo.read(libc, t.tid()) == 0
        ? new long[] {syscallInfo.instructionPointer(), syscallInfo.stackPointer()}
        : new long[0];
  }

  private static Cause causeOf(int event) {
    if (event == Ptrace.EVENT_FORK) {
      return Cause.FORK;
    }
    if (event == Ptrace.EVENT_VFORK) {
      return Cause.VFORK;
    }
    return event == Ptrace.EVENT_CLONE ? Cause.CLONE : Cause.EXIT;
  }

  /** What an event changes in the table, whether or not anybody waits for it. */
  private long noteEvent(Tracee t, WaitStatus.EventStop e) {
    if (e.event() == Ptrace.EVENT_EXEC) {
      execed(t.process, e);
      return 0;
    }
    long detail = message.read(libc, t.tid());
    if (detail < 0 && e.event() != Ptrace.EVENT_EXIT) {
      engine.waits.missBirth();
    }
    if (e.event() == Ptrace.EVENT_CLONE && detail > 0) {
      // It may have ended before this report of its birth: then the look finds nothing.
      engine.waits.look(adopt(t.process, (int) detail, t.options));
    } else if (e.event() != Ptrace.EVENT_EXIT && detail > 0) {
      releaseChild((int) detail);
    }
    return detail;
  }

  // ---- births

  /**
   * Adds a thread that the kernel attached for us at birth; its first stop is on its way.
   *
   * @param options its parent's of that moment, which the kernel has given to it as well; or {@link
   *     Tracee#UNKNOWN_OPTIONS}
   */
  Tracee adopt(TracedProcess p, int tid, int options) {
    Tracee known = engine.find(tid);
    if (known != null) {
      return known;
    }
    Tracee born = engine.add(p, tid, options);
    born.directed = p.directed;
    return born;
  }

  /**
   * Deals with a report about a task that is in no row.
   *
   * @return whether it is dealt with; if not, it is somebody else's child, and not ours to reap
   */
  boolean takeUnknown(int tid, int code, int status) {
    WaitStatus report = WaitStatus.decode(code, status);
    boolean ended = report instanceof WaitStatus.Exited || report instanceof WaitStatus.Killed;
    if (ended) {
      if (facts.tracer(tid) != libc.gettid()) {
        return false;
      }
      WaitStatus _ = engine.waits.consume(tid); // born and gone before its parent's report
      engine.waits.forgetStray(tid);
      return true;
    }
    TracedProcess p = engine.process(facts.threadGroup(tid));
    boolean exec = report instanceof WaitStatus.EventStop e && e.event() == Ptrace.EVENT_EXEC;
    if (p == null) {
      // A forked child whose parent's fork was to be reported, or a newborn of a released process.
      if (exec) {
        WaitStatus _ = engine.waits.consume(tid); // see execed
      }
      long _ = libc.insist(Ptrace.DETACH, tid, 0, 0);
      engine.waits.forgetStray(tid);
    } else if (exec) {
      // Its leader could not be seized; a thread that could has taken the leader's place.
      execed(p, report);
    } else {
      take(adopt(p, tid, Tracee.UNKNOWN_OPTIONS), code, status);
    }
    return true;
  }

  /** A forked child was attached for us only because its parent's fork is an event: it runs on. */
  private void releaseChild(int pid) {
    if (!engine.waits.awaitReport(pid) || libc.insist(Ptrace.DETACH, pid, 0, 0) < 0) {
      engine.waits.stray(pid);
    }
  }

  /** A thread that was killed in the midst of a fork does not report that. */
  private void noteMissedForks(TracedProcess p) {
    if (p.sets.forks()) {
      engine.waits.missBirth();
    }
  }

  // ---- exec

  /**
   * After an exec one thread is left, with the leader's tid. The others have ended, and the former
   * leader and the thread that called exec did so without a report.
   *
   * <p>The stop is consumed first: until then every request fails with ESRCH, so that a tracer
   * which means the former leader does not hit the thread that took its place.
   */
  private void execed(TracedProcess p, WaitStatus stop) {
    WaitStatus taken = engine.waits.consume(p.pid());
    int formerTid = (int) message.read(libc, p.pid());
    Tracee former = formerOf(p, formerTid);
    boolean keep = p.directed || p.launching || (former != null && former.directed);
    int options = former == null ? 0 : former.options;
    // The survivor is counted before the others are not: at no moment does the process look
    // stopped.
    Tracee survivor =
        former != null && former.tid() == p.pid() ? former : engine.add(p, p.pid(), options);
    p.count(survivor, true);
    for (Tracee t : p.tracees.toArray(new Tracee[0])) {
      if (t != survivor) {
        engine.remove(t);
      }
    }
    engine.wakeWaiters(p); // for a stop of a former thread, whose end nobody else will tell
    noteMissedForks(p);
    p.leaderUnseized = false;
    p.revive(survivor);
    survivor.stop = stop;
    survivor.consumed = true;
    survivor.nudged = false;
    survivor.ownStop |= former != null && former.ownStop;
    survivor.interrupted = former != null && former.interrupted;
    survivor.stepping = former != null && former.stepping;
    survivor.stepTrap = former != null && former.stepTrap;
    survivor.syscall = -1;
    if (taken instanceof WaitStatus.Exited || taken instanceof WaitStatus.Killed) {
      end(survivor, taken); // killed where it had executed
    } else if (p.letGo != null) {
      if (survivor != former) {
        engine.departure().detach(survivor);
      }
    } else if (taken instanceof WaitStatus.EventStop s && s.isExit()) {
      survivor.stop = s; // likewise
      survivor.directed = keep;
      event(survivor, s);
    } else if (p.launching || p.sets.event(Ptrace.EVENT_EXEC)) {
      p.launching = false;
      p.directed = true;
      keep(survivor, Cause.EXEC, formerTid);
    } else {
      survivor.directed = keep;
      keepIfDirected(survivor, Cause.REQUESTED, 0);
    }
  }

  /**
   * The row of the thread that has executed. If it is in none by its former number, it was seized
   * when it had the leader's already.
   */
  private @Nullable Tracee formerOf(TracedProcess p, int formerTid) {
    Tracee executing = p.executing;
    p.executing = null;
    if (executing != null && executing.tid() == formerTid) {
      return executing;
    }
    Tracee former = engine.find(formerTid);
    return former != null ? former : engine.find(p.pid());
  }

  /**
   * A thread that executes another program has the leader's number as soon as all others are gone,
   * and reports it later: what we know of it goes along.
   */
  private void executing(Tracee t) {
    TracedProcess p = t.process;
    p.executing = t;
    Tracee leader = engine.find(p.pid());
    if (leader == null) {
      engine.add(p, p.pid(), t.options).directed = t.directed;
      p.leaderUnseized = false;
    } else if (leader.state() == Tracee.State.ZOMBIE) {
      p.revive(leader); // else a release would not wait for the report
    } else if (leader.stopped()) {
      findKilled(p, false); // whom an exec replaces was killed where it stood
      if (leader.stopped()) {
        boolean _ = engine.waits.look(leader); // the report has come
      }
    }
  }

  // ---- ends

  /** A tracee has ended, and its end is consumed. */
  void end(Tracee t, WaitStatus report) {
    TracedProcess p = t.process;
    boolean stood = t.stopped() || t.state() == Tracee.State.LISTENING;
    engine.unlist(t);
    if (stood) {
      findKilled(p, true);
    }
    if (p.fate() != Fate.CONTROLLED) {
      return; // a zombie leader's row outlived its handle
    }
    if (t.tid() == p.pid()) {
      forgetEnded(p, report);
    } else {
      left(t);
    }
    engine.wakeWaiters(p);
  }

  /** The kernel knows nothing of this tracee: it was taken from us, or reaped for us. */
  void vanished(Tracee t) {
    engine.takeReaped(); // by the watchdog, which saw more of its end than we do
    if (t.state() == Tracee.State.GONE) {
      return;
    }
    if (t.tid() != t.process.pid() && facts.tracer(t.process.pid()) == libc.gettid()) {
      executing(t);
      if (t.state() == Tracee.State.GONE) {
        return; // and has reported it
      }
    }
    engine.unlist(t);
    left(t);
    engine.wakeWaiters(t.process);
  }

  private void left(Tracee t) {
    TracedProcess p = t.process;
    uncount(t);
    if (p.incomplete && p.running() == 0 && !p.tracees.isEmpty() && p.letGo == null) {
      complete(p); // this one may have been what was missing
    }
    if (p.fate() != Fate.CONTROLLED) {
      return; // its zombie leader's end was found behind it
    }
    if (p.letGo != null) {
      engine.departure().checkDone(p);
    } else if (p.tracees.isEmpty()) {
      lastKnownGone(p);
    } else {
      suspectLeader(p);
    }
  }

  /**
   * Without a report of the leader's end, the process's own state decides. One that lives on has
   * executed another program by a thread that was not ours.
   */
  private void lastKnownGone(TracedProcess p) {
    boolean seizedAnew = !p.collecting && p.mayBeSeizedAnew() && engine.collect(p) == 0;
    if (p.fate() != Fate.CONTROLLED || seizedAnew) {
      return;
    }
    if (facts.hasEnded(libc, p)) {
      forgetEnded(p, null);
    } else if (!p.collecting) {
      p.fate(Fate.LOST);
      engine.forget(p);
    }
  }

  private void forgetEnded(TracedProcess p, @Nullable WaitStatus report) {
    noteMissedForks(p);
    p.ended(report);
    for (Tracee t : p.tracees.toArray(new Tracee[0])) {
      engine.remove(t);
    }
    engine.forget(p);
  }

  // ---- a leader that has exited before its threads

  /** Notes a process of which only the leader runs: it may be a zombie, which never stops. */
  void suspectLeader(TracedProcess p) {
    boolean alone = p.letGo == null ? p.tracees.size() > 1 : p.tracees.size() == 1;
    if (alone && p.running() == 1 && !engine.waits.suspects.contains(p)) {
      engine.waits.suspects.add(p);
    }
  }

  /** Looks at a leader that alone still runs; true if it turned out to be stopped, or a zombie. */
  boolean checkLeader(TracedProcess p) {
    Tracee leader = engine.find(p.pid());
    if (leader == null || leader.process != p || !leader.mayMove()) {
      return false;
    }
    if (engine.waits.look(leader)) {
      return true;
    }
    if (!facts.isZombieLeader(p.pid())) {
      return false;
    }
    leader.state(Tracee.State.ZOMBIE);
    p.zombie(leader);
    leader.directed = false;
    if (p.letGo == null) {
      stoppedOne(leader);
    } else {
      engine.departure().checkDone(p);
    }
    return true;
  }
}
