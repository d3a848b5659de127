package org.libproc4j.internal.ptrace;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.libproc4j.internal.linux.Err;
import org.libproc4j.internal.linux.KernelTimer;
import org.libproc4j.internal.linux.Libc;
import org.libproc4j.internal.linux.Ptrace;
import org.libproc4j.internal.linux.SigInfo;
import org.libproc4j.internal.linux.Wait;

/**
 * A tracer's waits, and the stops that it has seen but not taken.
 *
 * <p><b>Peeking.</b> A stop is looked at with WNOWAIT and left with the kernel. For a
 * signal-delivery-stop that is a matter of correctness: once consumed, its signal would be lost if
 * we died; merely looked at, it is delivered. For all other stops it saves a call, as long as
 * nobody waits for <em>any</em> tracee, which would report the same stop again; so they are
 * consumed before such a wait, and not sooner.
 *
 * <p><b>Waiting.</b> A wait for one tid costs the same however many tracees there are, but is deaf
 * to the others; a wait for any is not deaf, but walks all tracees. So a bulk stop {@linkplain
 * #gather gathers} its threads one by one, for a short time, and leaves to the wait for any those
 * that have not come by then.
 */
final class Waits {
  /** Up to here a wait for any tracee costs no more than arming the timer of {@link #gather}. */
  private static final int FEW = 4;

  /** How long {@link #gather} waits for a next stop, deaf to other tracees. */
  private static final long GATHER_NANOS = 2_000_000;

  /** How long {@link #takeNext} waits for a thread that is on its way. */
  private static final long WOKEN_NANOS = 1_000_000_000;

  /** How long {@link #settle} waits where nobody listens afterwards. */
  private static final long SETTLE_NANOS = 100_000_000;

  /** How long to wait for a leader that is directed to stop before looking at it. */
  private static final long FIRST_DOUBT_NANOS = 5_000_000;

  private static final long LAST_DOUBT_NANOS = 1_000_000_000;

  /** How long to leave it alone when a wait has failed for no reason that we know. */
  private static final long FAILED_WAIT_PAUSE_NANOS = 10_000_000;

  /** How long to sleep between looks where no wait can block: see {@link #nap}. */
  private static final long NAP_NANOS = 5_000_000;

  static final int TAKE = Wait.WEXITED | Wait.WALL;
  static final int PEEK = TAKE | Wait.WNOWAIT;

  /**
   * For any tracee. They are waited for whatever they are; WCLONE leaves out the ordinary children
   * of our thread, so that ECHILD says that there is no tracee any more. No wait for the only
   * tracee's own tid would tell: it is not always woken when an exec by a thread that is not ours
   * takes a leader's place.
   */
  private static final int ANY = Wait.WEXITED | Wait.WCLONE | Wait.WNOWAIT | Wait.WNOTHREAD;

  private final Engine engine;
  private final Libc libc;
  private final TaskFacts facts = new TaskFacts();
  private final ArrayList<Tracee> unconsumed = new ArrayList<>();
  private final SigInfo info = new SigInfo();
  private final Waker waker;
  private final KernelTimer timer;

  private long limit = Deadline.NEVER;

  /** The options of a wait for one tracee alone: without a timer to end it, it must not block. */
  private int deaf = PEEK;

  /** Until when the wait for one tracee alone may block that is under way. */
  private long deafUntil = Deadline.NEVER;

  /** Tracees kept in signal-delivery-stops, which no wait for any tracee may see. */
  int heldOnSignal;

  /** Forked children that were attached for us and are still to be detached. */
  private final ArrayList<Integer> strays = new ArrayList<>();

  /** A task may have been attached for us at its birth whose number we could not learn. */
  private boolean birthMissed;

  /**
   * A clone child that is not ours to reap has ended: the wait for any would report it for ever.
   */
  private boolean stranger;

  /** Processes of which only the leader still runs, and might be a zombie that never stops. */
  final ArrayList<TracedProcess> suspects = new ArrayList<>();

  /** Processes whose leader is directed to stop, and may have been ending already. */
  private final ArrayList<TracedProcess> leadersInDoubt = new ArrayList<>();

  Waits(Engine engine, BooleanSupplier pending) {
    this.engine = engine;
    this.libc = engine.libc;
    this.waker = new Waker(libc, pending);
    this.timer = new KernelTimer(libc);
  }

  Waker waker() {
    return waker;
  }

  /** Waits, for a short time, for the report of a task that was just born. */
  boolean awaitReport(int tid) {
    return awaitReport(tid, GATHER_NANOS);
  }

  private boolean awaitReport(int tid, long nanos) {
    long outer = beDeaf(nanos);
    long until = deafUntil;
    try {
      int r;
      do {
        r = libc.waitid(Wait.P_PID, tid, info, deaf);
        if (r == 0 && info.pid() != 0) {
          return true;
        }
      } while (r != -Err.ECHILD && !Deadline.passed(until));
      return false;
    } finally {
      listen(outer);
    }
  }

  /**
   * Waits for directed threads one by one, for as long as they come promptly. In a small table the
   * wait for any serves as well, and costs nothing to set up.
   */
  void gather(TracedProcess p) {
    if (engine.size() > FEW) {
      gatherOneByOne(p, GATHER_NANOS);
    }
  }

  /**
   * Waits likewise for threads that were nudged. Where nobody listens after this call, they would
   * stand still until the next.
   */
  void settle(TracedProcess p) {
    if (engine.listens) {
      gather(p);
    } else {
      gatherOneByOne(p, SETTLE_NANOS);
      lookAtAll(); // behind one that sleeps uninterruptibly, others may be waiting
    }
  }

  private void gatherOneByOne(TracedProcess p, long nanos) {
    long outer = beDeaf(nanos);
    long until = deafUntil;
    boolean progress = false;
    try {
      for (int i = p.tracees.size() - 1; i >= 0; i--) {
        if (i >= p.tracees.size()) {
          continue; // an exec took the table's rows
        }
        Tracee t = p.tracees.get(i);
        while (t.state() == Tracee.State.RUNNING && (t.directed || t.nudged)) {
          if (!waker.enter()) {
            return; // a command waits
          }
          int r = libc.waitid(Wait.P_PID, t.tid(), info, deaf);
          waker.leave();
          if (r == 0 && info.pid() != 0) {
            engine.reports.take(t, info.code(), info.status());
            progress = true;
          } else if (r == -Err.ECHILD && look(t)) {
            progress = true;
          } else if (Deadline.passed(limit)) {
            return;
          } else if (Deadline.passed(until)) {
            if (!progress) {
              return;
            }
            progress = false;
            until = Deadline.in(nanos); // the timer goes on by itself
          }
        }
      }
    } finally {
      listen(outer);
    }
  }

  /**
   * Begins a wait for one tracee alone, which must end by {@link #deafUntil}. Such waits nest: what
   * is reported in one may cause another.
   *
   * @return for {@link #listen}
   */
  private long beDeaf(long nanos) {
    long outer = deafUntil;
    deafUntil = Deadline.earlier(Deadline.earlier(Deadline.in(nanos), outer), limit);
    blockUntil(deafUntil);
    return outer;
  }

  /** Ends it. */
  private void listen(long outer) {
    deafUntil = outer;
    blockUntil(Deadline.earlier(outer, limit));
  }

  private void blockUntil(long deadline) {
    deaf = arm(deadline) == 0 ? PEEK : PEEK | Wait.WNOHANG;
  }

  /**
   * Until when waits may block; {@link Deadline#NEVER} for no limit.
   *
   * @return 0, or −errno: then nothing ends a wait in time
   */
  int limit(long deadline) {
    limit = deadline;
    return arm(deadline);
  }

  private int arm(long deadline) {
    if (deadline == Deadline.NEVER) {
      timer.disarm();
      return 0;
    }
    return timer.arm(deadline - System.nanoTime());
  }

  /** Waiting has failed and is to be tried again, but not at once. */
  static void pause() {
    LockSupport.parkNanos(Waits.class, FAILED_WAIT_PAUSE_NANOS);
  }

  /**
   * Blocks until something has happened to a tracee, and deals with it.
   *
   * @return 0, −EINTR when woken, or another −errno when waiting is impossible
   */
  int waitOnce() {
    if (clearSuspect()) {
      return 0;
    }
    int consumed = consumeStops();
    if (consumed != 0) {
      return Math.min(consumed, 0);
    }
    if (heldOnSignal > 0) {
      Tracee sentinel = sentinel();
      return sentinel != null ? waitFor(Wait.P_PID, sentinel.tid(), PEEK) : nap();
    }
    if (stranger) {
      stranger = false;
      return nap();
    }
    TracedProcess doubtful = doubtful();
    return doubtful == null ? waitForAny() : waitInDoubt(doubtful);
  }

  private int waitFor(int idType, int id, int options) {
    if (!waker.enter()) {
      return -Err.EINTR;
    }
    int r = libc.waitid(idType, id, info, options);
    waker.leave();
    if (r == 0) {
      dispatch();
    } else if (r == -Err.ECHILD && !engine.isEmpty()) {
      birthMissed = false;
      lookAtAll(); // the rows that the kernel knows nothing of are found one by one
      return 0;
    }
    return r;
  }

  private void dispatch() {
    Tracee t = engine.find(info.pid());
    if (t != null) {
      engine.reports.take(t, info.code(), info.status());
    } else {
      birthMissed = false;
      stranger = !engine.reports.takeUnknown(info.pid(), info.code(), info.status());
    }
  }

  /**
   * Of a process that is held whole, and is all that we hold, the thread to wait for: nothing but
   * its end can happen any more, and that comes to all threads at once, though reported of the
   * leader last.
   */
  private @Nullable Tracee sentinel() {
    if (engine.processes.size() != 1 || birthMissed || !strays.isEmpty()) {
      return null;
    }
    Tracee sentinel = null;
    ArrayList<Tracee> all = engine.processes.getFirst().tracees;
    if (engine.size() > all.size()) {
      return null; // a former process's leader is a zombie, whose end is to be told
    }
    for (int i = 0; i < all.size(); i++) {
      Tracee t = all.get(i);
      if (t.state() != Tracee.State.STOPPED) {
        return null;
      }
      if (t.consumed && t.tid() != t.process.pid()) {
        sentinel = t;
      }
    }
    return sentinel;
  }

  /**
   * A look at what may have moved, then a short sleep: for the cases where a wait for any would
   * return at once, for ever. The kernel has no wait that skips a stop, and a signal-delivery-stop
   * must stay with it. A single thread's death can be polled for, and needs no clock.
   */
  private int nap() {
    boolean _ = hasStrays();
    if (lookAtMovers() || lookAtDoubtful()) {
      return 0;
    }
    TracedProcess only = engine.processes.size() == 1 ? engine.processes.getFirst() : null;
    boolean single =
        only != null
            && doubtful() == null
            && heldOnSignal > 0
            && engine.size() == 1
            && (only.tracees.getFirst().options & Ptrace.O_TRACEEXIT) == 0 // it would stop there
            && only.tasks.count() == 1;
    if (!waker.enter()) {
      return -Err.EINTR;
    }
    int r =
        only != null && single
            ? libc.poll(only.pidfd, Wait.POLLIN, -1)
            : libc.poll(-1, 0, NAP_NANOS);
    waker.leave();
    return Math.min(r, 0);
  }

  /** Its parent may have been killed before it could tell whom it had given birth to. */
  void missBirth() {
    birthMissed = true;
  }

  boolean hasMissedBirth() {
    return birthMissed;
  }

  /** A forked child has not come to its first stop in time. */
  void stray(int pid) {
    strays.add(pid);
  }

  /** It has now, or has ended. */
  void forgetStray(int pid) {
    strays.removeIf(stray -> stray == pid);
  }

  /** Whether there is one that has still not come to it. */
  boolean hasStrays() {
    if (birthMissed) {
      findMissedBirths();
    }
    lookAtStrays();
    return !strays.isEmpty();
  }

  /** No wait tells of a tracee that has not come to its first stop, as long as there are others. */
  private void findMissedBirths() {
    List<Integer> processes = facts.processes();
    birthMissed = processes.isEmpty();
    int tracer = libc.gettid();
    for (int pid : processes) {
      if (engine.find(pid) == null && !strays.contains(pid) && facts.tracer(pid) == tracer) {
        stray(pid);
      }
    }
  }

  /** Lets those go that have come to their first stop since. */
  void lookAtStrays() {
    for (int stray : strays.toArray(new Integer[0])) {
      int r = libc.waitidNow(stray, info, PEEK);
      if (r == 0 && info.pid() != 0) {
        dispatch();
      } else if (r == -Err.ECHILD) {
        forgetStray(stray); // it was let go before its parent's report
      }
    }
  }

  /** Takes what the threads that we do not hold have to report, and of those we hold, one's end. */
  private boolean lookAtMovers() {
    boolean news = lookAtFormer();
    for (TracedProcess p : engine.processes.toArray(new TracedProcess[0])) {
      boolean looked = false;
      for (int i = p.tracees.size() - 1; i >= 0; i--) {
        if (i >= p.tracees.size()) {
          continue; // rows have left
        }
        Tracee t = p.tracees.get(i);
        boolean held = t.state() == Tracee.State.STOPPED;
        if (!held || (!looked && (t.tid() != p.pid() || p.tracees.size() == 1))) {
          looked |= held;
          news |= look(t);
        }
      }
    }
    return news;
  }

  /**
   * Likewise of the leaders, zombies, of processes that were let go: nobody else tells their end.
   */
  private boolean lookAtFormer() {
    int rows = 0;
    for (int i = 0; i < engine.processes.size(); i++) {
      rows += engine.processes.get(i).tracees.size();
    }
    boolean news = false;
    if (rows < engine.size()) {
      for (Tracee t : engine.all()) {
        news |= t.process.fate() != Fate.CONTROLLED && look(t);
      }
    }
    return news;
  }

  /** Takes what any tracee has to report now; false if that is nothing new. */
  private boolean lookAtAll() {
    boolean news = false;
    for (Tracee t : engine.all()) {
      news |= look(t);
    }
    return news;
  }

  /** Takes what one tracee has to report now; false if that is nothing new. */
  boolean look(Tracee t) {
    if (t.state() == Tracee.State.GONE) {
      return false;
    }
    int r = libc.waitidNow(t.tid(), info, PEEK);
    if (r == -Err.ECHILD) {
      engine.reports.vanished(t);
      return true;
    }
    if (r < 0 || info.pid() == 0) {
      return false;
    }
    if (t.state() == Tracee.State.STOPPED && !isNews(t)) {
      return false; // the stop that we know
    }
    engine.reports.take(t, info.code(), info.status());
    return true;
  }

  /** Takes what a thread will report that was woken from a stop in which it listened. */
  void takeNext(Tracee t) {
    if (awaitReport(t.tid(), WOKEN_NANOS)) {
      engine.reports.take(t, info.code(), info.status());
    }
  }

  /**
   * Takes a peeked stop or end from the kernel.
   *
   * @return what was taken: what has come instead of a stop, if the thread was killed in that; null
   *     for nothing
   */
  @Nullable WaitStatus consume(int tid) {
    boolean taken = libc.waitidNow(tid, info, TAKE) == 0 && info.pid() != 0;
    return taken ? WaitStatus.decode(info.code(), info.status()) : null;
  }

  /**
   * Takes a peeked stop; 1 if the tracee was killed in it, and what came then was taken instead, by
   * us or by somebody else; else 0 or −errno.
   */
  int consumeStop(Tracee t) {
    int r = libc.waitidNow(t.tid(), info, TAKE);
    if (r == -Err.ECHILD) {
      engine.reports.vanished(t);
      return 1;
    }
    if (r == 0 && info.pid() != 0 && isNews(t)) {
      if (info.code() == Wait.CLD_TRAPPED) {
        engine.reports.take(t, info.code(), info.status());
      } else {
        engine.reports.end(t, WaitStatus.decode(info.code(), info.status()));
      }
      return 1;
    }
    t.consumed = r == 0;
    return r;
  }

  /**
   * Whether what a stopped tracee has to report is not the stop that we know. Killed in that, it
   * ends, or comes to another, at its exit; or another thread has executed in its place.
   */
  private boolean isNews(Tracee t) {
    int event = info.status() >> 8;
    boolean comesUnasked = event == Ptrace.EVENT_EXIT || event == Ptrace.EVENT_EXEC;
    return info.code() != Wait.CLD_TRAPPED
        || (comesUnasked && !(t.stop instanceof WaitStatus.EventStop e && e.event() == event));
  }

  /** Remembers a stop that a wait for any would report again. */
  void list(Tracee t) {
    if (!t.listed) {
      t.listed = true;
      unconsumed.add(t);
    }
  }

  /** Consumes what was only peeked at; 1 if that showed something new, else 0 or −errno. */
  private int consumeStops() {
    int news = 0;
    while (!unconsumed.isEmpty()) {
      Tracee t = unconsumed.removeLast();
      t.listed = false;
      if (t.state() != Tracee.State.STOPPED || t.consumed || t.heldOnSignal()) {
        continue;
      }
      int r = consumeStop(t);
      if (r < 0) {
        list(t); // a wait for any would take it for a new one
        return r;
      }
      news |= r;
    }
    return news;
  }

  /** Looks whether a leader that alone still runs has become a zombie; true if so. */
  boolean clearSuspect() {
    return !suspects.isEmpty() && engine.reports.checkLeader(suspects.removeLast());
  }

  /**
   * Notes a leader that is directed to stop, or whose sibling stands at its exit. One that ends, or
   * has, does not stop, and while other threads live, nobody is told; nor, while there are other
   * tracees, if an exec by a thread that is not ours has taken its place.
   */
  void doubtLeader(Tracee t) {
    TracedProcess p = t.process;
    if (t.tid() == p.pid() && engine.size() > 1) {
      p.looksAtLeader = 0;
      if (!p.leaderInDoubt) {
        p.leaderInDoubt = true;
        leadersInDoubt.add(p);
      }
    }
  }

  /**
   * A process whose leader alone has yet to stop, of those that were directed to: one that was
   * looked at the least.
   */
  private @Nullable TracedProcess doubtful() {
    TracedProcess least = null;
    for (int i = leadersInDoubt.size() - 1; i >= 0; i--) {
      TracedProcess p = leadersInDoubt.get(i);
      Tracee leader = engine.find(p.pid());
      if (leader == null || leader.process != p || !mayEndUntold(leader)) {
        p.leaderInDoubt = false;
        leadersInDoubt.remove(i);
      } else if (isDue(p) && (least == null || p.looksAtLeader < least.looksAtLeader)) {
        least = p;
      }
    }
    return least;
  }

  private static boolean isDue(TracedProcess p) {
    return !p.directed || p.running() == 1;
  }

  /** Looks whether any leader in doubt is a zombie; false if there is nothing new. */
  private boolean lookAtDoubtful() {
    boolean news = false;
    for (TracedProcess p : leadersInDoubt.toArray(new TracedProcess[0])) {
      if (isDue(p)) {
        p.looksAtLeader++;
        news |= engine.reports.checkLeader(p);
      }
    }
    return news;
  }

  private static boolean mayEndUntold(Tracee leader) {
    return leader.mayMove()
        && (leader.directed
            || leader.ending
            || leader.process.tracees.stream().anyMatch(Tracee::standsAtExit));
  }

  /** Waits for a time that grows, and then looks whether leaders in doubt are zombies. */
  private int waitInDoubt(TracedProcess p) {
    long pause = Math.min(FIRST_DOUBT_NANOS << Math.min(p.looksAtLeader, 20), LAST_DOUBT_NANOS);
    long until = Deadline.in(pause);
    int r = waitUntil(until);
    if (Deadline.passed(until)) {
      boolean _ = lookAtDoubtful();
      if (pause == LAST_DOUBT_NANOS) {
        lookAtLeaders();
      }
    }
    return r;
  }

  /**
   * Waits for any tracee. That an exec by a thread which is not ours has taken a leader's place is
   * told by nothing while there are tracees of other processes: it is looked for once a second.
   */
  private int waitForAny() {
    long until = Deadline.in(LAST_DOUBT_NANOS);
    if (engine.processes.size() < 2 || Deadline.earlier(limit, until) == limit) {
      return waitFor(Wait.P_ALL, 0, ANY);
    }
    int r = waitUntil(until);
    if (Deadline.passed(until)) {
      lookAtLeaders();
    }
    return r;
  }

  private void lookAtLeaders() {
    for (TracedProcess p : engine.processes.toArray(new TracedProcess[0])) {
      Tracee leader = engine.find(p.pid());
      if (leader != null && leader.state() != Tracee.State.STOPPED) {
        look(leader);
      }
    }
  }

  private int waitUntil(long until) {
    int r = arm(Deadline.earlier(limit, until)) < 0 ? nap() : waitFor(Wait.P_ALL, 0, ANY);
    int disarmed = arm(limit);
    return r < 0 ? r : disarmed;
  }

  /** The tracer is about to end. */
  void close() {
    timer.close();
  }
}
