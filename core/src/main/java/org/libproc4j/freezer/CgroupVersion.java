package org.libproc4j.freezer;

import java.nio.file.Path;
import org.libproc4j.internal.linux.Libc;
import org.libproc4j.procfs.Cgroup;
import org.libproc4j.procfs.Mount;

/** The two designs of control groups that can freeze, and their words for it: cgroups(7). */
enum CgroupVersion {
  V2("cgroup2", "cgroup.freeze", "1", "0", "cgroup.freeze", "cgroup.events", "frozen 1"),
  /**
   * Its freezer, which shows no process of an outer PID namespace, tells nobody when a group has
   * come to stand still, and does not wake a thread for that which only SIGKILL can wake.
   */
  V1(
      "cgroup",
      "freezer.state",
      "FROZEN",
      "THAWED",
      "freezer.self_freezing",
      "freezer.state",
      "FROZEN");

  private static final String CONTROLLER = "freezer";

  private final String type;

  /** The file to ask by, and what is written there. */
  final String order;

  final String freeze;
  final String thaw;

  /**
   * The file that says {@code 1} if this group's freeze was asked for, and not that of one above.
   */
  final String asked;

  /** The file that has such a line when all in the group stand still. */
  final String state;

  private final String frozen;

  CgroupVersion(
      String type,
      String order,
      String freeze,
      String thaw,
      String asked,
      String state,
      String frozen) {
    this.type = type;
    this.order = order;
    this.freeze = freeze;
    this.thaw = thaw;
    this.asked = asked;
    this.state = state;
    this.frozen = frozen;
  }

  /** Whether a mount shows such groups. */
  boolean isOf(Mount mount) {
    return mount.type().toString().equals(type)
        && (this == V2 || mount.superOptions().contains(CONTROLLER));
  }

  /** Whether a line of {@code /proc/PID/cgroup} is about such groups. */
  boolean isOf(Cgroup place) {
    return this == V2 ? place.isUnified() : place.controllers().contains(CONTROLLER);
  }

  /** Whether {@link #state} says that all in the group stand still. */
  boolean isFrozen(CgroupFile.Text said) {
    return ('\n' + said.value()).contains('\n' + frozen + '\n');
  }

  /** The same, of a group; of one that has gone, or of the root, it is false. */
  boolean isFrozen(Libc libc, Path group) {
    return isFrozen(CgroupFile.read(libc, group, state));
  }
}
