package org.libproc4j.procfs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.libproc4j.procfs.FaultyIo.Fault;

/** Every call of every reader fails once, in turn, in every way. */
class FaultsTest {
  private static final int SELF = (int) ProcessHandle.current().pid();

  private static final Map<String, Function<ProcessFiles, ProcResult<?>>> READERS =
      Map.ofEntries(
          Map.entry("stat", TaskFiles::stat),
          Map.entry("status", TaskFiles::status),
          Map.entry("statm", TaskFiles::statm),
          Map.entry("comm", TaskFiles::comm),
          Map.entry("cmdline", TaskFiles::cmdline),
          Map.entry("environ", TaskFiles::environ),
          Map.entry("auxv", TaskFiles::auxv),
          Map.entry("maps", TaskFiles::maps),
          Map.entry("smapsRollup", TaskFiles::smapsRollup),
          Map.entry("cgroup", TaskFiles::cgroup),
          Map.entry("mounts", TaskFiles::mounts),
          Map.entry("kernelStack", TaskFiles::kernelStack),
          Map.entry("limits", TaskFiles::limits),
          Map.entry("io", TaskFiles::io),
          Map.entry("wchan", TaskFiles::wchan),
          Map.entry("syscall", TaskFiles::syscall),
          Map.entry("fd", TaskFiles::fd),
          Map.entry("fdInfo", files -> files.fdInfo(0)),
          Map.entry("one fd", files -> files.fd(0)),
          Map.entry("fdStat", files -> files.fdStat(0)),
          Map.entry("sockets", TaskFiles::sockets),
          Map.entry("smaps", TaskFiles::smaps),
          Map.entry("ns", TaskFiles::ns),
          Map.entry("exe", TaskFiles::exe),
          Map.entry("cwd", TaskFiles::cwd),
          Map.entry("root", TaskFiles::root),
          Map.entry("libraries", TaskFiles::libraries),
          Map.entry("startTime", TaskFiles::startTime),
          Map.entry("id", ProcessFiles::id),
          Map.entry("tasks", ProcessFiles::tasks),
          Map.entry("children", ProcessFiles::children),
          Map.entry("a thread's stat", files -> files.thread(SELF).stat()));

  static Stream<Arguments> everyReaderAndFault() {
    return READERS.keySet().stream()
        .sorted()
        .flatMap(reader -> Stream.of(Fault.values()).map(fault -> Arguments.of(reader, fault)));
  }

  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("everyReaderAndFault")
  void aFaultAtAnyCallHasItsOutcome(String reader, Fault fault) {
    for (int calls = 0; ; calls++) {
      FaultyIo io = new FaultyIo(fault, calls);
      ProcessFiles files = new ProcFs(ProcFs.of().root(), io).process(SELF);
      Optional<ProcResult<?>> result = outcome(Objects.requireNonNull(READERS.get(reader)), files);

      assertThat(io.leftOpen()).as("files left open").isZero();
      if (!io.hasFailed()) {
        assertThat(calls).isPositive();
        assertThat(result).hasValueSatisfying(r -> assertThat(r.isPresent()).isTrue());
        return;
      }
      if (fault.isVanishing()) {
        assertThat(result).hasValueSatisfying(r -> assertThat(r.isVanished()).isTrue());
      } else if (fault == Fault.EIO) {
        assertThat(result).isEmpty();
      } else {
        assertThat(result).hasValueSatisfying(r -> assertThat(r.isDenied()).isTrue());
      }
    }
  }

  /** Empty for the exception that says that something else is wrong. */
  private static Optional<ProcResult<?>> outcome(
      Function<ProcessFiles, ProcResult<?>> reader, ProcessFiles files) {
    try {
      return Optional.of(reader.apply(files));
    } catch (UncheckedIOException e) {
      assertThat(e).hasMessageContaining(files.directory().toString());
      return Optional.empty();
    }
  }
}
