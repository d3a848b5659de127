package org.libproc4j.procfs;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Which process is whose child, as of one pass over {@code /proc}. Processes came and went during
 * that pass: one whose parent is not in the tree, or is younger than itself because the id was
 * reused, is a root. There is no circle.
 */
public final class ProcessTree {
  private final SortedMap<Integer, Stat> processes = new TreeMap<>();
  private final Map<Integer, Stat> parents = new HashMap<>();
  private final Map<Integer, List<Stat>> children = new HashMap<>();
  private final List<Stat> roots = new ArrayList<>();

  private ProcessTree(Collection<Stat> stats) {
    stats.forEach(stat -> processes.put(stat.pid(), stat));
    for (Stat stat : processes.values()) {
      Stat parent = processes.get(stat.ppid());
      if (parent == null || parent.startTime() > stat.startTime() || isAbove(stat, parent)) {
        roots.add(stat);
      } else {
        parents.put(stat.pid(), parent);
        children.computeIfAbsent(parent.pid(), _ -> new ArrayList<>()).add(stat);
      }
    }
  }

  /**
   * Whether {@code above} is {@code stat} or an ancestor of it so far: only one of the same age
   * can.
   */
  private boolean isAbove(Stat above, Stat stat) {
    for (Stat s = stat; s != null && s.startTime() == above.startTime(); s = parents.get(s.pid())) {
      if (s.pid() == above.pid()) {
        return true;
      }
    }
    return false;
  }

  /**
   * The tree of these processes.
   *
   * @param stats one record for each process
   * @return the tree
   */
  public static ProcessTree of(Collection<Stat> stats) {
    return new ProcessTree(stats);
  }

  /**
   * The processes without a parent in the tree.
   *
   * @return their records, by ascending id
   */
  public List<Stat> roots() {
    return Collections.unmodifiableList(roots);
  }

  /**
   * A process.
   *
   * @param pid its id
   * @return its record; empty if it is not in the tree
   */
  public Optional<Stat> process(int pid) {
    return Optional.ofNullable(processes.get(pid));
  }

  /**
   * The parent of a process.
   *
   * @param pid its id
   * @return the parent's record; empty for a root, and if the process is not in the tree
   */
  public Optional<Stat> parent(int pid) {
    return Optional.ofNullable(parents.get(pid));
  }

  /**
   * The children of a process.
   *
   * @param pid its id
   * @return their records, by ascending id; none if the process is not in the tree
   */
  public List<Stat> children(int pid) {
    return Collections.unmodifiableList(children.getOrDefault(pid, List.of()));
  }

  /**
   * The ancestors of a process.
   *
   * @param pid its id
   * @return their records, from its parent up to a root
   */
  public List<Stat> ancestors(int pid) {
    List<Stat> found = new ArrayList<>();
    for (Stat stat = parents.get(pid); stat != null; stat = parents.get(stat.pid())) {
      found.add(stat);
    }
    return Collections.unmodifiableList(found);
  }

  /**
   * The children of a process, and theirs.
   *
   * @param pid its id
   * @return their records, each parent before its children
   */
  public List<Stat> descendants(int pid) {
    List<Stat> found = new ArrayList<>();
    Deque<Stat> ahead = new ArrayDeque<>(children(pid).reversed());
    while (!ahead.isEmpty()) {
      Stat next = ahead.removeLast();
      found.add(next);
      ahead.addAll(children(next.pid()).reversed());
    }
    return Collections.unmodifiableList(found);
  }
}
