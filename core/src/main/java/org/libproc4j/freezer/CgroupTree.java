package org.libproc4j.freezer;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.libproc4j.internal.linux.Libc;

/** One look at all control groups of a version: which there are, and who is in which. */
final class CgroupTree {
  private static final int LINKS_OF_A_LEAF = 2;

  private final Hierarchy hierarchy;
  private final Group top;

  /** The group of each process that has any. */
  private final Map<Integer, Group> groups = new HashMap<>();

  private final Map<Path, Group> byDirectory = new HashMap<>();

  /** A control group, as it was then. */
  static final class Group {
    final CgroupVersion version;
    final Path directory;
    final @Nullable Group parent;
    private final List<Group> children = new ArrayList<>();
    private int[] pids = new int[0];
    private boolean threaded;
    private boolean populated;

    /** Why it cannot be frozen with all that is below it. */
    private @Nullable String obstacle;

    private Group(CgroupVersion version, Path directory, @Nullable Group parent) {
      this.version = version;
      this.directory = directory;
      this.parent = parent;
    }

    /** Who is in it, and below it. */
    List<Integer> processes() {
      List<Integer> all = new ArrayList<>();
      addTo(all);
      return all;
    }

    private void addTo(List<Integer> all) {
      Arrays.stream(pids).forEach(all::add);
      children.forEach(child -> child.addTo(all));
    }
  }

  private CgroupTree(Hierarchy hierarchy) {
    this.hierarchy = hierarchy;
    top = new Group(hierarchy.version(), hierarchy.mount(), null);
  }

  /** Looks at all that a hierarchy shows. */
  static CgroupTree read(Libc libc, Hierarchy hierarchy) {
    CgroupTree tree = new CgroupTree(hierarchy);
    tree.read(libc, tree.top);
    return tree;
  }

  Hierarchy hierarchy() {
    return hierarchy;
  }

  // ---- reading

  private void read(Libc libc, Group group) {
    byDirectory.put(group.directory, group);
    CgroupFile.Text text = CgroupFile.read(libc, group.directory, "cgroup.procs");
    if (text.error() == 0) {
      group.pids = text.value().lines().mapToInt(Integer::parseInt).toArray();
      Arrays.stream(group.pids).forEach(pid -> add(pid, group));
      if (group.pids.length == 0 && hierarchy.hidesOthers()) {
        group.obstacle = "it shows no process, and may hide some of another PID namespace";
      }
    } else {
      // Of a threaded one, the domain above lists the processes.
      String type = CgroupFile.read(libc, group.directory, "cgroup.type").value();
      group.threaded = type.equals("threaded\n");
      if (!group.threaded && Files.exists(group.directory)) {
        group.obstacle = "its processes cannot be listed: errno " + text.error();
      }
    }
    readBelow(libc, group);
  }

  /** In version 1, each thread of a process may be in another group. */
  private void add(int pid, Group group) {
    Group before = groups.put(pid, group);
    if (before != null && pid != 0) {
      before.obstacle = group.obstacle = "process " + pid + " is in it with some threads alone";
      groups.put(pid, top);
    }
  }

  private void readBelow(Libc libc, Group group) {
    if (isLeaf(group.directory)) {
      return; // this is cheaper to see than that none of its files is a directory
    }
    try (DirectoryStream<Path> below =
        Files.newDirectoryStream(group.directory, Files::isDirectory)) {
      for (Path directory : below) {
        if (StandardCharsets.US_ASCII.newEncoder().canEncode(directory.toString())) {
          Group child = new Group(group.version, directory, group);
          group.children.add(child);
          read(libc, child);
        } else {
          group.obstacle = "there is one below it whose name is not ASCII: " + directory;
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      if (Files.exists(group.directory)) {
        group.obstacle = "what is below it cannot be listed: " + e;
      }
    }
  }

  /** Whether there is no group but the root, which cannot be frozen. */
  static boolean isEmpty(Hierarchy hierarchy) {
    return isLeaf(hierarchy.mount());
  }

  /** Whether there is none below it, or it has gone. */
  private static boolean isLeaf(Path directory) {
    try {
      return (int) Files.getAttribute(directory, "unix:nlink") == LINKS_OF_A_LEAF;
    } catch (IOException e) {
      return true;
    }
  }

  // ---- asking

  /** Which group a process was in; null if it was in none, or that is not shown. */
  @Nullable Group of(int pid) {
    return groups.get(pid);
  }

  /** The group of a directory; null if it was not there. */
  @Nullable Group at(Path directory) {
    return byDirectory.get(directory);
  }

  /**
   * The largest groups that can be frozen with all that is below them: who is in there is to be
   * frozen, each and every one.
   *
   * @param exemption why a process must not be frozen, or null
   * @param usable whether this can be done with a group for which nothing else is in the way
   */
  List<Group> roots(IntFunction<@Nullable String> exemption, Predicate<Group> usable) {
    examine(top, exemption);
    top.obstacle = "it is the root of all control groups";
    List<Group> roots = new ArrayList<>();
    select(top, usable, roots);
    return roots;
  }

  private static void examine(Group group, IntFunction<@Nullable String> exemption) {
    for (int pid : group.pids) {
      String reason = exemption.apply(pid);
      if (reason == null) {
        group.populated = true;
      } else if (group.obstacle == null) {
        group.obstacle = who(pid) + " is in it: " + reason;
      }
    }
    for (Group child : group.children) {
      examine(child, exemption);
      group.populated |= child.populated;
      if (group.obstacle == null && child.obstacle != null) {
        group.obstacle = child.directory + " is below it; " + child.obstacle;
      }
    }
  }

  private static String who(int pid) {
    return pid == 0 ? "a process of another PID namespace" : "process " + pid;
  }

  private static void select(Group group, Predicate<Group> usable, List<Group> roots) {
    boolean possible = group.populated && !group.threaded && group.obstacle == null;
    if (possible && usable.test(group)) {
      roots.add(group);
    } else if (!group.threaded) {
      group.children.forEach(child -> select(child, usable, roots));
    }
  }

  /** Why a process is not reached by freezing groups, in words. */
  static String whyNot(@Nullable Group group) {
    if (group == null) {
      return "its control group is not shown";
    }
    String reason = group.obstacle == null ? "it cannot be written" : group.obstacle;
    return "its control group " + group.directory + " cannot be frozen: " + reason;
  }
}
