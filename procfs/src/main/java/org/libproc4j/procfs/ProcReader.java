package org.libproc4j.procfs;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Reads, and sorts failures into outcomes. */
final class ProcReader {
  /** Holds {@code stat} and, except on machines with hundreds of CPUs, {@code status}. */
  private static final int USUAL_SIZE = 4096;

  private static final int ATTEMPTS = 3;

  /** For files that may be empty although there is memory: without arguments, for example. */
  private static final int EMPTY_READS = 20;

  /** For those that may not. One exec after the other takes some tenths of a millisecond each. */
  private static final int REPLACED_READS = 1000;

  private static final byte[] NOTHING = {};

  static {
    Denial.prepare();
  }

  private final ProcIo io;

  ProcReader(ProcIo io) {
    this.io = io;
  }

  /** Reads {@code file} of the process or thread whose directory is {@code task}. */
  <T> ProcResult<T> read(Path task, Path file, ProcParser<T> parser) {
    return attempt(task, file, () -> parse(file, contents(file), parser));
  }

  /**
   * Reads a file that shows the task's memory. Of a task that has none (a kernel thread, a zombie)
   * it may be empty or missing, which is the same to the parser.
   */
  <T> ProcResult<T> readMemory(Path task, Path file, ProcParser<T> parser) {
    return attempt(
        task,
        file,
        () -> parse(file, memory(task, EMPTY_READS, () -> contentsAtOnce(file)), parser));
  }

  /**
   * Reads {@code maps}, which the kernel hands out in pieces, and which is empty without memory
   * only.
   */
  <T> ProcResult<T> readMaps(Path task, Path file, ProcParser<T> parser) {
    return attempt(
        task,
        file,
        () -> {
          byte[] contents = memory(task, REPLACED_READS, () -> contentsOfOneMemory(file));
          if (contents.length == 0 && !isWithoutMemory(task)) {
            throw new IOException("the memory was replaced again and again");
          }
          return parse(file, contents, parser);
        });
  }

  /** Reads a file that lists nothing for a zombie, whose attempt to open it fails. */
  <T> ProcResult<List<T>> readUnlessZombie(Path task, Path file, ProcParser<List<T>> parser) {
    return attempt(
        task,
        file,
        () -> {
          try {
            return parse(file, contents(file), parser);
          } catch (IOException e) {
            if (stat(task).isEnding()) {
              return List.of();
            }
            throw e;
          }
        });
  }

  /** Reads a file that the task may lack. */
  <T> ProcResult<Optional<T>> readIfThere(Path task, Path file, ProcParser<T> parser) {
    return ifThere(task, file, () -> parse(file, contents(file), parser));
  }

  /** Reads a link that the task may lack. */
  ProcResult<Optional<Link>> readLinkIfThere(Path task, Path link) {
    return ifThere(task, link, () -> Link.parse(io.readLink(link)));
  }

  /** Looks at what a link leads to that the task may lack. */
  ProcResult<Optional<FdStat>> statIfThere(Path task, Path link) {
    return ifThere(task, link, () -> io.stat(link));
  }

  private <T> ProcResult<Optional<T>> ifThere(Path task, Path file, Read<T> read) {
    return attempt(
        task,
        file,
        () -> {
          try {
            return Optional.of(read.get());
          } catch (NoSuchFileException e) {
            if (io.isGone(task)) {
              throw e;
            }
            return Optional.empty();
          }
        });
  }

  /** Reads a link; empty where a task without memory has none. */
  ProcResult<Optional<Link>> readLink(Path task, Path link) {
    return attempt(
        task,
        link,
        () ->
            ifItHasMemory(
                task, () -> Optional.of(Link.parse(io.readLink(link))), Optional.empty()));
  }

  /** Reads the links in a directory, except those that vanish meanwhile. */
  ProcResult<List<NamedLink>> readLinks(Path task, Path directory) {
    return attempt(
        task,
        directory,
        () -> {
          List<NamedLink> links = new ArrayList<>();
          for (String name : io.list(directory)) {
            try {
              links.add(new NamedLink(name, Link.parse(io.readLink(directory.resolve(name)))));
            } catch (NoSuchFileException e) {
              // Closed since it was listed; or the task is gone, with all the others.
            }
          }
          if (io.isGone(directory)) {
            throw new NoSuchFileException(directory.toString());
          }
          return List.copyOf(links);
        });
  }

  /** A link in a directory. */
  record NamedLink(String name, Link link) {}

  /** Reads a file that belongs to no task. */
  <T> T read(Path file, ProcParser<T> parser) {
    try {
      return parse(file, contents(file), parser);
    } catch (IOException e) {
      throw failure(file, e);
    }
  }

  /** Reads a file that fits into the buffer, and gives its length. */
  ProcResult<Integer> readInto(Path task, Path file, byte[] buffer) {
    return attempt(
        task,
        file,
        () -> {
          try (InputStream in = io.open(file)) {
            return Math.max(in.read(buffer, 0, buffer.length), 0);
          }
        });
  }

  /** Reads a file that belongs to no task, and that not every machine has. */
  <T> Optional<T> readIfThere(Path file, ProcParser<T> parser) {
    try {
      return Optional.of(parse(file, contents(file), parser));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw failure(file, e);
    }
  }

  /** Reads a link that belongs to no task, and need not be there. */
  Optional<ByteString> readLinkIfThere(Path link) {
    try {
      return Optional.of(io.readLink(link));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw failure(link, e);
    }
  }

  /** Lists the numbers in {@code directory}, which is {@code task} or belongs to it. */
  ProcResult<List<Integer>> list(Path task, Path directory) {
    return attempt(task, directory, () -> numbersIn(directory));
  }

  private List<Integer> numbersIn(Path directory) throws IOException {
    List<Integer> numbers = new ArrayList<>();
    for (String name : io.list(directory)) {
      if (Character.isDigit(name.charAt(0))) {
        numbers.add(Integer.valueOf(name));
      }
    }
    // So looks a process that ends, or whose leader is being replaced by an exec, and nothing else.
    if (numbers.isEmpty()) {
      throw new NoSuchFileException(directory.toString(), null, "the list is empty");
    }
    return List.copyOf(numbers);
  }

  /** Whether the task is certainly not there any more. */
  boolean isGone(Path task) {
    return io.isGone(task);
  }

  private static <T> T parse(Path file, byte[] contents, ProcParser<T> parser) {
    return parser.parse(file, contents, contents.length);
  }

  private byte[] contents(Path file) throws IOException {
    try (InputStream in = io.open(file)) {
      return contents(in);
    }
  }

  private static byte[] contents(InputStream in) throws IOException {
    byte[] bytes = new byte[USUAL_SIZE];
    int length = 0;
    for (int n; (n = in.read(bytes, length, bytes.length - length)) > 0; ) {
      length += n;
      if (length == bytes.length) {
        bytes = Arrays.copyOf(bytes, 2 * length);
      }
    }
    return Arrays.copyOf(bytes, length);
  }

  /**
   * By one read(2), however long: a second one might come after an exec, and then continues another
   * program's text.
   */
  private byte[] contentsAtOnce(Path file) throws IOException {
    for (int size = USUAL_SIZE; ; size = Math.multiplyExact(size, 4)) {
      byte[] bytes = new byte[size];
      try (InputStream in = io.open(file)) {
        int length = in.read(bytes, 0, size);
        if (length < size) {
          return Arrays.copyOf(bytes, Math.max(length, 0));
        }
      }
    }
  }

  /**
   * By a file that was opened on one memory and ends early if that does (the process ended, or
   * called exec); a second one, opened meanwhile on the same memory, is the witness that it did
   * not. Empty where it says otherwise.
   */
  private byte[] contentsOfOneMemory(Path file) throws IOException {
    try (InputStream in = io.open(file);
        InputStream witness = io.open(file)) {
      byte[] contents = contents(in);
      return witness.read(new byte[1], 0, 1) > 0 ? contents : NOTHING;
    }
  }

  /**
   * What a file says of a task's memory; nothing of a task without. In the midst of an exec the
   * file of any task is empty, so that it is read again, but not for ever.
   */
  private byte[] memory(Path task, int times, Read<byte[]> read) throws IOException {
    byte[] contents = NOTHING;
    for (int i = 0; i < times && contents.length == 0; i++) {
      contents = ifItHasMemory(task, read, NOTHING);
      if (contents.length == 0 && isWithoutMemory(task)) {
        return NOTHING;
      }
    }
    return contents;
  }

  private <T> T ifItHasMemory(Path task, Read<T> read, T otherwise) throws IOException {
    try {
      return read.get();
    } catch (IOException e) {
      if (isWithoutMemory(task)) { // also one that we may not look at: it hides nothing
        return otherwise;
      }
      throw e;
    }
  }

  private boolean isWithoutMemory(Path task) throws IOException {
    return stat(task).isWithoutMemory();
  }

  private Stat stat(Path task) throws IOException {
    Path file = task.resolve("stat");
    return parse(file, contents(file), Stat::parse);
  }

  /**
   * Does not believe the first failures: while an exec replaces the leader, files may be missing.
   */
  <T> ProcResult<T> attempt(Path task, Path path, Read<T> read) {
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

  private <T> ProcResult<T> outcome(Path task, Path path, IOException e) {
    // The error may be ENOENT or ESRCH, of which the latter has no exception type of its own.
    if (io.isGone(task)) {
      return new ProcResult.Vanished<>(path);
    }
    if (Denial.isDenial(e)) {
      return new ProcResult.Denied<>(path, Denial.reason(e));
    }
    throw failure(path, e);
  }

  private static UncheckedIOException failure(Path path, IOException e) {
    return new UncheckedIOException(path + ": " + e, e);
  }

  @FunctionalInterface
  interface Read<T> {
    T get() throws IOException;
  }
}
