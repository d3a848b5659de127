package org.libproc4j.internal.ptrace;

import org.libproc4j.internal.linux.Libc;
import org.libproc4j.internal.linux.PendingSignals;
import org.libproc4j.internal.linux.Ptrace;
import org.libproc4j.internal.linux.Signal;

/**
 * The one way out: release, a failed grab, a tracer's end. It leaves no tracee, no directive, and
 * job control as it was.
 *
 * <p>DETACH needs a ptrace-stop, so a running thread is interrupted first and detached when it
 * stops, however late that is.
 */
final class Departure {
  private final Engine engine;
  private final Libc libc;
  private final TaskFacts facts = new TaskFacts();
  private final PendingSignals pending = new PendingSignals();

  Departure(Engine engine) {
    this.engine = engine;
    this.libc = engine.libc;
  }

  /** 0, or −errno if it could not be sent its signal: then it is let go as it was found. */
  int letGo(TracedProcess p, LetGo wish) {
    if (p.fate() != Fate.CONTROLLED || p.letGo != null) {
      return 0;
    }
    boolean jobStopped = isJobStopped(p);
    int r =
        switch (wish) {
          case KILL -> libc.pidfdSendSignal(p.pidfd, Signal.SIGKILL);
          // Before the first DETACH: then no user code runs between.
          case HANG ->
              jobStopped && !p.leaderUnseized && !isStopPending(p)
                  ? 0
                  : libc.pidfdSendSignal(p.pidfd, Signal.SIGSTOP);
          case RUN, LOSE -> 0;
        };
    boolean refused = r < 0 && !facts.hasEnded(libc, p);
    LetGo how = refused ? LetGo.RUN : wish;
    p.stopInDoubt = how == LetGo.HANG && jobStopped && isOwnStopPending(p);
    p.leavesStopped = how == LetGo.HANG || (how == LetGo.RUN && jobStopped);
    p.letGo = how;
    p.directed = false;
    for (Tracee t : p.tracees.toArray(new Tracee[0])) {
      t.stepping = false;
      switch (t.state()) {
        case STOPPED -> {
          if (how == LetGo.KILL) {
            engine.requests.resume(t, 0); // it may come to another stop, at its exit
          } else {
            detach(t);
          }
        }
        case RUNNING, LISTENING -> {
          t.directed = true;
          engine.waits.doubtLeader(t);
          engine.requests.interrupt(t);
        }
        case ZOMBIE, GONE -> {}
      }
    }
    checkDone(p);
    engine.waits.gather(p);
    return refused ? r : 0;
  }

  /**
   * Whether job control would have it stopped. A SIGCONT to threads that we hold ends their job
   * stop without a report, but then it is pending, whatever the target does with it, until a thread
   * reports that it has got it. Where the leader was a zombie before we came, though, the kernel
   * keeps no signal that the target ignores.
   */
  private boolean isJobStopped(TracedProcess p) {
    return p.tracees.stream().allMatch(t -> t.gone() || t.isInJobStop())
        && p.tracees.stream().noneMatch(t -> facts.isPending(p.pid(), t.tid(), Signal.SIGCONT));
  }

  /**
   * Whether somebody's stop signal is pending, which may have discarded a SIGCONT that ended the
   * job stop.
   */
  private boolean isStopPending(TracedProcess p) {
    return p.tracees.stream()
        .anyMatch(t -> facts.isStopPending(p.pid(), t.tid(), t.ownStop ? Signal.SIGSTOP : 0));
  }

  /** Whether a SIGSTOP of ours is, which may have done so too. */
  private boolean isOwnStopPending(TracedProcess p) {
    return p.tracees.stream().anyMatch(engine.requests::ownStopIsQueued);
  }

  /**
   * Of a process that is to be found job-stopped, where it is in doubt whether its job stop is
   * over: has the first thread report that anew, and sends the SIGSTOP that is missing if it is.
   *
   * @return false if the thread is still to report it
   */
  private boolean clearDoubt(Tracee t) {
    TracedProcess p = t.process;
    boolean inJobStop = t.stop instanceof WaitStatus.GroupStop;
    if (inJobStop && !t.jobStopIsSure) {
      t.jobStopIsSure = true;
      engine.requests.renewJobStop(t);
      return false;
    }
    if (!inJobStop) {
      int _ = libc.pidfdSendSignal(p.pidfd, Signal.SIGSTOP); // refused only if it has ended
    }
    p.stopInDoubt = false;
    return true;
  }

  /**
   * Detaches a thread from the stop that it is in. A signal that it was about to receive goes with
   * it; SIGSTOPs of ours and the trap of a step that are still queued are let through first, and
   * swallowed.
   */
  void detach(Tracee t) {
    TracedProcess p = t.process;
    if (p.stopInDoubt && !clearDoubt(t)) {
      return;
    }
    int signal = t.stop instanceof WaitStatus.SignalDeliveryStop s && !t.consumed ? s.signal() : 0;
    if (isOurs(t, signal)) {
      signal = 0;
    }
    boolean ownStopIsQueued = engine.requests.ownStopIsQueued(t);
    if (engine.requests.stepTrapIsQueued(t) || (ownStopIsQueued && mayPassQueue(t))) {
      engine.requests.resume(t, signal);
      return;
    }
    if (ownStopIsQueued && !t.jobStopIsSure) {
      t.jobStopIsSure = true;
      engine.requests.renewJobStop(t);
      return;
    }
    if (t.stop instanceof WaitStatus.SyscallStop && engine.mender.isAboutToBeInterrupted(t.tid())) {
      engine.requests.interrupt(t);
      engine.requests.resume(t, 0); // to a stop where that can be mended
      return;
    }
    engine.mender.goesOn(p.pid(), t.tid(), signal, true, t.call);
    if (libc.insist(Ptrace.DETACH, t.tid(), 0, signal) < 0) {
      return; // killed in its stop: its end will be reported
    }
    engine.remove(t);
    checkDone(p);
  }

  /** Whether a signal that a thread is about to receive is there because of us. */
  private boolean isOurs(Tracee t, int signal) {
    if (engine.reports.isStepTrap(t, signal)) {
      t.stepTrap = false;
      return true;
    }
    return t.ownStop && signal == Signal.SIGSTOP && engine.reports.isOwnStop(t);
  }

  /**
   * Whether queued signals may come through. Job control keeps them back from a thread that it has
   * stopped; then the SIGSTOP may stay, if it is not alone: the SIGCONT that ends the stop discards
   * it. If that has come before the SIGSTOP, the thread's next stop says so.
   */
  private boolean mayPassQueue(Tracee t) {
    return !(t.stop instanceof WaitStatus.GroupStop)
        || pending.containsOnly(libc, t.tid(), Signal.SIGSTOP);
  }

  /**
   * Done when nothing is left. A zombie leader cannot be detached: unless its process has ended, or
   * is about to, its row stays until it is reported, but nobody waits for that.
   */
  void checkDone(TracedProcess p) {
    Tracee last = p.tracees.size() == 1 ? p.tracees.getFirst() : null;
    if (last != null
        && last.state() == Tracee.State.ZOMBIE
        && p.letGo != LetGo.KILL
        && !facts.hasEnded(libc, p)
        && facts.livesOn(p)) {
      p.remove(last);
    }
    if (p.tracees.isEmpty()) {
      done(p);
    } else {
      engine.reports.suspectLeader(p);
    }
  }

  void done(TracedProcess p) {
    LetGo how = p.letGo;
    if (p.fate() == Fate.CONTROLLED) {
      p.fate(how == LetGo.LOSE ? Fate.LOST : Fate.RELEASED);
    }
    engine.forget(p);
    engine.wakeWaiters(p);
    reapZombieLeader(p);
  }

  /**
   * The end of a process whose zombie leader is still traced is told to its tracer, before its
   * parent; where nobody listens, another thread of ours takes note of it.
   */
  private void reapZombieLeader(TracedProcess p) {
    Tracee leader = engine.listens ? null : engine.find(p.pid());
    if (leader != null && leader.process == p && leader.state() == Tracee.State.ZOMBIE) {
      int pidfd = libc.pidfdOpen(p.pid());
      if (pidfd >= 0) { // else our next wait does, or the end of our thread
        Reaper.reapWhenEnded(libc, p.pid(), pidfd, () -> {});
      }
    }
  }
}
