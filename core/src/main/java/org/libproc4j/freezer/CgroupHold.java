package org.libproc4j.freezer;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;
import org.libproc4j.internal.linux.Err;
import org.libproc4j.internal.linux.Libc;
import org.libproc4j.procfs.ProcFs;
import org.libproc4j.procfs.Stat;
import org.libproc4j.procfs.internal.ProcDir;

/**
 * Holds by freezing control groups of version 2: the largest ones in which everybody is to be
 * frozen. Who is elsewhere is left to the next hold.
 *
 * <p>What somebody else has frozen is left as it is, before and after: {@code cgroup.freeze} is
 * written only where it said 0.
 */
final class CgroupHold implements Hold {
  private static final long LOOK_NANOS = 20_000_000;

  private final Libc libc;
  private final ProcDir proc;
  private final Examiner examiner;
  private final Exempt exempt;
  private final IntPredicate held;
  private final Safeguard safeguard;
  private final Hierarchy hierarchy;

  /** In the order in which they were frozen. */
  private final Map<Path, FreezeRoot> roots = new LinkedHashMap<>();

  /** Who does not stand still in a frozen group: such a group never says that it is frozen. */
  private final Set<Integer> holdouts = new HashSet<>();

  // Of the latest pass:
  private CgroupTree tree;
  private int[] listed = {};
  private final Map<Path, Boolean> frozen = new HashMap<>();

  /**
   * For the calling thread alone.
   *
   * @param held whether a process stands still already, by whatever means
   * @param hierarchy what {@link #require} found
   */
  CgroupHold(
      Libc libc,
      ProcDir proc,
      Examiner examiner,
      Exempt exempt,
      IntPredicate held,
      Safeguard safeguard,
      Hierarchy hierarchy) {
    this.libc = libc;
    this.proc = proc;
    this.examiner = examiner;
    this.exempt = exempt;
    this.held = held;
    this.safeguard = safeguard;
    this.hierarchy = hierarchy;
    tree = CgroupTree.unread(hierarchy.mount());
  }

  /** The control groups that can be frozen; refuses where there are none. */
  static Hierarchy require(ProcFs proc) throws Setback {
    Hierarchy found =
        Hierarchy.find(proc)
            .orElseThrow(() -> new Setback("no control groups of version 2 are mounted here"));
    if (found.readOnly()) {
      throw new Setback("the control groups in " + found.mount() + " are mounted read-only");
    }
    if (!StandardCharsets.US_ASCII.newEncoder().canEncode(found.mount().toString())) {
      throw new Setback("the name of " + found.mount() + " is not ASCII");
    }
    return found;
  }

  @Override
  public Backend backend() {
    return Backend.CGROUP;
  }

  // ---- the groups

  /** Freezes what can be, and thaws what must not be any more. */
  @Override
  public void begin(Pass pass) throws Setback {
    tree = CgroupTree.read(libc, hierarchy.mount());
    listed = pass.pids().clone();
    Arrays.sort(listed);
    frozen.clear();
    Map<Path, FreezeRoot> fresh = new LinkedHashMap<>();
    Set<Path> wanted = new HashSet<>();
    tree.roots(this::exemption, group -> isUsable(group.directory, fresh))
        .forEach(group -> wanted.add(group.directory));
    try {
      dropAllBut(wanted);
      freeze(fresh);
    } finally {
      fresh.values().forEach(FreezeRoot::close); // those that a setback has left over
    }
  }

  private boolean isUsable(Path directory, Map<Path, FreezeRoot> fresh) {
    FreezeRoot known = roots.get(directory);
    if (known != null && known.id().isThere()) {
      return true;
    }
    Optional<FreezeRoot> opened = FreezeRoot.open(libc, directory);
    opened.ifPresent(root -> fresh.put(directory, root));
    return opened.isPresent();
  }

  /** Why a process must not be in a group that we freeze. */
  private @Nullable String exemption(int pid) {
    if (pid == 0) {
      return "it is not ours to freeze";
    }
    if (holdouts.contains(pid)) {
      return "it does not stand still there";
    }
    if (Arrays.binarySearch(listed, pid) < 0
        && proc.state(pid, pid) < 0
        && libc.kill(pid, 0) != -Err.ESRCH) {
      return "it is hidden from us";
    }
    return exempt.reason(pid);
  }

  /** An exempt process may have come into a group that we hold: then nobody there is held so. */
  private void dropAllBut(Set<Path> wanted) throws Setback {
    for (Iterator<FreezeRoot> all = roots.values().iterator(); all.hasNext(); ) {
      FreezeRoot root = all.next();
      if (isStale(root, wanted)) {
        drop(root);
        all.remove();
      }
    }
  }

  private boolean isStale(FreezeRoot root, Set<Path> wanted) {
    CgroupTree.Group group = tree.at(root.id().directory());
    if (group == null || !root.id().isThere()) {
      return true;
    }
    for (CgroupTree.Group g = group; g != null; g = g.parent) {
      if (wanted.contains(g.directory)) {
        return false;
      }
    }
    return !group.processes().isEmpty(); // an empty one may be filled again
  }

  private static void drop(FreezeRoot root) throws Setback {
    int r = root.thaw();
    root.close();
    if (r < 0) {
      throw new Setback(
          "the control group " + root.id().directory() + " cannot be thawed: errno " + -r);
    }
  }

  private void freeze(Map<Path, FreezeRoot> fresh) throws Setback {
    List<FreezeRoot> running = fresh.values().stream().filter(root -> !root.isAskedFor()).toList();
    if (!running.isEmpty()) {
      safeguard.learnGroups(running.stream().map(FreezeRoot::id).toList());
    }
    for (Iterator<FreezeRoot> all = fresh.values().iterator(); all.hasNext(); ) {
      FreezeRoot root = all.next();
      all.remove();
      roots.put(root.id().directory(), root);
      int r = running.contains(root) ? root.freeze() : 0;
      if (r < 0 && root.isThere()) {
        throw new Setback(
            "the control group " + root.id().directory() + " cannot be frozen: errno " + -r);
      }
    }
  }

  // ---- taking

  @Override
  public Verdict take(int pid, Pass pass) {
    CgroupTree.Group group = tree.of(pid);
    if (group == null) {
      Optional<Stat> found = examiner.stat(pid, pid);
      if (found.isEmpty()) {
        return Verdict.GONE;
      }
      if (found.get().isKernelThread()) {
        return new Verdict.Spared("a kernel thread");
      }
      if (found.get().isZombie() && found.get().numThreads() <= 1) {
        return new Verdict.Spared("it has ended");
      }
      group = examiner.cgroup(pid).map(tree::at).orElse(null); // born, or moved, since the listing
    } else if (proc.state(pid, pid) < 0) {
      return Verdict.GONE;
    }
    return rootOf(group) != null || isFrozenByOthers(group)
        ? Verdict.TAKEN
        : new Verdict.Refused(pid, CgroupTree.whyNot(group));
  }

  private @Nullable FreezeRoot rootOf(CgroupTree.@Nullable Group group) {
    for (CgroupTree.Group g = group; g != null; g = g.parent) {
      FreezeRoot root = roots.get(g.directory);
      if (root != null) {
        return root;
      }
    }
    return null;
  }

  private boolean isFrozenByOthers(CgroupTree.@Nullable Group group) {
    return group != null && frozen.computeIfAbsent(group.directory, Hierarchy::isFrozen);
  }

  // ---- standing still

  @Override
  public boolean standsStill(int pid, Pass pass) {
    CgroupTree.Group group = tree.of(pid);
    FreezeRoot root = rootOf(group);
    return root == null
        ? isFrozenByOthers(group)
        : frozen.computeIfAbsent(root.id().directory(), _ -> root.isFrozen());
  }

  /** The time is for all of them. */
  @Override
  public List<Straggler> settle(Patience patience) throws Setback {
    long until = patience.forOneFromNow();
    List<Straggler> stragglers = new ArrayList<>();
    for (Iterator<FreezeRoot> all = roots.values().iterator(); all.hasNext(); ) {
      FreezeRoot root = all.next();
      while (!root.isFrozen() && root.isThere()) {
        patience.check();
        long left = until - System.nanoTime();
        if (left <= 0) {
          stragglers.addAll(stragglers(root));
          drop(root);
          all.remove();
          break;
        }
        root.awaitChange(Math.min(left, LOOK_NANOS));
      }
    }
    stragglers.forEach(straggler -> holdouts.add(straggler.pid()));
    return stragglers;
  }

  /** Who keeps a group from being frozen: of each process one thread. */
  private List<Straggler> stragglers(FreezeRoot root) {
    Path directory = root.id().directory();
    CgroupTree.Group group = CgroupTree.read(libc, hierarchy.mount()).at(directory);
    List<Integer> processes = group == null ? List.of() : group.processes();
    List<Straggler> found = new ArrayList<>();
    boolean hasKernelThreads = false;
    for (int pid : processes) {
      if (examiner.stat(pid, pid).filter(Stat::isKernelThread).isPresent()) {
        hasKernelThreads = true;
        holdouts.add(pid); // it never freezes, and need not
        continue;
      }
      proc.threads(
          pid,
          tid -> {
            boolean known = !found.isEmpty() && found.getLast().pid() == pid;
            if (!known && moves(pid, tid)) {
              found.add(new Straggler(pid, tid, "it did not freeze in time"));
            }
          });
    }
    if (found.isEmpty() && !hasKernelThreads && !processes.isEmpty()) {
      int pid = processes.getFirst();
      String reason = "its control group " + directory + " did not freeze in time";
      found.add(new Straggler(pid, pid, reason));
    }
    return found;
  }

  private boolean moves(int pid, int tid) {
    int state = proc.state(pid, tid);
    return state == 'R' || (state == 'D' && !examiner.awaitsHeldChild(pid, tid, held));
  }

  @Override
  public int threads(int pid) {
    return Math.max(0, proc.threadCount(pid));
  }

  // ---- letting go

  @Override
  public List<String> release() {
    List<String> left = new ArrayList<>();
    for (FreezeRoot root : new ArrayList<>(roots.values()).reversed()) {
      int r = root.thaw();
      if (r < 0) {
        left.add("control group " + root.id().directory() + ": errno " + -r);
      }
      root.close();
    }
    roots.clear();
    return left;
  }
}
