package org.libproc4j.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A target with a number of threads, all of them blocked; it ends with this object or this JVM. */
final class Sleepers implements AutoCloseable {
  private final Helper helper;
  private final int pid;

  Sleepers(int threads) {
    this(Helper.start("sleepers", threads));
  }

  private Sleepers(Helper helper) {
    this.helper = helper;
    pid = Integer.parseInt(helper.answer());
  }

  /** One thread that is not blocked, but computes. */
  static Sleepers busy() {
    return new Sleepers(Helper.start("sleepers", "1", "busy"));
  }

  /** Blocked in another way than {@code pause}, one of those that the C program knows. */
  static Sleepers in(String mode, int threads) {
    return new Sleepers(Helper.start("sleepers", "" + threads, mode));
  }

  static String inWords(int threads) {
    return threads == 1 ? "1 thread" : String.format(Locale.ROOT, "%,d threads", threads);
  }

  int pid() {
    return pid;
  }

  List<Integer> tids() {
    return tids(pid);
  }

  /** The threads of any process. */
  static List<Integer> tids(int pid) {
    List<Integer> tids = new ArrayList<>();
    try (DirectoryStream<Path> tasks =
        Files.newDirectoryStream(Path.of("/proc/" + pid + "/task"))) {
      for (Path task : tasks) {
        tids.add(Integer.valueOf(task.getFileName().toString()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return tids;
  }

  /** The id of the thread that traces it. */
  int tracer() {
    try (var lines = Files.lines(Path.of("/proc/" + pid + "/status"))) {
      return lines
          .filter(line -> line.startsWith("TracerPid:"))
          .mapToInt(line -> Integer.parseInt(line.substring("TracerPid:".length()).trim()))
          .findFirst()
          .orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    helper.close();
  }
}
