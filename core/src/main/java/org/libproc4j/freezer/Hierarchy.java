package org.libproc4j.freezer;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.libproc4j.procfs.ByteString;
import org.libproc4j.procfs.ProcFs;

/**
 * The control groups of version 2, as this JVM sees them: cgroups(7).
 *
 * @param mount where they are mounted
 * @param root which group the mount shows; {@code /} but in a container without a namespace
 */
record Hierarchy(Path mount, Path root) {
  private static final ByteString TYPE = ByteString.of("cgroup2");

  /** The one that is mounted; of several, the last. */
  static Optional<Hierarchy> find(ProcFs proc) {
    int self = (int) java.lang.ProcessHandle.current().pid();
    return proc.process(self).mounts().orElse(List.of()).stream()
        .filter(mount -> mount.type().equals(TYPE))
        .reduce((_, last) -> last)
        .map(mount -> new Hierarchy(path(mount.mountPoint()), path(mount.root())));
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

  /** Whether all that is in a group stands still because of a freeze. */
  static boolean isFrozen(Path directory) {
    try {
      return Arrays.asList(Files.readString(directory.resolve("cgroup.events")).split("\n", -1))
          .contains("frozen 1");
    } catch (IOException e) {
      return false; // it has been removed, or is the root, which cannot be frozen
    }
  }
}
