package org.libproc4j.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.libproc4j.procfs.Cgroup;
import org.libproc4j.procfs.Mount;
import org.libproc4j.procfs.ProcFs;
import org.libproc4j.procfs.ProcessFiles;

/** A control group of version 2, below that of this JVM, for a crowd to be frozen by it. */
record CrowdGroup(Path directory) implements AutoCloseable {
  private static final int TRIES = 2_000;
  private static final String NAME = "libproc4j-bench-";

  /** In a PID namespace, our own id tells nobody outside whose a group is. */
  private static final String OWNER = "libproc4j.bench.owner";

  private static final Pattern OWNED = Pattern.compile(NAME + "(\\d+)-\\d+");

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
          : Optional.of(make(own.get(), Long.getLong(OWNER, ProcessHandle.current().pid())));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static CrowdGroup make(Path parent, long owner) throws IOException {
    return new CrowdGroup(Files.createTempDirectory(parent, NAME + owner + "-"));
  }

  /** An option for the JVM that makes groups for this one. */
  static String ownerOption() {
    return "-D" + OWNER + "=" + ProcessHandle.current().pid();
  }

  /** Removes what was left by who was killed: our JVM in the namespace, or an earlier us. */
  static void sweep() throws IOException {
    Optional<Path> own = own().filter(Files::isWritable);
    if (own.isPresent()) {
      sweep(own.get());
    }
  }

  static void sweep(Path parent) throws IOException {
    long self = ProcessHandle.current().pid();
    try (DirectoryStream<Path> groups = Files.newDirectoryStream(parent, NAME + "*")) {
      for (Path group : groups) {
        Matcher name = OWNED.matcher(group.getFileName().toString());
        long owner = name.matches() ? Long.parseLong(name.group(1)) : 1;
        if (owner == self || ProcessHandle.of(owner).isEmpty()) {
          remove(group, owner == self ? TRIES : 0);
        }
      }
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

  @Override
  public void close() {
    if (!remove(directory, TRIES)) {
      throw new IllegalStateException(directory + " does not become empty");
    }
  }

  /** The last process leaves it a moment after it was reaped. */
  private static boolean remove(Path directory, int tries) {
    for (int left = tries; ; left--) {
      try {
        Files.deleteIfExists(directory);
        return true;
      } catch (FileSystemException busy) {
        if (left == 0) {
          return false;
        }
        Pause.millis(1);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
