package org.libproc4j.freezer;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;
import org.libproc4j.internal.linux.Err;
import org.libproc4j.internal.linux.Libc;
import org.libproc4j.internal.linux.Signal;
import org.libproc4j.procfs.ProcessId;
import org.libproc4j.procfs.Snapshot;
import org.libproc4j.procfs.Stat;
import org.libproc4j.procfs.StatField;
import org.libproc4j.procfs.internal.ProcDir;

/**
 * Holds by SIGSTOP, in the order of the passes: parents before children, so that no parent sees its
 * child stop. SIGCONT goes out in reverse.
 *
 * <p>Before a process is stopped, the safeguard knows it.
 */
final class SignalHold implements Hold {
  private static final int BATCH = 256;

  /** Up to so many processes are looked at one by one. */
  private static final int FEW = 64;

  private static final long FIRST_NAP_NANOS = 50_000;
  private static final long LONGEST_NAP_NANOS = 3_200_000;

  private final Libc libc;
  private final ProcDir proc;
  private final Examiner examiner;
  private final IntPredicate held;
  private final Safeguard safeguard;

  /** In the order in which they were stopped. */
  private final Map<Integer, Target> targets = new LinkedHashMap<>();

  private @Nullable Pass pass;
  private final List<Target> pending = new ArrayList<>();
  private final LinkedHashSet<Integer> unsettled = new LinkedHashSet<>();

  /** A process; ours if it is we who stop it. */
  private record Target(ProcessId process, boolean ours) {
    int pid() {
      return process.pid();
    }
  }

  /**
   * For the calling thread alone.
   *
   * @param held whether a process stands still already, by whatever means
   */
  SignalHold(Libc libc, ProcDir proc, Examiner examiner, IntPredicate held, Safeguard safeguard) {
    this.libc = libc;
    this.proc = proc;
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
  }

  @Override
  public Verdict take(int pid, Pass pass) throws Setback {
    int state = proc.state(pid, pid);
    Optional<Stat> found =
        pass.startTime(pid) < 0 || state == 'Z' ? examiner.stat(pid, pid) : Optional.empty();
    if (state < 0 || (found.isEmpty() && pass.startTime(pid) < 0)) {
      return Verdict.GONE;
    }
    if (found.map(Stat::isKernelThread).orElseGet(() -> pass.isKernelThread(pid))) {
      return new Verdict.Spared("a kernel thread");
    }
    if (found.filter(stat -> stat.isZombie() && stat.numThreads() <= 1).isPresent()) {
      return new Verdict.Spared("it has ended");
    }
    int r = libc.kill(pid, 0);
    if (r < 0) {
      return r == -Err.ESRCH
          ? Verdict.GONE
          : new Verdict.Refused(pid, "no permission to signal it" + examiner.userOf(pid, pid));
    }
    boolean stopped = state == 'T' || (state == 't' && held.test(examiner.tracer(pid, pid)));
    long startTime = found.map(Stat::startTime).orElseGet(() -> pass.startTime(pid));
    pending.add(new Target(new ProcessId(pid, startTime), !stopped || isOurs(pid)));
    if (pass.snapshot() == null || pending.size() == BATCH) {
      direct();
    }
    return Verdict.TAKEN;
  }

  /**
   * Whether we have stopped this number before. It stands still no more by a thread that has not,
   * or is another process's, which was born with it after the pass had listed the former one, and
   * got the signal.
   */
  private boolean isOurs(int pid) {
    Target known = targets.get(pid);
    return known != null && known.ours();
  }

  /** Stops what was taken. */
  private void direct() throws Setback {
    List<ProcessId> ours = pending.stream().filter(Target::ours).map(Target::process).toList();
    if (!ours.isEmpty()) {
      safeguard.learnProcesses(ours);
    }
    for (Target target : pending) {
      targets.remove(target.pid()); // it may be another by now, or have been set running
      targets.put(target.pid(), target);
      unsettled.add(target.pid());
      if (target.ours()) {
        libc.kill(target.pid(), Signal.SIGSTOP); // whether that has worked is looked at
      }
    }
    pending.clear();
  }

  // ---- standing still

  @Override
  public boolean standsStill(int pid, Pass pass) {
    Target target = targets.get(pid);
    return target != null
        && pass.startTime(pid) == target.process().startTime()
        && (pass.isStoppedAlone(pid) || isStill(pid, true));
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
   * Once the one that was directed last stands still, so do most: one look at all of them is
   * cheaper than one at each.
   */
  @Override
  public List<Straggler> settle(Patience patience) throws Setback {
    direct();
    if (unsettled.isEmpty()) {
      return List.of();
    }
    long until = patience.forOneFromNow();
    if (!await(unsettled.getLast(), until, patience)) {
      return giveUp();
    }
    if (unsettled.size() > FEW) {
      Snapshot now = examiner.states();
      unsettled.removeIf(pid -> isStoppedAlone(now, pid));
    }
    for (int pid : unsettled) {
      if (!await(pid, until, patience)) {
        return giveUp();
      }
    }
    unsettled.clear();
    return List.of();
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

  private static boolean isStoppedAlone(Snapshot now, int pid) {
    int row = now.row(pid);
    return row >= 0
        && now.value(row, StatField.NUM_THREADS) == 1
        && now.value(row, StatField.STATE) == 'T';
  }

  private List<Straggler> giveUp() {
    List<Straggler> stragglers =
        unsettled.stream().filter(pid -> !isStill(pid, true)).map(this::straggler).toList();
    unsettled.clear();
    return stragglers;
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
    int counted = pass == null ? -1 : pass.threads(pid);
    return Math.max(0, counted >= 0 ? counted : proc.threadCount(pid));
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
    Snapshot now = examiner.identities();
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
   * #isOurs}.
   */
  private static boolean mayBeStoppedByUs(Snapshot now, ProcessId process) {
    int row = now.row(process.pid());
    return row >= 0
        && (now.startTime(row) == process.startTime() || now.value(row, StatField.STATE) == 'T');
  }
}
