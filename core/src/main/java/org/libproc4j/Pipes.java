package org.libproc4j;

import java.io.Closeable;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.libproc4j.internal.linux.Libc;
import org.libproc4j.internal.linux.Spawn;

/** The pipes between us and a process that we create, for those of its streams that want one. */
final class Pipes {
  private final Libc libc;
  private final int[] childEnds = {-1, -1, -1};
  private @Nullable OutputStream input;
  private @Nullable InputStream output;
  private @Nullable InputStream error;

  Pipes(Libc libc) {
    this.libc = libc;
  }

  /** Makes a pipe that becomes the child's descriptor 0, 1 or 2. */
  void connect(Spawn spawn, int fd) throws IOException {
    int[] ends = new int[2];
    int r = libc.pipe(ends);
    if (r < 0) {
      throw new IOException("cannot make a pipe: " + Errno.ofResult(r).message());
    }
    int ours = fd == 0 ? ends[1] : ends[0];
    childEnds[fd] = fd == 0 ? ends[0] : ends[1];
    spawn.dup(childEnds[fd], fd);
    // Opening our own end once more by name gives Java a stream that owns its descriptor.
    String name = "/proc/self/fd/" + ours;
    try {
      switch (fd) {
        case 0 -> input = new FileOutputStream(name);
        case 1 -> output = new FileInputStream(name);
        default -> error = new FileInputStream(name);
      }
    } finally {
      libc.close(ours);
    }
  }

  /** The child has its ends; ours must not keep them open. */
  void closeChildEnds() {
    for (int fd : childEnds) {
      if (fd >= 0) {
        libc.close(fd);
      }
    }
  }

  /** Nobody will have our ends: the process was not created. */
  void closeOwnEnds(Exception why) {
    for (@Nullable Closeable stream : Arrays.asList(input, output, error)) {
      try {
        if (stream != null) {
          stream.close();
        }
      } catch (IOException e) {
        why.addSuppressed(e);
      }
    }
  }

  OutputStream input() {
    return connected(input);
  }

  InputStream output() {
    return connected(output);
  }

  InputStream error() {
    return connected(error);
  }

  private static <S> S connected(@Nullable S stream) {
    if (stream == null) {
      throw new IllegalStateException("the process was not created with a pipe for this stream");
    }
    return stream;
  }
}
