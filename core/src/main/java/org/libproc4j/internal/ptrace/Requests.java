package org.libproc4j.internal.ptrace;

import org.libproc4j.internal.linux.Err;
import org.libproc4j.internal.linux.Libc;
import org.libproc4j.internal.linux.PendingSignals;
import org.libproc4j.internal.linux.Ptrace;
import org.libproc4j.internal.linux.Signal;

/** What we ask of tracees: to stop, to run, to report other things than before. */
final class Requests {
  private static final int ALWAYS = Ptrace.O_TRACEEXEC | Ptrace.O_TRACESYSGOOD;

  private final Engine engine;
  private final Libc libc;
  private final PendingSignals pending = new PendingSignals();
  private final TaskFacts facts = new TaskFacts();

  Requests(Engine engine) {
    this.engine = engine;
    this.libc = engine.libc;
  }

  /**
   * The options that a tracee of this process is to have. Births are asked for only by a tracer
   * that always listens: under another, a target that starts a thread would stand still.
   */
  int options(TracedProcess p) {
    return ALWAYS | (engine.listens ? Ptrace.O_TRACECLONE : 0) | p.sets.eventOptions();
  }

  /** Sends a directive to a thread that has none; it is met by the thread's next stop. */
  void direct(Tracee t) {
    switch (t.state()) {
      case RUNNING -> {
        if (!t.directed) {
          t.directed = true;
          engine.waits.doubtLeader(t);
          if (engine.mechanism == Engine.Mechanism.TGKILL
              && !mayBeReplaced(t)
              && libc.tgkill(t.process.pid(), t.tid(), Signal.SIGSTOP) == 0) {
            t.ownStop = true;
            t.process.ownStopForLeader |= t.tid() == t.process.pid();
          } else {
            interrupt(t);
          }
        }
      }
      case LISTENING -> {
        // Only INTERRUPT reaches a listening thread; a SIGSTOP would merely wait for its SIGCONT.
        if (!t.directed) {
          t.directed = true;
          engine.waits.doubtLeader(t);
          interrupt(t);
        }
      }
      case STOPPED, ZOMBIE, GONE -> {}
    }
  }

  /**
   * Whether there are threads that are not ours, one of which an exec may put in this one's place
   * at any moment: nobody would take back the SIGSTOP that it is hit by then.
   */
  private static boolean mayBeReplaced(Tracee t) {
    TracedProcess p = t.process;
    return t.tid() == p.pid() && p.tasks.count() != p.tracees.size();
  }

  /** ESRCH means that the thread is dying: its end will be reported. */
  void interrupt(Tracee t) {
    t.interrupted = true;
    long _ = libc.insist(Ptrace.INTERRUPT, t.tid(), 0, 0);
  }

  /**
   * A signal for the process may have been this thread's to take, before it was held: the kernel
   * does not choose another. The next that passes the kernel's way to its signals takes it, unless
   * it cannot move: so all pass there that do not block it.
   */
  void passProcessSignals(Tracee t) {
    TracedProcess p = t.process;
    if ((p.directed && !p.someRunAlone) || !pending.isAnyForProcess(libc, t.tid())) {
      return;
    }
    boolean nudged = false;
    for (int i = 0; i < p.tracees.size(); i++) {
      Tracee other = p.tracees.get(i);
      if (other.state() == Tracee.State.RUNNING
          && !other.directed
          && facts.couldTake(p.pid(), other.tid())) {
        other.nudged = true;
        interrupt(other);
        nudged = true;
      }
    }
    if (nudged && !engine.listens) {
      engine.waits.settle(p);
    }
  }

  int setRun(TracedProcess p, int signal, boolean clearSignal, boolean step) {
    Tracee representative = p.representative();
    if (representative == null || !(p.directed || p.stopped() || anyHeld(p))) {
      return -Err.EBUSY;
    }
    if (step) {
      return setRun(representative, signal, clearSignal, true);
    }
    int r = sendIfNotCarried(representative, signal);
    if (r < 0) {
      return r;
    }
    p.directed = false;
    p.someRunAlone = false;
    boolean nudged = false;
    for (int i = p.tracees.size() - 1; i >= 0; i--) {
      Tracee t = p.tracees.get(i);
      if (t == representative) {
        run(t, signal, clearSignal, false);
      } else {
        run(t, 0, false, false);
      }
      nudged |= t.nudged;
    }
    if (nudged) {
      engine.waits.settle(p);
    }
    return 0;
  }

  private static boolean anyHeld(TracedProcess p) {
    for (int i = 0; i < p.tracees.size(); i++) {
      Tracee t = p.tracees.get(i);
      if (t.directed || t.state() == Tracee.State.STOPPED) {
        return true;
      }
    }
    return false;
  }

  int setRun(Tracee t, int signal, boolean clearSignal, boolean step) {
    if (!t.directed && !t.stopped()) {
      return -Err.EBUSY;
    }
    int r = sendIfNotCarried(t, signal);
    if (r < 0) {
      return r;
    }
    t.process.someRunAlone |= t.process.directed;
    run(t, signal, clearSignal, step);
    if (t.nudged) {
      engine.waits.settle(t.process);
    }
    return 0;
  }

  /** A signal counts with a resume only in a signal-delivery-stop; elsewhere it has to be sent. */
  private int sendIfNotCarried(Tracee t, int signal) {
    return signal != 0 && !t.heldOnSignal() ? libc.tgkill(t.process.pid(), t.tid(), signal) : 0;
  }

  /**
   * Withdraws its directive or its step, of which the kernel may still deliver what was sent, and
   * resumes.
   */
  private void run(Tracee t, int signal, boolean clearSignal, boolean step) {
    if (t.stepping && t.state() == Tracee.State.RUNNING && !t.directed) {
      t.nudged = true;
      interrupt(t); // it goes on stepping until it stops
    }
    t.nudged |= t.directed && t.state() != Tracee.State.STOPPED;
    t.directed = false;
    t.stepping = step && t.state() == Tracee.State.STOPPED;
    if (t.state() == Tracee.State.STOPPED) {
      if (!engine.listens) {
        t.nudged |= ownStopIsQueued(t) || stepTrapIsQueued(t) || makeTrapFollow(t);
      }
      boolean jobStopped = t.stop instanceof WaitStatus.GroupStop;
      int carried = t.currentSignal();
      if (carried != 0) {
        carried = signal != 0 ? signal : clearSignal ? 0 : carried;
      }
      resume(t, carried);
      giveBack(t, jobStopped);
    } else {
      giveBack(t, t.state() == Tracee.State.LISTENING);
    }
  }

  /** Makes sure that a trap comes which may, so that it can be waited for. */
  boolean makeTrapFollow(Tracee t) {
    if (t.interrupted) {
      interrupt(t);
    }
    return t.interrupted;
  }

  /** Whether a stopped thread's SIGSTOP of ours is still to come. */
  boolean ownStopIsQueued(Tracee t) {
    return t.ownStop && pending.contains(libc, t.tid(), Signal.SIGSTOP) == 1;
  }

  /** Whether the trap that ends a stopped thread's step is still to come. */
  boolean stepTrapIsQueued(Tracee t) {
    return t.stepTrap && pending.contains(libc, t.tid(), Signal.SIGTRAP) == 1;
  }

  /** A job-stopped thread that was set running reads RUN, and moves when SIGCONT says so. */
  private static void giveBack(Tracee t, boolean jobStopped) {
    if (jobStopped && t.state() == Tracee.State.LISTENING) {
      t.leaveToJobControl();
    }
  }

  /**
   * Resumes a thread from any ptrace-stop: the one place that decides how.
   *
   * <p>A group-stop is left to job control with LISTEN; the kernel itself makes the thread trap
   * again if a SIGCONT came meanwhile. (On its way out, it is only passing its queue.) From every
   * other stop it runs, to the next system call if one is traced, or for one instruction. If job
   * control wants it stopped, it will say so at once.
   */
  void resume(Tracee t, int signal) {
    TracedProcess p = t.process;
    int options = options(p);
    if (t.options != options && libc.insist(Ptrace.SETOPTIONS, t.tid(), 0, options) == 0) {
      t.options = options;
    }
    if (t.heldOnSignal()) {
      engine.waits.heldOnSignal--;
    }
    if (t.stop instanceof WaitStatus.GroupStop && p.letGo == null) {
      t.state(Tracee.State.LISTENING); // counted as it was: the caller knows whose stop this is
      long _ = libc.insist(Ptrace.LISTEN, t.tid(), 0, 0);
      return;
    }
    int request = Ptrace.CONT;
    if (t.stepping) {
      request = Ptrace.SINGLESTEP;
      t.stepTrap = true;
    } else if (p.sets.syscalls() && p.letGo == null) {
      request = Ptrace.SYSCALL;
    }
    engine.mender.goesOn(p.pid(), t.tid(), signal, false, t.call);
    t.toSyscall = request == Ptrace.SYSCALL;
    if (!t.toSyscall) {
      t.syscall = -1; // its exit will not be seen
    }
    if (Signal.stops(signal)) {
      p.jobStops++;
    }
    t.state(Tracee.State.RUNNING);
    if (t.stop != null && t.stop.isExit()) {
      t.ending = true;
      engine.waits.doubtLeader(t);
    }
    t.yielded = false; // behind the state: at no moment does it look stopped
    p.count(t, true);
    // ESRCH: killed in its stop. It counts as running until its end is reported.
    long _ = libc.insist(request, t.tid(), 0, signal);
  }

  /** Has a thread in a group-stop report anew, which tells whether job control wants it still. */
  void renewJobStop(Tracee t) {
    t.state(Tracee.State.LISTENING); // counted as it was
    long _ = libc.insist(Ptrace.LISTEN, t.tid(), 0, 0);
    interrupt(t); // behind it: what does not listen yet would not wake
  }

  /** Makes running threads trap once, so that they get the options and the kind of resume. */
  void applySets(TracedProcess p) {
    int options = options(p);
    for (int i = p.tracees.size() - 1; i >= 0; i--) {
      Tracee t = p.tracees.get(i);
      if (t.state() == Tracee.State.RUNNING
          && !t.directed
          && (t.options != options || t.toSyscall != p.sets.syscalls())) {
        t.nudged = true;
        interrupt(t);
      }
    }
    engine.waits.settle(p);
  }
}
