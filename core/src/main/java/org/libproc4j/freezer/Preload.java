package org.libproc4j.freezer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.libproc4j.internal.linux.Libc;
import org.libproc4j.procfs.ProcFs;

/**
 * Loads all classes of ours that a freeze may need before there is one: the files that they come
 * from may be served by a process that is frozen then.
 */
final class Preload {
  private static final String SUFFIX = ".class";
  private static final List<String> PACKAGES =
      List.of(
          "org/libproc4j/freezer/",
          "org/libproc4j/SystemCall",
          "org/libproc4j/internal/linux/",
          "org/libproc4j/internal/ptrace/",
          "org/libproc4j/linux/",
          "org/libproc4j/procfs/");

  private static final AtomicBoolean DONE = new AtomicBoolean();

  private Preload() {}

  /** Does so at the first call. */
  static void once() {
    if (DONE.compareAndSet(false, true)) {
      List.of(Preload.class, Libc.bindings(), ProcFs.class).forEach(Preload::all);
    }
  }

  /** All of the file or directory that a class comes from. */
  private static void all(Class<?> one) {
    var source = one.getProtectionDomain().getCodeSource();
    if (source == null || !source.getLocation().getProtocol().equals("file")) {
      return; // a run-time image, which holds the JDK's own classes too
    }
    try {
      Path path = Path.of(new URI(source.getLocation().toString()));
      for (String name : Files.isDirectory(path) ? ofDirectory(path) : ofArchive(path)) {
        if (PACKAGES.stream().anyMatch(name::startsWith) && name.endsWith(SUFFIX)) {
          String type = name.substring(0, name.length() - SUFFIX.length()).replace('/', '.');
          if (!type.endsWith("package-info")) {
            Class.forName(type, false, one.getClassLoader());
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (ClassNotFoundException | URISyntaxException e) {
      throw new IllegalStateException("our own classes cannot be loaded", e);
    }
  }

  private static List<String> ofDirectory(Path root) throws IOException {
    try (var files = Files.walk(root)) {
      return files.map(file -> root.relativize(file).toString()).toList();
    }
  }

  private static List<String> ofArchive(Path file) throws IOException {
    try (ZipFile archive = new ZipFile(file.toFile())) {
      return archive.stream().map(ZipEntry::getName).toList();
    }
  }
}
