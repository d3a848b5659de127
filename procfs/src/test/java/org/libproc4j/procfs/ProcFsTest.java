package org.libproc4j.procfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A recorded tree stands in for {@code /proc}. */
class ProcFsTest {
  @TempDir Path root;

  private ProcFs proc;

  @BeforeEach
  void record() throws IOException {
    write("5/stat", Fixture.recorded("stat-zombie-leader"));
    write("5/task/5/children", Fixture.of("8 "));
    write("5/task/7/children", Fixture.of("9 8 "));
    write("5/task/7/comm", Fixture.of("worker\n"));
    write("5/wchan", Fixture.of("0"));
    write("sys/x", Fixture.of(""));
    write("12/status", Fixture.of("garbage\n"));
    proc = ProcFs.at(root);
  }

  @Test
  void onlyNumbersAreProcesses() {
    assertThat(proc.pids()).containsExactlyInAnyOrder(5, 12);
  }

  @Test
  void whoWeAreIsToldWhereItIsKnown() throws IOException {
    assertThat(proc.self()).isEmpty();
    Path self = Files.createSymbolicLink(root.resolve("self"), Path.of("12"));
    assertThat(proc.self()).hasValue(12);
    Files.delete(self);
    Files.createSymbolicLink(self, Path.of("x"));
    assertThatThrownBy(proc::self)
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining(self + " leads to x");
  }

  @Test
  void aProcessAndItsThreadsAreReadFromTheirDirectories() {
    assertThat(proc.process(5).stat().orElseThrow().state()).isEqualTo(TaskState.ZOMBIE);
    assertThat(proc.process(5).wchan().orElseThrow()).isEmpty();
    assertThat(proc.thread(5, 7).comm()).isEqualTo(new ProcResult.Present<>(Comm.of("worker")));
    assertThat(proc.process(5).tasks().orElseThrow()).containsExactlyInAnyOrder(5, 7);
  }

  @Test
  void theChildrenOfAProcessAreThoseOfAllItsThreads() {
    assertThat(proc.process(5).children().orElseThrow()).containsExactly(8, 9);
    assertThat(proc.thread(5, 7).children().orElseThrow()).containsExactly(9, 8);
  }

  @Test
  void aProcessThatIsNotThereHasVanished() {
    assertThat(proc.process(6).stat()).isEqualTo(new ProcResult.Vanished<>(root.resolve("6/stat")));
    assertThat(proc.thread(5, 6).comm())
        .isEqualTo(new ProcResult.Vanished<>(root.resolve("5/task/6/comm")));
    assertThat(proc.process(6).tasks())
        .isEqualTo(new ProcResult.Vanished<>(root.resolve("6/task")));
    assertThat(proc.process(6).children()).matches(ProcResult::isVanished);
    assertThat(proc.process(-1).startTime()).matches(ProcResult::isVanished);
  }

  @Test
  void aMalformedFileIsNamed() {
    assertThatThrownBy(() -> proc.process(12).status())
        .isInstanceOf(MalformedProcException.class)
        .hasMessageStartingWith(root.resolve("12/status") + ": no \"Name:\\t\" at byte 0");
  }

  @Test
  void aFileLargerThanTheBufferIsReadWhole() throws IOException {
    String status = Fixture.recorded("status-linux-3.10").latin1();
    String groups = "4 ".repeat(40_000);
    write("12/status", Fixture.of(status.replace("4 24 ", groups)));

    assertThat(proc.process(12).status().orElseThrow().raw())
        .containsEntry("Groups", groups.strip())
        .containsEntry("nonvoluntary_ctxt_switches", "120");
  }

  @Test
  void aRootThatIsNoDirectoryIsRefused() {
    assertThatThrownBy(() -> ProcFs.at(root.resolve("nowhere")))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("nowhere");
  }

  @Test
  void aDirectoryThatListsNoProcessIsRefused() {
    assertThatThrownBy(() -> ProcFs.at(root.resolve("sys")))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("the list is empty");
    assertThatThrownBy(() -> ProcFs.at(root.resolve("12/status")))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("12/status");
  }

  @Test
  void aStreamGoesOnWhenAProcessIsGone() throws IOException {
    Stream<ProcessFiles> listed = proc.processes();
    Files.delete(root.resolve("12/status"));
    Files.delete(root.resolve("12"));

    assertThat(listed.map(ProcessFiles::stat))
        .hasSize(2)
        .anyMatch(ProcResult::isPresent)
        .anyMatch(ProcResult::isVanished);
    assertThat(proc.tasks(5).map(ThreadFiles::tid)).containsExactlyInAnyOrder(5, 7);
    assertThat(proc.tasks(6)).isEmpty();
  }

  @Test
  void whatTheMachineHasNotIsNamed() throws IOException {
    write("loadavg", Fixture.recorded("loadavg-6.18"));

    assertThat(proc.loadAvg().tasks()).isPositive();
    assertThatThrownBy(proc::uptime)
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining(root.resolve("uptime").toString());
  }

  @Test
  void aSettingOfTheKernelIsFoundByItsName() throws IOException {
    write("sys/kernel/yama/ptrace_scope", Fixture.of("1\n"));

    assertThat(proc.sysctl("kernel.yama.ptrace_scope")).hasValue("1");
    assertThat(proc.sysctl("kernel.no_such")).isEmpty();
    assertThatThrownBy(() -> proc.sysctl("kernel")).isInstanceOf(UncheckedIOException.class);
  }

  private void write(String file, Fixture fixture) throws IOException {
    Path path = root.resolve(file);
    Files.createDirectories(path.getParent());
    Files.write(path, fixture.bytes());
  }
}
