package org.libproc4j.freezer;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.libproc4j.procfs.ProcFs;
import org.libproc4j.procfs.ProcessTree;
import org.libproc4j.procfs.Stat;
import org.libproc4j.procfs.TaskState;

/** Finds what runs although everything is frozen. */
final class Newcomers {
  private final ProcFs proc;
  private final int self;
  private final Exempt exempt;
  private final Examiner examiner;
  private final Set<Integer> failed;

  Newcomers(ProcFs proc, int self, Exempt exempt, Examiner examiner, Set<Integer> failed) {
    this.proc = proc;
    this.self = self;
    this.exempt = exempt;
    this.examiner = examiner;
    this.failed = failed;
  }

  List<Candidate> find(Map<Integer, Hold> holders) {
    List<Stat> all =
        proc.processes().flatMap(process -> process.stat().toOptional().stream()).toList();
    Set<Integer> ours = new HashSet<>();
    ProcessTree.of(all).descendants(self).forEach(stat -> ours.add(stat.pid()));
    return all.stream()
        .filter(stat -> !ours.contains(stat.pid()) && !failed.contains(stat.pid()))
        .filter(stat -> moves(stat, holders.get(stat.pid())))
        .filter(stat -> exempt.reason(stat.pid()) == null)
        .map(Candidate::of)
        .toList();
  }

  private boolean moves(Stat stat, @Nullable Hold holder) {
    if (stat.isKernelThread() || (stat.isZombie() && stat.numThreads() <= 1)) {
      return false;
    }
    if (holder == null) {
      return stat.state() != TaskState.STOPPED;
    }
    boolean mayMove = stat.state() == TaskState.RUNNING || stat.state() == TaskState.SLEEPING;
    return mayMove && !examiner.isFrozen(stat.pid(), stat.pid());
  }
}
