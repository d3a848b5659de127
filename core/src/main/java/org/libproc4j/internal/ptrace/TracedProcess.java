package org.libproc4j.internal.ptrace;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.libproc4j.internal.linux.Libc;
import org.libproc4j.procfs.internal.TaskDir;

/**
 * One seized process. Written by its tracer alone; what other threads may read is volatile and says
 * so.
 */
public final class TracedProcess {
  private final int pid;
  final int pidfd;
  final TaskDir tasks;
  final TraceSets sets = new TraceSets();

  /** The process's tracees, in no order: removal swaps. */
  final ArrayList<Tracee> tracees = new ArrayList<>();

  /** Callers on other threads that wait for a change. */
  final Waiters waiters = new Waiters();

  /** How many threads are not stopped. Volatile for readers; the tracer alone writes it. */
  private volatile int running;

  /** How many threads there are that have not ended. Volatile likewise. */
  private volatile int live;

  private volatile Fate fate = Fate.CONTROLLED;

  /** How it ended, once {@link Fate#ENDED}, where that was reported. */
  private volatile @Nullable WaitStatus end;

  /** A directive to the whole process is in force: newcomers are to stop as well. */
  boolean directed;

  /** Though it is, a thread was set running alone. */
  boolean someRunAlone;

  /**
   * How often one of its threads was resumed with a stop signal: as far as all its threads are
   * ours, no job stop begins before that.
   */
  int jobStops;

  /** How often one of its threads has shown that a job stop was over. */
  int jobStopEnds;

  /** Its threads are being listed: if all that we know are gone, it need not be lost. */
  boolean collecting;

  /** Its leader had exited before we came, so that it could not be seized. */
  boolean leaderUnseized;

  /**
   * A SIGSTOP of ours was sent to the leader's number. Whoever has executed in the meantime has
   * that, and the signal with it.
   */
  boolean ownStopForLeader;

  /** Its leader is to stop, and stands in {@link Waits}'s list of those that may never do so. */
  boolean leaderInDoubt;

  /** How often its leader was looked at since it was directed to stop. */
  int looksAtLeader;

  /** Its leader was seized, and has exited before its other threads. */
  boolean leaderZombie;

  /**
   * It has a thread that we could not seize, or has not shown all its threads, so that it does not
   * count as stopped.
   */
  volatile boolean incomplete;

  /**
   * A thread that is executing another program, by the row in which it had its former number; the
   * report, of the leader's number, is still to come.
   */
  @Nullable Tracee executing;

  /**
   * All its threads were ours and stood at once. Before that there may be one that was being born
   * when its parent was seized: nobody announces it, and no listing shows it yet.
   */
  boolean whole;

  /** It is to be kept at its first exec: it was created for us. */
  boolean launching;

  /** Let go to be found job-stopped, it is not known whether job control still wants it so. */
  boolean stopInDoubt;

  /** Let go, it is to be found job-stopped. */
  volatile boolean leavesStopped;

  /** How it is being let go; null while it is not. */
  volatile @Nullable LetGo letGo;

  /** The thread that could not be seized, for the error message. */
  private Culprit culprit = new Culprit(0, 0);

  /**
   * A report that ptrace(2) does not describe came in, or waiting failed, or its threads could not
   * be counted; told once.
   */
  private volatile boolean oddity;

  /**
   * The thread that could not be seized.
   *
   * @param tid 0 if none could be listed
   * @param tracer who traced it then: both may have ended since; 0 for nobody
   */
  public record Culprit(int tid, int tracer) {}

  public TracedProcess(int pid, int pidfd, TaskDir tasks) {
    this.pid = pid;
    this.pidfd = pidfd;
    this.tasks = tasks;
  }

  public int pid() {
    return pid;
  }

  public Fate fate() {
    return fate;
  }

  void fate(Fate next) {
    fate = next;
  }

  /**
   * Whether every thread is stopped and we know why. Without a thread it is not stopped but ending,
   * or lost: that is about to be found out.
   */
  public boolean stopped() {
    return running == 0 && live > 0 && fate == Fate.CONTROLLED && !incomplete;
  }

  /** Whether job control is to hold it after it was let go. */
  public boolean leavesStopped() {
    return leavesStopped;
  }

  public boolean async() {
    return sets.async();
  }

  /** The exit code, or 128 + signal; −1 where unknown. */
  public int exitStatus() {
    return switch (end) {
      case WaitStatus.Exited e -> e.code();
      case WaitStatus.Killed k -> 128 + k.signal();
      case null, default -> -1;
    };
  }

  /** The signal that ended it; 0 for none, or where unknown. */
  public int endedBy() {
    return end instanceof WaitStatus.Killed k ? k.signal() : 0;
  }

  void ended(@Nullable WaitStatus status) {
    end = status;
    fate = Fate.ENDED;
  }

  /** For a process that no tracer has any more: finds out by its pidfd whether it has ended. */
  public void lookForEnd(Libc libc) {
    if (libc.hasEnded(pidfd)) {
      ended(null);
    }
  }

  public Culprit culprit() {
    return culprit;
  }

  void culprit(int tid, int tracer) {
    culprit = new Culprit(tid, tracer);
  }

  void odd() {
    oddity = true;
  }

  /** Whether somebody waits for it to stop, or has directed it to and not yet waited. */
  boolean isAwaited() {
    return (directed && running > 0)
        || !waiters.isEmpty()
        || tracees.stream().anyMatch(t -> t.directed);
  }

  /**
   * Whether a thread that was not ours may have called exec without a loss that matters: it was
   * missed by the grab, and nobody asked for anything that it could have done meanwhile.
   */
  boolean mayBeSeizedAnew() {
    return !whole && sets.areEmpty();
  }

  boolean isOdd() {
    return oddity;
  }

  /** Whether something undocumented happened since the last question. */
  public boolean takeOddity() {
    boolean was = oddity;
    if (was) {
      oddity = false;
    }
    return was;
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
  void count(Tracee tracee, boolean runs) {
    if (tracee.counted != runs) {
      tracee.counted = runs;
      running += runs ? 1 : -1;
    }
  }

  int running() {
    return running;
  }

  void add(Tracee tracee) {
    tracee.index = tracees.size();
    tracees.add(tracee);
    count(tracee, true); // first: at no moment is a process with a running thread stopped
    alive(tracee, true);
  }

  /** Its leader is a zombie that a former handle has left. */
  void inherit(Tracee leader) {
    leader.process = this;
    leader.counted = false; // as it was for that handle does not matter
    leader.live = false;
    add(leader);
    zombie(leader);
    count(leader, false);
  }

  /** Its leader has exited before its other threads, and keeps its row until they have. */
  void zombie(Tracee leader) {
    leaderZombie = true;
    alive(leader, false);
  }

  /** In its leader's place there is one that has executed, and runs. */
  void revive(Tracee leader) {
    leaderZombie = false;
    leader.ending = false;
    count(leader, true); // first: at no moment does the process look stopped
    alive(leader, true);
    leader.state(Tracee.State.RUNNING);
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
  private void alive(Tracee tracee, boolean lives) {
    if (tracee.live != lives) {
      tracee.live = lives;
      live += lives ? 1 : -1;
    }
  }

  /** Takes a row out; it goes on counting as it did. */
  void remove(Tracee tracee) {
    if (tracee.index >= tracees.size() || tracees.get(tracee.index) != tracee) {
      return;
    }
    Tracee last = tracees.removeLast();
    if (last != tracee) {
      tracees.set(tracee.index, last);
      last.index = tracee.index;
    }
    alive(tracee, false);
  }

  /** Its tracees that have not ended, for callers on the tracer's thread. */
  public List<Tracee> live() {
    return tracees.stream().filter(t -> !t.gone()).toList();
  }

  /**
   * A running thread if there is one, else one that is stopped on an event, else any; null when
   * none is left.
   */
  public @Nullable Tracee representative() {
    Tracee best = null;
    for (int i = 0; i < tracees.size(); i++) { // an iterator would be garbage in a hot loop
      Tracee t = tracees.get(i);
      if (t.gone()) {
        continue;
      }
      if (!t.stopped()) {
        return t;
      }
      boolean onEvent = t.cause() != Cause.REQUESTED && t.cause() != Cause.JOBCONTROL;
      boolean bestOnEvent =
          best != null && best.cause() != Cause.REQUESTED && best.cause() != Cause.JOBCONTROL;
      if (best == null
          || (onEvent && !bestOnEvent)
          || (onEvent == bestOnEvent && t.tid() < best.tid())) {
        best = t;
      }
    }
    return best;
  }
}
