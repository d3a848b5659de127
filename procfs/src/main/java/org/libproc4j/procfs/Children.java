package org.libproc4j.procfs;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The grammar of {@code children}: process ids, each with a space after it. */
final class Children {
  private Children() {}

  static List<Integer> parse(Path source, byte[] bytes, int length) {
    Scanner in = new Scanner(source, bytes, length);
    List<Integer> pids = new ArrayList<>();
    while (!in.atEnd()) {
      pids.add(in.int32());
      in.expect(" ");
    }
    return List.copyOf(pids);
  }
}
