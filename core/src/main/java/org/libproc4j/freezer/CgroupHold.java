package org.libproc4j.freezer;

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
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.libproc4j.internal.linux.Err;
import org.libproc4j.internal.linux.Libc;
import org.libproc4j.procfs.Stat;
import org.libproc4j.procfs.internal.ProcDir;

/**
 * Holds by freezing control groups, the largest ones in which everybody is to be frozen: of version
 * 2, and of version 1 for those whom these do not reach. Who is elsewhere is left to the next hold.
 *
 * <p>What somebody else has frozen is left as it is, before and after: a group's freeze is asked
 * for only where nobody has done so.
 *
 * <p>No process is frozen by both versions: what version 1 has frozen never gets to where version 2
 * counts it as frozen.
 */
final class CgroupHold implements Hold {
  private static final long LOOK_NANOS = 20_000_000;

  private final Libc libc;
  private final ProcDir proc;
  private final Examiner examiner;
  private final Exempt exempt;
  private final IntPredicate held;
  private final Safeguard safeguard;
  private final List<Hierarchy> hierarchies;

  /** In the order in which they were frozen. */
  private final Map<Path, FreezeRoot> roots = new LinkedHashMap<>();

  /** Who does not stand still in a frozen group: such a group never says that it is frozen. */
  private final Set<Integer> holdouts = new HashSet<>();

  /** Who is no kernel thread, which version 1 can freeze as well. */
  private final Set<Integer> ordinary = new HashSet<>();

  // Of the latest pass:
  private List<CgroupTree> trees = List.of();
  private int[] listed = {};
  private final Map<Path, Boolean> frozen = new HashMap<>();

  /**
   * For the calling thread alone.
   *
   * @param held whether a process stands still already, by whatever means
   * @param hierarchies what {@link #require} has passed
   */
  CgroupHold(
      Libc libc,
      ProcDir proc,
      Examiner examiner,
      Exempt exempt,
      IntPredicate held,
      Safeguard safeguard,
      List<Hierarchy> hierarchies) {
    this.libc = libc;
    this.proc = proc;
    this.examiner = examiner;
    this.exempt = exempt;
    this.held = held;
    this.safeguard = safeguard;
    this.hierarchies = hierarchies;
  }

  /** Refuses where there are no control groups that can be frozen. */
  static void require(List<Hierarchy> all) throws Setback {
    if (all.isEmpty()) {
      throw new Setback("no control groups that can be frozen are mounted here");
    }
    if (all.stream().noneMatch(Hierarchy::isUsable)) {
      throw new Setback(all.getFirst().obstacle().orElseThrow());
    }
  }

  @Override
  public Backend backend() {
    return Backend.CGROUP;
  }

  // ---- the groups

  /** Freezes what can be, and thaws what must not be any more. */
  @Override
  public void begin(Pass pass) throws Setback {
    trees =
        hierarchies.stream()
            .filter(this::mayTellSomething)
            .map(hierarchy -> CgroupTree.read(libc, hierarchy))
            .toList();
    listed = pass.pids().clone();
    Arrays.sort(listed);
    frozen.clear();
    Map<Path, FreezeRoot> fresh = new LinkedHashMap<>();
    Set<Path> wanted = new HashSet<>();
    try {
      for (CgroupTree tree : trees) {
        if (tree.hierarchy().isUsable()) {
          tree.roots(pid -> exemption(pid, tree, wanted), group -> isUsable(group, fresh))
              .forEach(group -> wanted.add(group.directory));
        }
      }
      dropAllBut(wanted);
      freeze(fresh);
    } finally {
      fresh.values().forEach(FreezeRoot::close); // those that a setback has left over
    }
    frozen.clear();
  }

  /** Version 1 is slow to list its root, which cannot be frozen. */
  private boolean mayTellSomething(Hierarchy hierarchy) {
    return hierarchies.size() == 1
        || hierarchy.version() == CgroupVersion.V2
        || !CgroupTree.isEmpty(hierarchy);
  }

  private boolean isUsable(CgroupTree.Group group, Map<Path, FreezeRoot> fresh) {
    FreezeRoot known = roots.get(group.directory);
    if (group.version == CgroupVersion.V1 && !group.processes().stream().allMatch(this::isUsers)) {
      return false;
    }
    if (known != null && known.id().isThere()) {
      return true;
    }
    Optional<FreezeRoot> opened = FreezeRoot.open(libc, group.directory, group.version);
    opened.ifPresent(root -> fresh.put(group.directory, root));
    return opened.isPresent();
  }

  private boolean isUsers(int pid) {
    boolean known = ordinary.contains(pid);
    if (!known && !isKernelThread(pid)) {
      return ordinary.add(pid);
    }
    return known;
  }

  /** Why a process must not be in a group of this tree that we freeze. */
  private @Nullable String exemption(int pid, CgroupTree tree, Set<Path> wanted) {
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
    String reason = exempt.reason(pid);
    return reason == null && isLeftTo(pid, tree, wanted)
        ? "a group of the other version has it"
        : reason;
  }

  /** Whether a process is another tree's than this to freeze, or frozen there. */
  private boolean isLeftTo(int pid, CgroupTree tree, Set<Path> wanted) {
    for (CgroupTree other : trees) {
      CgroupTree.Group group = other == tree ? null : other.of(pid);
      boolean theirs = tree.hierarchy().version() == CgroupVersion.V2 && isFrozenByOthers(group);
      if (theirs || rootOf(group) != null || isIn(wanted, group)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isIn(Set<Path> directories, CgroupTree.@Nullable Group group) {
    for (CgroupTree.Group g = group; g != null; g = g.parent) {
      if (directories.contains(g.directory)) {
        return true;
      }
    }
    return false;
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
    CgroupTree.Group group = at(root.id().directory());
    if (group == null || !root.id().isThere()) {
      return true;
    }
    return !isIn(wanted, group) && !group.processes().isEmpty(); // an empty one may be filled again
  }

  private CgroupTree.@Nullable Group at(Path directory) {
    for (CgroupTree tree : trees) {
      CgroupTree.Group group = tree.at(directory);
      if (group != null) {
        return group;
      }
    }
    return null;
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
      safeguard.learnGroups(running);
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
    if (!isListedEverywhere(pid)) {
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
      List<CgroupTree.Group> now = groupsNow(pid); // born, or moved, since the listing
      return now.stream().anyMatch(this::isToBeFrozen) ? Verdict.TAKEN : refused(pid, now);
    }
    for (CgroupTree tree : trees) {
      if (isToBeFrozen(tree.of(pid))) {
        return Verdict.TAKEN;
      }
    }
    return refused(pid, trees.stream().flatMap(tree -> Stream.ofNullable(tree.of(pid))).toList());
  }

  private static Verdict refused(int pid, List<CgroupTree.Group> groups) {
    CgroupTree.Group first = groups.isEmpty() ? null : groups.getFirst();
    return new Verdict.Refused(pid, CgroupTree.whyNot(first));
  }

  private boolean isToBeFrozen(CgroupTree.@Nullable Group group) {
    return rootOf(group) != null || isFrozenByOthers(group);
  }

  private boolean isListedEverywhere(int pid) {
    for (CgroupTree tree : trees) {
      if (tree.of(pid) == null) {
        return false;
      }
    }
    return true;
  }

  private List<CgroupTree.Group> groupsNow(int pid) {
    return trees.stream()
        .flatMap(tree -> examiner.cgroup(pid, tree.hierarchy()).map(tree::at).stream())
        .toList();
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
    return group != null
        && frozen.computeIfAbsent(group.directory, d -> group.version.isFrozen(libc, d));
  }

  // ---- standing still

  @Override
  public boolean standsStill(int pid, Pass pass) {
    boolean byOthers = false;
    for (CgroupTree tree : trees) {
      CgroupTree.Group group = tree.of(pid);
      FreezeRoot root = rootOf(group);
      if (root != null) {
        return frozen.computeIfAbsent(root.id().directory(), _ -> root.isFrozen());
      }
      byOthers = byOthers || isFrozenByOthers(group);
    }
    return byOthers;
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
          all.remove();
          stragglers.addAll(giveUp(root));
          break;
        }
        root.awaitChange(Math.min(left, LOOK_NANOS));
      }
    }
    stragglers.forEach(straggler -> holdouts.add(straggler.pid()));
    return stragglers;
  }

  /**
   * Sets a group running that does not come to stand still: who is the reason, a thread of each.
   */
  private List<Straggler> giveUp(FreezeRoot root) throws Setback {
    List<Integer> all = processes(root);
    List<Integer> users = all.stream().filter(pid -> !isKernelThread(pid)).toList();
    all.stream().filter(pid -> !users.contains(pid)).forEach(holdouts::add); // they need not freeze
    boolean showsAllAsD = root.version() == CgroupVersion.V1;
    List<Straggler> found = stragglers(users, showsAllAsD ? "RS" : "RD");
    drop(root);
    if (showsAllAsD && found.isEmpty()) {
      found = stragglers(users, "D"); // no longer because they are frozen
    }
    if (found.isEmpty() && users.size() == all.size() && !all.isEmpty()) {
      int pid = all.getFirst();
      String reason = "its control group " + root.id().directory() + " did not freeze in time";
      found.add(new Straggler(pid, pid, reason));
    }
    return found;
  }

  /** Who is in a group now. */
  private List<Integer> processes(FreezeRoot root) {
    return hierarchies.stream()
        .filter(hierarchy -> hierarchy.version() == root.version())
        .map(hierarchy -> CgroupTree.read(libc, hierarchy).at(root.id().directory()))
        .flatMap(Stream::ofNullable)
        .flatMap(group -> group.processes().stream())
        .toList();
  }

  private boolean isKernelThread(int pid) {
    return examiner.stat(pid, pid).filter(Stat::isKernelThread).isPresent();
  }

  private List<Straggler> stragglers(List<Integer> processes, String states) {
    List<Straggler> found = new ArrayList<>();
    for (int pid : processes) {
      proc.threads(
          pid,
          tid -> {
            boolean known = !found.isEmpty() && found.getLast().pid() == pid;
            int state = known ? -1 : proc.state(pid, tid);
            if (states.indexOf(state) >= 0
                && (state != 'D' || !examiner.awaitsHeldChild(pid, tid, held))) {
              found.add(new Straggler(pid, tid, "it did not freeze in time"));
            }
          });
    }
    return found;
  }

  /** In a group of version 1 a thread that is seized does not come to a stop. */
  @Override
  public boolean allowsTouch(int pid) {
    boolean byTwo = false;
    for (CgroupTree tree : trees) {
      CgroupTree.Group group = tree.of(pid);
      FreezeRoot root = rootOf(group);
      if (group != null && root != null && root.isOurs()) {
        if (group.version == CgroupVersion.V1) {
          return false;
        }
        byTwo = true;
      }
    }
    return byTwo;
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
