package org.libproc4j.procfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ProcResultTest {
  private static final Path PATH = Path.of("/proc/1/stat");

  private final ProcResult<Integer> present = new ProcResult.Present<>(7);
  private final ProcResult<Integer> vanished = new ProcResult.Vanished<>(PATH);
  private final ProcResult<Integer> denied = new ProcResult.Denied<>(PATH, "Permission denied");

  @Test
  void exactlyOneOutcomeHolds() {
    assertThat(present)
        .matches(ProcResult::isPresent)
        .matches(r -> !r.isVanished() && !r.isDenied());
    assertThat(vanished)
        .matches(ProcResult::isVanished)
        .matches(r -> !r.isPresent() && !r.isDenied());
    assertThat(denied)
        .matches(ProcResult::isDenied)
        .matches(r -> !r.isPresent() && !r.isVanished());
  }

  @Test
  void mappingKeepsTheOutcomeAndItsPath() {
    assertThat(present.map(i -> "n" + i)).isEqualTo(new ProcResult.Present<>("n7"));
    assertThat(vanished.map(i -> "n" + i)).isEqualTo(new ProcResult.Vanished<>(PATH));
    assertThat(denied.map(i -> "n" + i))
        .isEqualTo(new ProcResult.Denied<>(PATH, "Permission denied"));
    assertThat(present.flatMap(_ -> vanished)).isEqualTo(vanished);
  }

  @Test
  void onlyAPresentOneHasAValue() {
    assertThat(present.toOptional()).hasValue(7);
    assertThat(vanished.toOptional()).isEmpty();
    assertThat(denied.toOptional()).isEmpty();
    assertThat(present.orElse(1)).isEqualTo(7);
    assertThat(vanished.orElse(1)).isEqualTo(1);
    assertThat(present.orElseThrow()).isEqualTo(7);
  }

  @Test
  void aMissingValueThrowsWithPathAndReason() {
    assertThatThrownBy(vanished::orElseThrow)
        .isInstanceOf(UncheckedIOException.class)
        .hasCauseInstanceOf(NoSuchFileException.class)
        .hasMessageContaining("/proc/1/stat");
    assertThatThrownBy(denied::orElseThrow)
        .isInstanceOf(UncheckedIOException.class)
        .hasCauseInstanceOf(AccessDeniedException.class)
        .hasMessageContaining("/proc/1/stat: Permission denied");
  }
}
