package org.libproc4j.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.libproc4j.freezer.Freezer;

/**
 * All who freeze the same crowd. None of them freezes another, nor the crowd's parent; only
 * Sys::FreezeThaw does, which knows no exceptions.
 */
final class Cast implements AutoCloseable {
  private static final Path MEMORY = Path.of("/dev/shm");

  /** On a busy machine, better a late figure than none. */
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final Map<Means, Helper> inC = new EnumMap<>(Means.class);
  private final Optional<Helper> peer;
  private final List<Integer> exempt = new ArrayList<>();
  private final Path journal;

  Cast(Crowd crowd) {
    peer = startPeer();
    for (Means means : Means.here()) {
      inC.put(means, Helper.start(means.program));
    }
    exempt.add((int) ProcessHandle.current().pid());
    exempt.add(crowd.parent());
    peer.ifPresent(helper -> exempt.add(helper.pid()));
    inC.values().forEach(helper -> exempt.add(helper.pid()));
    inC.values().forEach(helper -> exempt.forEach(pid -> helper.ask("exclude " + pid)));
    journal = temporaryDirectory();
    precedence("hurry");
  }

  private static Path temporaryDirectory() {
    try {
      return Files.createTempDirectory(MEMORY, "libproc4j-bench-");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * The C programs take their time from when they have a processor until they are done, with
   * precedence. So does the calling thread: else, on a busy machine, it would be its turn that is
   * measured. What it starts would have it too; so it is taken away at the end.
   */
  private void precedence(String command) {
    try {
      Path thread = Files.readSymbolicLink(Path.of("/proc/thread-self")).getFileName();
      Objects.requireNonNull(inC.get(Means.TRACE)).ask(command + " " + thread);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Optional<Helper> startPeer() {
    Helper perl;
    try {
      perl = Helper.startScript("perl", "-e", "sys-freezethaw.pl");
    } catch (UncheckedIOException e) {
      return Optional.empty();
    }
    try {
      perl.answer(); // its version: Perl has found it
      return Optional.of(perl);
    } catch (IllegalStateException e) {
      perl.close(); // until it is reaped, it is a child of ours that nobody can freeze
      return Optional.empty();
    }
  }

  /** One whose journal, if any, is in memory, as {@code /run} is. */
  Freezer freezer(Means means) {
    return Freezer.machine()
        .backend(means.backend)
        .deadline(PATIENCE)
        .perProcess(PATIENCE)
        .exclude(exempt.stream().mapToInt(pid -> pid).toArray())
        .journal(journal);
  }

  Freezing ours(Means means) {
    return Freezing.ours(freezer(means));
  }

  Freezing inC(Means means) {
    return Freezing.of(Objects.requireNonNull(inC.get(means)));
  }

  Optional<Freezing> peer() {
    return peer.map(Freezing::of);
  }

  @Override
  public void close() {
    precedence("calm");
    inC.values().forEach(Helper::close);
    peer.ifPresent(Helper::close);
    try {
      Files.delete(journal); // each freeze has removed its own
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
