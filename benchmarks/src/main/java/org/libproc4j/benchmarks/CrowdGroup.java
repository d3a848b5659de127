package org.libproc4j.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.libproc4j.procfs.Cgroup;
import org.libproc4j.procfs.Mount;
import org.libproc4j.procfs.ProcFs;
import org.libproc4j.procfs.ProcessFiles;

/** A control group of version 2, below that of this JVM, for a crowd to be frozen by it. */
record CrowdGroup(Path directory) implements AutoCloseable {
  private static final int TRIES = 2_000;

  /** Whether one can be made here. */
  static boolean isPossible() {
    return own().filter(Files::isWritable).isPresent();
  }

  /** Makes one; none where that cannot be. */
  static Optional<CrowdGroup> make() {
    try {
      Optional<Path> own = own().filter(Files::isWritable);
      return own.isEmpty()
          ? Optional.empty()
          : Optional.of(new CrowdGroup(Files.createTempDirectory(own.get(), "libproc4j-bench-")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The directory of this JVM's own group, where the whole hierarchy is shown. */
  private static Optional<Path> own() {
    ProcessFiles self = ProcFs.of().process((int) ProcessHandle.current().pid());
    Optional<Path> mount =
        self.mounts().orElse(List.of()).stream()
            .filter(m -> m.type().toString().equals("cgroup2") && m.root().toString().equals("/"))
            .filter(m -> !m.options().contains("ro"))
            .map(Mount::mountPoint)
            .map(point -> Path.of(point.toString()))
            .reduce((_, last) -> last);
    return self.cgroup().orElse(List.of()).stream()
        .filter(Cgroup::isUnified)
        .flatMap(place -> mount.map(m -> m.resolve("." + place.path())).stream())
        .map(Path::normalize)
        .findFirst();
  }

  /** The last process leaves it a moment after it was reaped. */
  @Override
  public void close() {
    for (int left = TRIES; ; left--) {
      try {
        Files.delete(directory);
        return;
      } catch (FileSystemException busy) {
        if (left == 0) {
          throw new UncheckedIOException(busy);
        }
        Pause.millis(1);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
