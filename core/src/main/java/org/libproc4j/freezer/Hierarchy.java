package org.libproc4j.freezer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/**
 * The control groups of version 2, as this JVM sees them: cgroups(7).
 *
 * @param mount where they are mounted
 * @param root which group the mount shows; {@code /} but in a container without a namespace
 */
record Hierarchy(Path mount, Path root) {
  private static final int FIELD_OF_ROOT = 3;
  private static final int FIELD_OF_MOUNT_POINT = 4;

  /** The one that is mounted; of several, the last. */
  static Optional<Hierarchy> find() {
    try (var lines = Files.lines(Path.of("/proc/self/mountinfo"))) {
      return lines
          .filter(line -> line.contains(" - cgroup2 "))
          .map(line -> line.split(" ", -1))
          .map(f -> new Hierarchy(Path.of(f[FIELD_OF_MOUNT_POINT]), Path.of(f[FIELD_OF_ROOT])))
          .reduce((_, last) -> last);
    } catch (IOException e) {
      return Optional.empty(); // then nothing can be known of any
    }
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
