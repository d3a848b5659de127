package org.libproc4j.internal.ptrace;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.libproc4j.internal.linux.Err;
import org.libproc4j.internal.linux.Libc;
import org.libproc4j.internal.linux.SigInfo;
import org.libproc4j.internal.linux.Wait;

/**
 * A tracer's table of tracees, and what can be asked of it. Every method runs on the tracer's
 * thread, but for {@link #reapForTracer}.
 */
public final class Engine {
  final Libc libc;
  final Mechanism mechanism;

  /** Whether this tracer always listens, so that it may ask for births to be announced. */
  final boolean listens;

  final Waits waits;
  final Requests requests;
  final Reports reports;
  final Mender mender;
  private final Collector collector;
  private final Departure departure;

  final ArrayList<TracedProcess> processes = new ArrayList<>();

  /** Concurrent for {@link #reapForTracer} alone. */
  private final Map<Tid, Tracee> byTid = new ConcurrentHashMap<>();

  /** What the tracer looks a row up by, which it does at each stop. */
  private final Tid sought = new Tid();

  /** Ends that another thread has reaped for this one. */
  private final ConcurrentLinkedQueue<ReapedEnd> reaped = new ConcurrentLinkedQueue<>();

  private record ReapedEnd(Tracee tracee, WaitStatus status) {}

  private boolean wokeCaller;

  /** How a single thread is stopped. */
  public enum Mechanism {
    INTERRUPT,
    TGKILL
  }

  /**
   * For the calling thread, which becomes the tracer.
   *
   * @param pending whether a caller wants something of it
   */
  Engine(Libc libc, Mechanism mechanism, boolean listens, BooleanSupplier pending) {
    this.libc = libc;
    this.mechanism = mechanism;
    this.listens = listens;
    this.waits = new Waits(this, pending);
    this.requests = new Requests(this);
    this.reports = new Reports(this);
    this.mender = new Mender(libc, Mender.AFTER_TWO_MILLISECONDS);
    this.collector = new Collector(this);
    this.departure = new Departure(this);
  }

  Waker waker() {
    return waits.waker();
  }

  // ---- the table

  /** A key, which unlike an {@link Integer} need not be made anew for each question. */
  private static final class Tid {
    private int number;

    Tid of(int tid) {
      number = tid;
      return this;
    }

    @Override
    public int hashCode() {
      return number;
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Tid tid && tid.number == number;
    }
  }

  @Nullable Tracee find(int tid) {
    return byTid.get(sought.of(tid));
  }

  @Nullable TracedProcess process(int pid) {
    for (TracedProcess p : processes) {
      if (p.pid() == pid) {
        return p;
      }
    }
    return null;
  }

  /** A process that is being let go, and is not yet. */
  public Optional<TracedProcess> departing(int pid) {
    return processes.stream()
        .filter(p -> p.pid() == pid && p.letGo != null && p.fate() == Fate.CONTROLLED)
        .findFirst();
  }

  Tracee add(TracedProcess p, int tid, int options) {
    Tracee t = new Tracee(p, tid);
    t.options = options;
    t.ownStop = tid == p.pid() && p.ownStopForLeader;
    byTid.put(new Tid().of(tid), t);
    p.add(t);
    return t;
  }

  /** Takes a row out of the table. */
  void remove(Tracee t) {
    unlist(t);
    t.process.count(t, false);
  }

  /** As {@link #remove}, but it goes on counting as running if it did. */
  void unlist(Tracee t) {
    if (t.heldOnSignal()) {
      waits.heldOnSignal--;
    }
    t.state(Tracee.State.GONE);
    byTid.remove(sought.of(t.tid()), t);
    t.process.remove(t);
  }

  /** A process of which nothing is left to trace. */
  void forget(TracedProcess p) {
    if (processes.remove(p)) {
      p.tasks.close();
    }
  }

  int size() {
    return byTid.size();
  }

  Tracee[] all() {
    return byTid.values().toArray(new Tracee[0]);
  }

  /** Whether there is nothing to trace, as far as we know. */
  boolean isEmpty() {
    return byTid.isEmpty() && !waits.hasMissedBirth();
  }

  // ---- operations

  /**
   * Seizes every thread of a process, until a pass over its threads finds nothing new.
   *
   * @param stop whether to direct them to stop as well
   * @return 0, or −errno with {@link TracedProcess#culprit}; then let it go
   */
  public int seize(TracedProcess p, boolean stop) {
    processes.add(p);
    if (departing(p.pid()).isPresent()) {
      p.culprit(p.pid(), libc.gettid());
      return -Err.EPERM; // some of its threads are ours yet, with the handle before
    }
    Tracee leader = find(p.pid());
    if (leader != null && leader.process.fate() != Fate.CONTROLLED) {
      // A zombie that could not be let go with a former handle, if no exec has replaced it since.
      if (new TaskFacts().isZombieLeader(p.pid())) {
        p.inherit(leader);
      } else {
        remove(leader);
      }
    }
    p.directed = stop;
    int r = collect(p);
    if (r == 0) {
      waits.gather(p);
    }
    return r;
  }

  /** Seizes a process that is about to exec for the first time, to be kept there. */
  public int seizeLaunching(TracedProcess p) {
    processes.add(p);
    p.launching = true;
    return collect(p);
  }

  int collect(TracedProcess p) {
    boolean outermost = Watchdog.watch(this);
    int r;
    p.collecting = true;
    try {
      r = collector.collect(p);
    } finally {
      p.collecting = false;
      if (outermost) {
        Watchdog.unwatch(this);
      }
    }
    takeReaped();
    return r;
  }

  /**
   * Reaps tracees that have ended, from another thread than the tracer's, which may be stuck: see
   * {@link Watchdog}.
   */
  void reapForTracer() {
    SigInfo end = new SigInfo();
    for (Tracee t : byTid.values()) {
      int r = libc.waitidNow(t.tid(), end, Waits.PEEK);
      if (r == 0 && end.pid() != 0 && end.code() != Wait.CLD_TRAPPED) {
        WaitStatus status = WaitStatus.decode(end.code(), end.status());
        if (libc.waitidNow(t.tid(), end, Waits.TAKE) == 0) {
          reaped.add(new ReapedEnd(t, status));
        }
      }
    }
  }

  /** Takes over what {@link #reapForTracer} has reaped. */
  void takeReaped() {
    for (ReapedEnd e; (e = reaped.poll()) != null; ) {
      if (e.tracee().state() != Tracee.State.GONE) {
        reports.end(e.tracee(), e.status());
      }
    }
  }

  /** Directs every thread to stop, and gathers those that do at once. */
  public void direct(TracedProcess p) {
    lookForLeader(p);
    p.directed = true;
    p.someRunAlone = false;
    if (p.incomplete) {
      reports.complete(p); // what could not be seized then may be ours to seize now
    }
    for (int i = p.tracees.size() - 1; i >= 0; i--) {
      requests.direct(p.tracees.get(i));
    }
    waits.gather(p);
  }

  /** Directs one thread to stop. */
  public void direct(Tracee t) {
    lookForLeader(t.process);
    requests.direct(t);
    waits.gather(t.process);
  }

  /**
   * A SIGSTOP by the leader's number would stop what an exec by a thread that is not ours has put
   * in its place, and nobody would take it back.
   */
  private void lookForLeader(TracedProcess p) {
    Tracee leader = mechanism == Mechanism.TGKILL ? find(p.pid()) : null;
    if (leader != null && leader.state() == Tracee.State.RUNNING) {
      waits.look(leader);
    }
  }

  /** Brings the table up to date about one process, without waiting. */
  public void refresh(TracedProcess p) {
    waits.lookAtStrays();
    if (p.stopped() && alive(p)) {
      return;
    }
    for (int i = p.tracees.size() - 1; i >= 0; i--) {
      if (i < p.tracees.size()) {
        waits.look(p.tracees.get(i));
      }
    }
    reports.suspectLeader(p);
    waits.clearSuspect();
  }

  /** Whether one thread of a stopped process still stands; all die together. */
  private boolean alive(TracedProcess p) {
    for (int i = p.tracees.size() - 1; i >= 0; i--) {
      Tracee t = p.tracees.get(i);
      if (t.tid() != p.pid() || p.tracees.size() == 1) {
        waits.look(t);
        if (t.state() == Tracee.State.LISTENING && !reports.stands(t)) {
          waits.takeNext(t); // a SIGCONT has woken it, or it is to die
        }
        if (!t.stopped()) {
          return false; // it had something to report, which has told more
        }
        reports.findKilled(p, false);
        return p.running() == 0;
      }
    }
    return false;
  }

  /** The threads of a process that have not ended. */
  public List<Tracee> live(TracedProcess p) {
    renew(p);
    return p.live();
  }

  /** A live thread of a process. */
  public Optional<Tracee> liveThread(TracedProcess p, int tid) {
    renew(p);
    return Optional.ofNullable(find(tid)).filter(t -> t.process == p && !t.gone());
  }

  /**
   * As {@link #refresh}, and makes those ours that were born unseen: a tracer that does not listen
   * is told of no birth, and nobody is told of some.
   */
  private void renew(TracedProcess p) {
    refresh(p);
    if (p.fate() == Fate.CONTROLLED && !p.stopped() && !reports.isComplete(p)) {
      collect(p);
    }
  }

  /** The threads of a process that are not stopped. */
  public List<Integer> running(TracedProcess p) {
    return p.tracees.stream().filter(t -> !t.gone() && !t.stopped()).map(Tracee::tid).toList();
  }

  /** A stopped thread's instruction and stack pointers; empty where they cannot be had. */
  public long[] registers(Tracee t) {
    return reports.registers(t);
  }

  /** Sets a process running: see the contract's {@code setRun}. */
  public int setRun(TracedProcess p, int signal, boolean clearSignal, boolean step) {
    return requests.setRun(p, signal, clearSignal, step);
  }

  /** Sets one thread running. */
  public int setRun(Tracee t, int signal, boolean clearSignal, boolean step) {
    return requests.setRun(t, signal, clearSignal, step);
  }

  /** Sends a signal to one thread, which keeps its tid as long as it is not reaped. */
  public int kill(Tracee t, int signal) {
    return t.state() == Tracee.State.GONE
        ? -Err.ESRCH
        : libc.tgkill(t.process.pid(), t.tid(), signal);
  }

  /** Replaces one of the sets that stop a process. */
  public void trace(TracedProcess p, TraceSets.Kind kind, int... members) {
    p.sets.replace(kind, members);
    requests.applySets(p);
  }

  /** Replaces the set of events that stop a process. */
  public void traceEvents(TracedProcess p, int options) {
    p.sets.events(options);
    requests.applySets(p);
  }

  /** Whether an event in one thread leaves the others running. */
  public void async(TracedProcess p, boolean on) {
    p.sets.async(on);
  }

  /** Whether stops are made invisible from now on, where that is possible. */
  public void transparent(boolean on) {
    mender.mends(on);
  }

  /**
   * Begins to let a process go; {@link TracedProcess#fate} tells when it is done.
   *
   * @return 0, or −errno if it could not be sent its signal: then it is let go as it was found
   */
  public int letGo(TracedProcess p, LetGo how) {
    return departure.letGo(p, how);
  }

  /** Lets a process go that was given up while it was being seized: {@link Control#abandon}. */
  void letGoAbandoned(TracedProcess p) {
    LetGo how = p.letGo;
    if (how != null) {
      p.letGo = null;
      departure.letGo(p, how);
    }
  }

  /** Lets every process go. */
  void letGoAll(LetGo how) {
    for (TracedProcess p : processes.toArray(new TracedProcess[0])) {
      departure.letGo(p, how);
    }
  }

  Departure departure() {
    return departure;
  }

  // ---- waits

  /** Wakes those whose wait for a process is over. */
  void wakeWaiters(TracedProcess p) {
    wokeCaller |= p.waiters.wake();
  }

  /** Whether a caller was woken since the last question: its next command is not far. */
  boolean takeWokeCaller() {
    boolean was = wokeCaller;
    wokeCaller = false;
    return was;
  }

  /** Whether a thread that was directed has yet to stop. */
  boolean awaitsStop() {
    for (int i = 0; i < processes.size(); i++) {
      TracedProcess p = processes.get(i);
      if (p.letGo != null || (p.directed && p.running() > 0)) {
        return true;
      }
    }
    return false;
  }

  /** Whether a SIGSTOP of ours may still be queued for a thread. */
  boolean hasOwnStops() {
    return byTid.values().stream().anyMatch(t -> t.ownStop && !t.gone());
  }

  /** The tracer is about to end. */
  void close() {
    waits.close();
  }
}
