package org.libproc4j.internal.ptrace;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.libproc4j.internal.linux.Err;
import org.libproc4j.internal.linux.Execve;
import org.libproc4j.internal.linux.Libc;
import org.libproc4j.internal.linux.Ptrace;
import org.libproc4j.internal.linux.Wait;

/** Seizes every thread of a process: a scan misses threads being born, so it is repeated. */
final class Collector {
  private static final int ATTEMPTS = 20;
  private static final int SLOW_ATTEMPTS = 20;
  private static final long PAUSE_NANOS = 5_000_000;
  private static final int SEIZED = 1;
  private static final int DEAD = 2;

  private final Engine engine;
  private final Libc libc;
  private final TaskFacts facts = new TaskFacts();

  /** Threads in the last listing. */
  private int listed;

  Collector(Engine engine) {
    this.engine = engine;
    this.libc = engine.libc;
  }

  /**
   * 0 when a pass over all threads has found none that is not ours; −errno with the process's
   * culprit.
   */
  int collect(TracedProcess p) {
    // During another thread's exec a listing can be empty although the process lives.
    for (int attempt = 0; attempt < ATTEMPTS + SLOW_ATTEMPTS; attempt++) {
      int r = collectToFixedPoint(p);
      if (r != 0 || !p.tracees.isEmpty()) {
        return r;
      }
      if (facts.hasEnded(libc, p)) {
        break;
      }
      if (attempt >= ATTEMPTS) { // all are dead, as far as we see
        if (isAnyTraced(p)) {
          return -Err.EPERM;
        }
        libc.poll(p.pidfd, Wait.POLLIN, PAUSE_NANOS);
      }
    }
    return isAnyTraced(p) ? -Err.EPERM : -Err.ESRCH;
  }

  /** Whether it was killed under another tracer, which has yet to take note of that. */
  private boolean isAnyTraced(TracedProcess p) {
    boolean[] found = {false};
    p.tasks.list(
        tid -> {
          int tracer = facts.tracer(tid);
          if (tracer != 0) {
            p.culprit(tid, tracer);
            found[0] = true;
          }
        });
    return found[0];
  }

  private int collectToFixedPoint(TracedProcess p) {
    ArrayList<Integer> found = new ArrayList<>();
    Set<Integer> dead = new HashSet<>();
    int retries = ATTEMPTS;
    boolean progress;
    do {
      progress = false;
      found.clear();
      listed = 0;
      engine.reports.checkZombieLeader(p);
      int r =
          p.tasks.list(
              tid -> {
                listed++;
                if (engine.find(tid) == null && !(p.leaderUnseized && tid == p.pid())) {
                  found.add(tid);
                }
              });
      if (r < 0) {
        p.culprit(0, 0);
        return r == -Err.ENOENT ? -Err.ESRCH : r; // it has ended, and was reaped
      }
      if (!found.isEmpty() && libc.pidfdSendSignal(p.pidfd, 0) == -Err.ESRCH) {
        return -Err.ESRCH; // as late as can be: SEIZE takes a number, whoever has it by then
      }
      if (!found.isEmpty() && p.sets.event(Ptrace.EVENT_EXIT)) {
        if (isHeldUp(p, found)) {
          return -Err.EBUSY;
        }
        passExits(p);
      }
      for (int tid : found) {
        r = seize(p, tid);
        if (r < 0) {
          return r;
        }
        progress |= r == SEIZED || (r == DEAD && dead.add(tid));
      }
      // A listing ends where it meets a thread that has just gone. One that was missed may call
      // exec, which leaves none of those that are ours.
    } while (progress
        || (listed < p.tasks.count() && retries-- > 0)
        || (lostItsLeader(p) && retries-- > 0));
    return 0;
  }

  /**
   * Whether one of these threads executes another program, and waits for those to end that stand at
   * their exits until we let them go on. To seize it would be to wait for it, for ever; and it
   * executes nothing of its own before.
   */
  private boolean isHeldUp(TracedProcess p, List<Integer> tids) {
    return p.tracees.stream().anyMatch(Tracee::standsAtExit)
        && tids.stream().anyMatch(tid -> Execve.is(facts.syscall(p.pid(), tid)));
  }

  /**
   * Has those that stand die without a stop at their exits, which nobody would take note of while
   * we wait for one that executes: it can begin to at any moment. When they go on, their exits are
   * events again.
   */
  private void passExits(TracedProcess p) {
    for (Tracee t : p.tracees) {
      boolean known = t.options != Tracee.UNKNOWN_OPTIONS;
      int options = (known ? t.options : engine.requests.options(p)) & ~Ptrace.O_TRACEEXIT;
      if (t.state() == Tracee.State.STOPPED
          && t.options != options
          && libc.insist(Ptrace.SETOPTIONS, t.tid(), 0, options) == 0) {
        t.options = options;
      }
    }
  }

  /**
   * Whether the leader that we had was replaced by a thread that called exec unseized, of a process
   * that was never wholly ours. Of one that was, that is a loss to be told.
   */
  private boolean lostItsLeader(TracedProcess p) {
    Tracee leader = engine.find(p.pid());
    return p.mayBeSeizedAnew()
        && leader != null
        && leader.state() == Tracee.State.RUNNING
        && engine.waits.look(leader)
        && leader.state() == Tracee.State.GONE
        && p.fate() == Fate.CONTROLLED;
  }

  /**
   * {@link #SEIZED} for a new tracee; {@link #DEAD} for a thread that has ended, and that may have
   * started another before that; 0 for a leader that has; or −errno.
   */
  private int seize(TracedProcess p, int tid) {
    int options = engine.requests.options(p) & ~Ptrace.O_TRACEEXIT; // that is set when it goes on
    int r = 0;
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      r = (int) libc.ptrace(Ptrace.SEIZE, tid, 0, options);
      if (r >= 0) {
        return seized(p, tid, options);
      }
      if (r == -Err.EPERM && facts.tracer(tid) == libc.gettid()) {
        // It has been from its birth, and was not reported yet.
        engine.reports.adopt(p, tid, Tracee.UNKNOWN_OPTIONS);
        return SEIZED;
      }
      if (r == -Err.ESRCH || (r == -Err.EPERM && isNone(p, tid))) {
        return tid == p.pid() ? 0 : DEAD;
      }
      p.culprit(tid, facts.tracer(tid));
      if (r != -Err.EPERM || p.culprit().tracer() != 0) {
        break;
      }
      // EPERM for a thread that lives: either for good, or an exec has just put it in the place of
      // the dead one that we asked for.
    }
    return r;
  }

  private int seized(TracedProcess p, int tid, int options) {
    Tracee t = engine.add(p, tid, options);
    if (isAnother(p, tid)) {
      int us = libc.gettid();
      if (facts.tracer(p.pid()) == us) {
        t = soleSurvivor(p, options);
      } else if (facts.tracer(tid) != us && !facts.hasEnded(libc, p)) {
        engine.remove(t); // it has executed, and so has a thread of its successor
        return DEAD;
      } else {
        // It ended before we came, and its number is another's by now: that one is let go,
        // unstopped, by the departure of a failed grab.
        p.culprit(tid, 0);
        return -Err.ESRCH;
      }
    }
    if (p.directed) {
      engine.requests.direct(t);
    }
    return SEIZED;
  }

  /** Whether what we have seized is not the thread that we meant, which has ended. */
  private boolean isAnother(TracedProcess p, int tid) {
    if (tid == p.pid()) {
      return libc.pidfdSendSignal(p.pidfd, 0) == -Err.ESRCH && facts.hasEnded(libc, p);
    }
    return libc.tgkill(p.pid(), tid, 0) == -Err.ESRCH
        && (facts.threadGroup(tid) != p.pid() || facts.hasEnded(libc, p));
  }

  /** While we waited to seize it, the thread has called exec: it alone is left, as the leader. */
  private Tracee soleSurvivor(TracedProcess p, int options) {
    Tracee[] dead = p.tracees.toArray(new Tracee[0]);
    Tracee survivor = engine.add(p, p.pid(), options);
    for (Tracee t : dead) {
      engine.remove(t);
    }
    engine.wakeWaiters(p);
    p.leaderUnseized = false;
    p.leaderZombie = false;
    return survivor;
  }

  /** Whether a thread that we may not seize is dying, or a zombie leader. */
  private boolean isNone(TracedProcess p, int tid) {
    if (!facts.isOver(p.pid(), tid)) {
      return false;
    }
    if (tid == p.pid()) {
      p.leaderUnseized = true;
    }
    return true;
  }
}
