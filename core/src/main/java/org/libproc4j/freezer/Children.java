package org.libproc4j.freezer;

import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The processes that this JVM started itself: looked for when that matters, because to ask each of
 * a JVM's threads takes as long as to freeze a hundred processes. For one thread.
 */
final class Children {
  private final Supplier<Set<Integer>> search;
  private @Nullable Set<Integer> found;

  Children(Supplier<Set<Integer>> search) {
    this.search = search;
  }

  boolean contains(int pid) {
    Set<Integer> all = found;
    if (all == null) {
      found = all = search.get();
    }
    return all.contains(pid);
  }
}
