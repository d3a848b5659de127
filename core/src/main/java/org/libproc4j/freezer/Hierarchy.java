package org.libproc4j.freezer;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.libproc4j.internal.linux.Libc;
import org.libproc4j.procfs.ByteString;
import org.libproc4j.procfs.Mount;
import org.libproc4j.procfs.ProcFs;

/**
 * The control groups of version 2, as this JVM sees them: cgroups(7).
 *
 * @param mount where they are mounted
 * @param root which group the mount shows; {@code /} but in a container without a namespace
 * @param readOnly whether nothing can be written there
 */
record Hierarchy(Path mount, Path root, boolean readOnly) {
  private static final ByteString TYPE = ByteString.of("cgroup2");

  /** The one that is mounted; of several, the last of those that show the most. */
  static Optional<Hierarchy> find(ProcFs proc) {
    int self = (int) java.lang.ProcessHandle.current().pid();
    Map<ByteString, Mount> visible = new LinkedHashMap<>(); // the last at each place hides others
    for (Mount mount : proc.process(self).mounts().orElse(List.of())) {
      visible.remove(mount.mountPoint());
      visible.put(mount.mountPoint(), mount);
    }
    return visible.values().stream()
        .filter(mount -> mount.type().equals(TYPE))
        .map(Hierarchy::of)
        .reduce((best, next) -> next.depth() <= best.depth() ? next : best);
  }

  private static Hierarchy of(Mount mount) {
    boolean readOnly = mount.options().contains("ro") || mount.superOptions().contains("ro");
    return new Hierarchy(path(mount.mountPoint()), path(mount.root()), readOnly);
  }

  private int depth() {
    return root.getNameCount();
  }

  private static Path path(ByteString name) {
    return Path.of(new String(name.bytes(), StandardCharsets.UTF_8));
  }

  /** The directory of a group as {@code /proc/PID/cgroup} names it; empty if it is not shown. */
  Optional<Path> directory(String group) {
    Path path = Path.of(group);
    return path.startsWith(root)
        ? Optional.of(mount.resolve(root.relativize(path)))
        : Optional.empty();
  }

  /** Whether all that is in a group stands still; one that has gone, or the root, never does. */
  static boolean isFrozen(Path directory) {
    return CgroupFile.read(Libc.SYSTEM, directory, CgroupFile.EVENTS).isFrozen();
  }
}
