package org.libproc4j.freezer;

import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.libproc4j.internal.linux.Libc;
import org.libproc4j.procfs.ProcFs;
import org.libproc4j.procfs.ProcResult;
import org.libproc4j.procfs.ProcessTree;
import org.libproc4j.procfs.Stat;
import org.libproc4j.procfs.Status;

/**
 * What a freeze would do as things are now: {@link Freezer#plan}. It touches nothing, and so cannot
 * know who would be slow to stop.
 *
 * @param backend the backend that was asked for, or that {@link Backend#AUTO} chooses
 * @param processes who would be frozen
 * @param skipped who would not, and why
 * @param refused who would make the freeze fail, and why
 */
public record FreezePlan(
    Backend backend, List<Candidate> processes, List<Skipped> skipped, List<Skipped> refused) {
  /** A plan. */
  public FreezePlan {
    processes = List.copyOf(processes);
    skipped = List.copyOf(skipped);
    refused = List.copyOf(refused);
  }

  static FreezePlan of(Freezer freezer, int self) {
    ProcFs proc = ProcFs.at(freezer.proc());
    Exempt exempt = Exempt.of(freezer, proc, self);
    Rights rights = new Rights(proc, self);
    Backend backend = rights.choose(freezer.backend());
    List<Stat> all =
        proc.processes().flatMap(process -> process.stat().toOptional().stream()).toList();
    Set<Integer> children =
        ProcessTree.of(all).children(self).stream().map(Stat::pid).collect(Collectors.toSet());
    boolean seizes = rights.forTheRest(backend) == Backend.TRACE && !freezer.signalsChildren();
    Set<Integer> grouped = backend == Backend.CGROUP ? grouped(proc, exempt) : Set.of();
    List<Candidate> frozen = new ArrayList<>();
    List<Skipped> skipped = new ArrayList<>();
    List<Skipped> refused = new ArrayList<>();
    for (Stat stat : all) {
      Optional<String> spared =
          Optional.ofNullable(exempt.reason(stat.pid())).or(() -> lifeless(stat));
      Optional<String> obstacle =
          seizes && !grouped.contains(stat.pid())
              ? obstacle(proc, stat.pid(), children)
              : Optional.empty();
      if (spared.isPresent()) {
        skipped.add(new Skipped(stat.pid(), stat.comm(), spared.get()));
      } else if (obstacle.isPresent()) {
        refused.add(new Skipped(stat.pid(), stat.comm(), obstacle.get()));
      } else {
        frozen.add(Candidate.of(stat));
      }
    }
    return new FreezePlan(backend, frozen, skipped, refused);
  }

  /** Who would be frozen by control groups. */
  private static Set<Integer> grouped(ProcFs proc, Exempt exempt) {
    Set<Integer> grouped = new HashSet<>();
    for (Hierarchy hierarchy : Hierarchy.all(proc)) {
      if (hierarchy.isUsable()) {
        Set<Integer> before = Set.copyOf(grouped);
        CgroupTree.read(Libc.SYSTEM, hierarchy)
            .roots(
                pid ->
                    pid == 0 || before.contains(pid)
                        ? "another freezes it, or nobody"
                        : exempt.reason(pid),
                group -> Files.isWritable(group.directory.resolve(group.version.order)))
            .forEach(group -> grouped.addAll(group.processes()));
      }
    }
    return grouped;
  }

  private static Optional<String> lifeless(Stat stat) {
    if (stat.isKernelThread()) {
      return Optional.of("a kernel thread");
    }
    return stat.isZombie() && stat.numThreads() <= 1
        ? Optional.of("it has ended")
        : Optional.empty();
  }

  private static Optional<String> obstacle(ProcFs proc, int pid, Set<Integer> children) {
    if (children.contains(pid)) {
      return Optional.of("it is a child of this JVM");
    }
    return proc.process(pid).status() instanceof ProcResult.Present<Status>(var status)
            && status.tracerPid() != 0
        ? Optional.of("process " + status.tracerPid() + " traces it")
        : Optional.empty();
  }
}
