package org.libproc4j.procfs;

import java.nio.file.Path;
import java.util.List;

/** By java.nio.file. */
final class JdkStatSource implements StatSource {
  private final ProcReader reader;
  private final Path root;

  JdkStatSource(ProcReader reader, Path root) {
    this.reader = reader;
    this.root = root;
  }

  @Override
  public int[] pids() {
    ProcResult<List<Integer>> pids = reader.list(root, root);
    return pids.orElseThrow().stream().mapToInt(Integer::intValue).toArray();
  }

  @Override
  public int read(int pid, byte[] buffer) {
    Path directory = root.resolve(Integer.toString(pid));
    return switch (reader.readInto(directory, directory.resolve("stat"), buffer)) {
      case ProcResult.Present(Integer length) -> length;
      case ProcResult.Vanished<Integer> _ -> VANISHED;
      case ProcResult.Denied<Integer> _ -> DENIED;
    };
  }

  @Override
  public void close() {}
}
