package org.libproc4j.procfs;

import java.nio.file.Path;

/** Where a {@link Sweep} gets its bytes from. */
interface StatSource extends AutoCloseable {
  /** The process vanished before it was read. */
  int VANISHED = -1;

  /** The caller may not read it. */
  int DENIED = -2;

  /** The fastest one that works here. */
  static StatSource of(Path root, ProcReader reader) {
    StatSource slow = new JdkStatSource(reader, root);
    return NativeStatSource.isAvailable() ? new NativeStatSource(root, slow) : slow;
  }

  /** The processes that are listed now. */
  int[] pids();

  /** Reads {@code PID/stat} into the buffer, which holds any: its length, or one of the above. */
  int read(int pid, byte[] buffer);

  @Override
  void close();
}
