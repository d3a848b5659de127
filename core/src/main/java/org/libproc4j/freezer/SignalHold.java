package org.libproc4j.freezer;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;
import org.libproc4j.internal.linux.Err;
import org.libproc4j.internal.linux.FailedCallException;
import org.libproc4j.internal.linux.Libc;
import org.libproc4j.internal.linux.Signal;
import org.libproc4j.procfs.ProcessId;
import org.libproc4j.procfs.internal.ProcDir;
import org.libproc4j.procfs.internal.StatLine;

/**
 * Holds by SIGSTOP, in the order of the passes: parents before children, so that no parent sees its
 * child stop. SIGCONT goes out in reverse.
 *
 * <p>Before a process is stopped, the safeguard knows it.
 */
final class SignalHold implements Hold {
  private static final int BATCH = 256;

  /** How often one is looked at that is there and cannot be seen. */
  private static final int LOOKS = 20;

  /** States from which a process with a single thread comes to its stop at once. */
  private static final String SWIFT = "RST";

  private static final long FIRST_NAP_NANOS = 50_000;
  private static final long LONGEST_NAP_NANOS = 3_200_000;

  private final Libc libc;
  private final Crew crew;
  private final ProcDir proc;
  private final Examiner examiner;
  private final IntPredicate held;
  private final Safeguard safeguard;

  /** In the order in which they were stopped. */
  private final Map<Integer, Target> targets = new LinkedHashMap<>();

  private @Nullable Pass pass;
  private final List<Target> pending = new ArrayList<>();
  private final StatLine stat = new StatLine();

  /** Parents that were to be taken before a child in this pass, if they are to be taken at all. */
  private final Set<Integer> parentsAskedFor = new HashSet<>();

  /** Who was stopped and has not been seen to stand still: to be waited for one by one. */
  private final Set<Integer> unsettled = new LinkedHashSet<>();

  /** Likewise, but will be seen by the next pass, which looks at all. */
  private final Set<Integer> swift = new HashSet<>();

  /** Who was stopped last, and not waited for yet; 0 for nobody. */
  private int last;

  /** A process; ours if it is we who stop it, swift if that takes no time. */
  private record Target(ProcessId process, boolean ours, boolean swift) {
    int pid() {
      return process.pid();
    }
  }

  /**
   * For the calling thread alone.
   *
   * @param held whether a process stands still already, by whatever means
   */
  SignalHold(Libc libc, Crew crew, Examiner examiner, IntPredicate held, Safeguard safeguard) {
    this.libc = libc;
    this.crew = crew;
    proc = crew.proc();
    this.examiner = examiner;
    this.held = held;
    this.safeguard = safeguard;
  }

  @Override
  public Backend backend() {
    return Backend.SIGNAL;
  }

  // ---- taking

  @Override
  public void begin(Pass next) {
    pass = next;
    parentsAskedFor.clear();
    if (next.states() != null) {
      swift.removeIf(pid -> next.isStoppedAlone(pid) || next.startTime(pid) < 0);
    }
  }

  @Override
  public Verdict take(int pid, Pass pass) throws Setback {
    if (proc.stat(pid, stat) < 0) {
      return Verdict.GONE;
    }
    if (stat.isKernelThread()) {
      return new Verdict.Spared("a kernel thread");
    }
    if (stat.state() == 'Z' && stat.threads() <= 1) {
      return new Verdict.Spared("it has ended");
    }
    if (stat.ppid() > pid && parentsAskedFor.add(stat.ppid())) {
      return new Verdict.After(stat.ppid()); // process ids have begun anew between the two
    }
    int r = libc.kill(pid, 0);
    if (r < 0) {
      return r == -Err.ESRCH
          ? Verdict.GONE
          : new Verdict.Refused(pid, "no permission to signal it" + examiner.userOf(pid, pid));
    }
    pending.add(target(pid));
    if (pass.urgent() || pending.size() == BATCH) {
      direct();
    }
    return Verdict.TAKEN;
  }

  private Target target(int pid) {
    char state = stat.state();
    Target known = targets.get(pid);
    boolean stopped = state == 'T' || (state == 't' && held.test(examiner.tracer(pid, pid)));
    boolean swift = known == null && stat.threads() == 1 && SWIFT.indexOf(state) >= 0;
    // A number that we have stopped before stands still no more by a thread that has not, or is
    // another process's, which was born with it after we had looked at the former, and got the
    // signal.
    boolean ours = !stopped || (known != null && known.ours());
    return new Target(new ProcessId(pid, stat.startTime()), ours, swift);
  }

  /** Stops what was taken. */
  private void direct() throws Setback {
    List<ProcessId> ours = pending.stream().filter(Target::ours).map(Target::process).toList();
    if (!ours.isEmpty()) {
      safeguard.learnProcesses(ours);
    }
    for (Target target : pending) {
      int pid = target.pid();
      targets.remove(pid); // it may be another by now, or have been set running
      targets.put(pid, target);
      swift.remove(pid);
      (target.swift() ? swift : unsettled).add(pid);
      last = pid;
      if (target.ours()) {
        libc.kill(pid, Signal.SIGSTOP); // whether that has worked is looked at
      }
    }
    pending.clear();
  }

  // ---- standing still

  @Override
  public boolean standsStill(int pid, Pass pass) {
    if (pass.states() == null) {
      return isTaken(pid); // as a parent, before it was its turn
    }
    Target target = targets.get(pid);
    return target != null
        && pass.startTime(pid) == target.process().startTime()
        && (pass.isStoppedAlone(pid) || (!swift.contains(pid) && isStill(pid, true)));
  }

  private boolean isTaken(int pid) {
    return targets.containsKey(pid) || pending.stream().anyMatch(target -> target.pid() == pid);
  }

  /**
   * Whether all threads of a process stand still, and we know all of them.
   *
   * @param thorough whether to find out about those that are not stopped, which takes its time
   */
  private boolean isStill(int pid, boolean thorough) {
    int count = proc.threadCount(pid);
    if (count < 0) {
      return true; // it has ended
    }
    if (count == 1) {
      return isStill(pid, pid, thorough);
    }
    int[] listed = {0};
    boolean[] still = {true};
    proc.threads(
        pid,
        tid -> {
          listed[0]++;
          still[0] = still[0] && isStill(pid, tid, thorough);
        });
    return still[0] && listed[0] == count && proc.threadCount(pid) == count;
  }

  private boolean isStill(int pid, int tid, boolean thorough) {
    int state = proc.state(pid, tid);
    return switch (state) {
      case 'T', 'Z', 'X' -> true;
      case 't' -> held.test(examiner.tracer(pid, tid));
      case 'D' ->
          thorough && (examiner.awaitsHeldChild(pid, tid, held) || examiner.isFrozen(pid, tid));
      case 'S' -> thorough && examiner.isFrozen(pid, tid);
      default -> state == -Err.ENOENT || state == -Err.ESRCH;
    };
  }

  /**
   * Once the one that was stopped last stands still, so do most: the next pass, which is necessary
   * anyway, sees it of all that are swift.
   */
  @Override
  public List<Straggler> settle(Patience patience) throws Setback {
    direct();
    if (last == 0) {
      return List.of();
    }
    long until = patience.forOneFromNow();
    boolean inTime = await(last, until, patience);
    for (Iterator<Integer> all = unsettled.iterator(); inTime && all.hasNext(); ) {
      inTime = await(all.next(), until, patience);
    }
    List<Straggler> stragglers = inTime ? List.of() : stragglers();
    unsettled.clear();
    last = 0;
    return stragglers;
  }

  /** Whether a process stands still in time. */
  private boolean await(int pid, long until, Patience patience) throws Setback {
    for (long nap = FIRST_NAP_NANOS; !isStill(pid, nap == LONGEST_NAP_NANOS); ) {
      patience.check();
      if (System.nanoTime() - until >= 0) {
        return false;
      }
      LockSupport.parkNanos(nap);
      nap = Math.min(2 * nap, LONGEST_NAP_NANOS);
    }
    return true;
  }

  private List<Straggler> stragglers() {
    unsettled.addAll(swift);
    swift.clear();
    return unsettled.stream().filter(pid -> !isStill(pid, true)).map(this::straggler).toList();
  }

  private Straggler straggler(int pid) {
    int[] which = {pid};
    proc.threads(
        pid,
        tid -> {
          if (!isStill(pid, tid, true)) {
            which[0] = tid;
          }
        });
    return new Straggler(pid, which[0], "it did not stop in time");
  }

  @Override
  public int threads(int pid) {
    return pass == null ? UNKNOWN : pass.threads(pid);
  }

  /** What stood still before stays so after the thaw. */
  @Override
  public boolean allowsTouch(int pid) {
    Target target = targets.get(pid);
    return target != null && target.ours();
  }

  // ---- letting go

  @Override
  public List<String> release() {
    List<String> left = new ArrayList<>();
    States now =
        States.of(
            crew, targets.values().stream().filter(Target::ours).mapToInt(Target::pid).toArray());
    for (Target target : new ArrayList<>(targets.values()).reversed()) {
      int pid = target.pid();
      if (target.ours() && mayBeStoppedByUs(now, target.process())) {
        int r = libc.kill(pid, Signal.SIGCONT);
        if (r < 0 && r != -Err.ESRCH) {
          left.add("process " + pid + " (" + examiner.comm(pid) + "): errno " + -r);
        }
      }
    }
    return left;
  }

  /**
   * Who has got its number in the meantime is set running only if it is stopped: see {@link
   * #target}.
   */
  private boolean mayBeStoppedByUs(States now, ProcessId process) {
    int pid = process.pid();
    int row = now.row(pid);
    if (row >= 0) {
      return now.startTime(row) == process.startTime() || now.state(row) == 'T';
    }
    // It has gone; or an exec was just putting a thread in its leader's place.
    int r = 0;
    for (int i = 0; i < LOOKS; i++) {
      r = proc.stat(pid, stat);
      if (r == 0) {
        return stat.startTime() == process.startTime() || stat.state() == 'T';
      }
      if (libc.kill(pid, 0) == -Err.ESRCH) {
        return false;
      }
    }
    throw new FailedCallException("a look at process " + pid, -r);
  }
}
