package org.libproc4j.procfs;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * One line of {@code /proc/PID/cgroup}, or a thread's: the task's place in one hierarchy of control
 * groups; cgroups(7).
 *
 * @param hierarchy the hierarchy's number; 0 for cgroup v2's only one
 * @param controllers its controllers, a named hierarchy as {@code name=NAME}; none for cgroup v2
 * @param path the group's path below the mount point, as our own cgroup namespace sees it; {@code "
 *     (deleted)"} is added for a zombie whose group was removed
 */
public record Cgroup(int hierarchy, List<String> controllers, ByteString path) {
  /** The task's place in one hierarchy. */
  public Cgroup {
    controllers = List.copyOf(controllers);
  }

  /**
   * Parses {@code cgroup}.
   *
   * @param source where the bytes come from, for an exception to name
   * @param bytes the file, from its start
   * @param length how many of the bytes belong to it
   * @return a record for each hierarchy
   * @throws MalformedProcException if it is something else
   */
  public static List<Cgroup> parse(Path source, byte[] bytes, int length) {
    Scanner in = new Scanner(source, bytes, length);
    List<Cgroup> groups = new ArrayList<>();
    while (!in.atEnd()) {
      int hierarchy = in.int32();
      in.expect(":");
      String controllers = in.latin1Until(':');
      in.expect(":");
      ByteString path = in.bytesUntil('\n');
      in.expect("\n");
      groups.add(
          new Cgroup(
              hierarchy,
              controllers.isEmpty() ? List.of() : List.of(controllers.split(",", -1)),
              path));
    }
    return List.copyOf(groups);
  }

  /**
   * Whether this is cgroup v2's hierarchy.
   *
   * @return true for hierarchy 0
   */
  public boolean isUnified() {
    return hierarchy == 0;
  }
}
