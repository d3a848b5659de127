package org.libproc4j.freezer;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.libproc4j.internal.linux.Libc;

/**
 * Holds nobody itself: of those that somebody else has frozen by a control group of version 1, it
 * says that they stand still.
 *
 * <p>They are not to be stopped in another way as well. PTRACE_SEIZE of one that job control has
 * stopped would wait for its thaw; and whether it has stopped it, its state does not show.
 */
final class FoundFrozen implements Hold {
  private final Libc libc;
  private final Hierarchy hierarchy;

  // Of the latest pass:
  private Optional<CgroupTree> tree = Optional.empty();
  private final Map<CgroupTree.Group, Boolean> frozen = new HashMap<>();

  private FoundFrozen(Libc libc, Hierarchy hierarchy) {
    this.libc = libc;
    this.hierarchy = hierarchy;
  }

  /** For the calling thread alone; none where there is no such freezer. */
  static Optional<FoundFrozen> of(Libc libc, List<Hierarchy> hierarchies) {
    return hierarchies.stream()
        .filter(hierarchy -> hierarchy.version() == CgroupVersion.V1)
        .map(hierarchy -> new FoundFrozen(libc, hierarchy))
        .findFirst();
  }

  @Override
  public Backend backend() {
    return Backend.CGROUP;
  }

  @Override
  public void begin(Pass pass) {
    frozen.clear();
    tree =
        CgroupTree.isEmpty(hierarchy)
            ? Optional.empty()
            : Optional.of(CgroupTree.read(libc, hierarchy));
  }

  @Override
  public Verdict take(int pid, Pass pass) {
    return standsStill(pid, pass)
        ? Verdict.TAKEN
        : new Verdict.Refused(pid, "nobody has frozen it");
  }

  @Override
  public boolean standsStill(int pid, Pass pass) {
    return tree.map(t -> t.of(pid)).filter(this::isFrozen).isPresent();
  }

  private boolean isFrozen(CgroupTree.Group group) {
    return frozen.computeIfAbsent(group, g -> g.version.isFrozen(libc, g.directory));
  }

  @Override
  public List<Straggler> settle(Patience patience) {
    return List.of();
  }

  @Override
  public List<String> release() {
    return List.of();
  }
}
