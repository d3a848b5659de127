package org.libproc4j.freezer;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.libproc4j.procfs.ByteString;
import org.libproc4j.procfs.Cgroup;
import org.libproc4j.procfs.Mount;
import org.libproc4j.procfs.ProcFs;
import org.libproc4j.procfs.ProcessFiles;

/**
 * The control groups of a version, as this JVM sees them: cgroups(7).
 *
 * @param version which
 * @param mount where they are mounted
 * @param root which group the mount shows; {@code /} but in a container without a namespace
 * @param readOnly whether nothing can be written there
 * @param hidesOthers whether processes of an outer PID namespace may be there that are not shown
 */
record Hierarchy(
    CgroupVersion version, Path mount, Path root, boolean readOnly, boolean hidesOthers) {
  /** The PID namespace of the machine itself: PROC_PID_INIT_INO of the kernel. */
  private static final long WHOLE_MACHINE = 0xEFFF_FFFCL;

  /** Those that are mounted here, version 2 first. */
  static List<Hierarchy> all(ProcFs proc) {
    ProcessFiles self = proc.process((int) java.lang.ProcessHandle.current().pid());
    Map<ByteString, Mount> visible = new LinkedHashMap<>(); // the last at each place hides others
    for (Mount mount : self.mounts().orElse(List.of())) {
      visible.remove(mount.mountPoint());
      visible.put(mount.mountPoint(), mount);
    }
    boolean nested =
        self.ns()
            .toOptional()
            .flatMap(spaces -> Optional.ofNullable(spaces.get("pid")))
            .filter(space -> space.inode() == WHOLE_MACHINE)
            .isEmpty();
    return Stream.of(CgroupVersion.values())
        .flatMap(version -> best(version, visible.values(), nested).stream())
        .toList();
  }

  /** Of several, the last of those that show the most. */
  private static Optional<Hierarchy> best(
      CgroupVersion version, Collection<Mount> mounts, boolean nested) {
    return mounts.stream()
        .filter(version::isOf)
        .map(mount -> of(version, mount, nested))
        .reduce((best, next) -> next.depth() <= best.depth() ? next : best);
  }

  private static Hierarchy of(CgroupVersion version, Mount mount, boolean nested) {
    boolean readOnly = mount.options().contains("ro") || mount.superOptions().contains("ro");
    boolean hidesOthers = nested && version == CgroupVersion.V1; // version 2 shows them as 0
    return new Hierarchy(
        version, path(mount.mountPoint()), path(mount.root()), readOnly, hidesOthers);
  }

  /** Why nothing can be frozen here; empty if that can be. */
  Optional<String> obstacle() {
    if (readOnly) {
      return Optional.of("the control groups in " + mount + " are mounted read-only");
    }
    return StandardCharsets.US_ASCII.newEncoder().canEncode(mount.toString())
        ? Optional.empty()
        : Optional.of("the name of " + mount + " is not ASCII");
  }

  boolean isUsable() {
    return obstacle().isEmpty();
  }

  private int depth() {
    return root.getNameCount();
  }

  private static Path path(ByteString name) {
    return Path.of(new String(name.bytes(), StandardCharsets.UTF_8));
  }

  /** The directory of a group as {@code /proc/PID/cgroup} names it; empty if it is not shown. */
  private Optional<Path> directory(String group) {
    Path path = Path.of(group);
    return path.startsWith(root)
        ? Optional.of(mount.resolve(root.relativize(path)))
        : Optional.empty();
  }

  /** The directory of the group that a task is in; empty if it is not shown. */
  Optional<Path> directory(List<Cgroup> places) {
    return places.stream()
        .filter(version::isOf)
        .flatMap(place -> directory(place.path().toString()).stream())
        .findFirst();
  }
}
