package org.libproc4j.freezer;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.libproc4j.procfs.ProcFs;
import org.libproc4j.procfs.ProcResult;
import org.libproc4j.procfs.Stat;

/** Who is never frozen, whatever the backend. */
final class Exempt {
  private final ProcFs proc;
  private final Map<Integer, String> reasons = new HashMap<>();
  private final List<Predicate<Candidate>> predicates;

  private Exempt(ProcFs proc, List<Predicate<Candidate>> predicates) {
    this.proc = proc;
    this.predicates = predicates;
  }

  /** Those of a freezer. */
  static Exempt of(Freezer freezer, ProcFs proc, int self) {
    Exempt exempt = new Exempt(proc, freezer.predicates());
    exempt.add(self, "this JVM");
    exempt.add(1, "pid 1");
    freezer.excluded().forEach(pid -> exempt.add(pid, "excluded"));
    if (freezer.excludesAncestors()) {
      exempt.addAncestors(self);
    }
    return exempt;
  }

  void add(int pid, String reason) {
    reasons.putIfAbsent(pid, reason);
  }

  /** The processes above one: what shows its output, and what waits for its end. */
  private void addAncestors(int pid) {
    for (int p = parent(pid); p > 1; p = parent(p)) {
      add(p, "an ancestor of this JVM");
    }
  }

  private int parent(int pid) {
    return proc.process(pid).stat() instanceof ProcResult.Present<Stat>(var stat) ? stat.ppid() : 0;
  }

  /** Why a process is never frozen; null if it may be. */
  @Nullable String reason(int pid) {
    String reason = reasons.get(pid);
    if (reason == null
        && !predicates.isEmpty()
        && proc.process(pid).stat() instanceof ProcResult.Present<Stat>(var stat)) {
      Candidate candidate = Candidate.of(stat);
      if (predicates.stream().anyMatch(predicate -> predicate.test(candidate))) {
        return "excluded";
      }
    }
    return reason;
  }
}
