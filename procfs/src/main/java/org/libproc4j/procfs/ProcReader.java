package org.libproc4j.procfs;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/** The only place that touches the file system: reads, and sorts failures into outcomes. */
final class ProcReader {
  /** Holds {@code stat} and, except on machines with hundreds of CPUs, {@code status}. */
  private static final int USUAL_SIZE = 4096;

  private static final int ATTEMPTS = 3;

  static {
    Denial.prepare();
  }

  private ProcReader() {}

  /** Reads {@code file} of the process or thread whose directory is {@code task}. */
  static <T> ProcResult<T> read(Path task, Path file, ProcParser<T> parser) {
    return attempt(task, file, () -> parseFile(file, parser));
  }

  /** Lists the numbers in {@code directory}, which is {@code task} or belongs to it. */
  static ProcResult<List<Integer>> list(Path task, Path directory) {
    return attempt(task, directory, () -> numbersIn(directory));
  }

  private static <T> T parseFile(Path file, ProcParser<T> parser) throws IOException {
    byte[] bytes = new byte[USUAL_SIZE];
    int length = 0;
    // Not a FileChannel, which an interrupt of the calling thread would close.
    try (InputStream in = Files.newInputStream(file)) {
      for (int n; (n = in.read(bytes, length, bytes.length - length)) > 0; ) {
        length += n;
        if (length == bytes.length) {
          bytes = Arrays.copyOf(bytes, 2 * length);
        }
      }
    }
    return parser.parse(file, bytes, length);
  }

  private static List<Integer> numbersIn(Path directory) throws IOException {
    List<Integer> numbers = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
      for (Path entry : entries) {
        String name = Objects.requireNonNull(entry.getFileName()).toString();
        if (Character.isDigit(name.charAt(0))) {
          numbers.add(Integer.valueOf(name));
        }
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    // So looks a process that ends, or whose leader is being replaced by an exec, and nothing else.
    if (numbers.isEmpty()) {
      throw new NoSuchFileException(directory.toString(), null, "the list is empty");
    }
    return List.copyOf(numbers);
  }

  /**
   * Does not believe the first failures: while an exec replaces the leader, files may be missing.
   */
  static <T> ProcResult<T> attempt(Path task, Path path, Read<T> read) {
    for (int attempt = 1; ; attempt++) {
      try {
        return new ProcResult.Present<>(read.get());
      } catch (IOException e) {
        if (attempt == ATTEMPTS) {
          return outcome(task, path, e);
        }
      }
    }
  }

  private static <T> ProcResult<T> outcome(Path task, Path path, IOException e) {
    // The error may be ENOENT or ESRCH, of which the latter has no exception type of its own.
    if (Files.notExists(task)) {
      return new ProcResult.Vanished<>(path);
    }
    if (Denial.isDenial(e)) {
      return new ProcResult.Denied<>(path, Denial.reason(e));
    }
    throw new UncheckedIOException(path + ": " + e, e);
  }

  @FunctionalInterface
  interface Read<T> {
    T get() throws IOException;
  }
}
