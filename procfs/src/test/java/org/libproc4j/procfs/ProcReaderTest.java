package org.libproc4j.procfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which failure means which outcome. */
class ProcReaderTest {
  private static final Path GONE = Path.of("/proc/0");
  private static final ProcReader READER = new ProcReader(JdkIo.INSTANCE);

  @TempDir Path alive;

  @Test
  void anErrorForATaskThatIsGoneMeansVanished() {
    assertThat(outcome(GONE, new NoSuchFileException("x"))).matches(ProcResult::isVanished);
    assertThat(outcome(GONE, new IOException("No such process"))).matches(ProcResult::isVanished);
    assertThat(outcome(GONE, new IOException("Kein passender Prozess gefunden")))
        .isEqualTo(new ProcResult.Vanished<>(GONE.resolve("stat")));
  }

  @Test
  void eaccesAndEpermMeanDenied() {
    assertThat(outcome(alive, new AccessDeniedException("x")))
        .isEqualTo(new ProcResult.Denied<>(alive.resolve("stat"), "Permission denied"));
    assertThat(outcome(alive, new FileSystemException("x", null, "Operation not permitted")))
        .isEqualTo(new ProcResult.Denied<>(alive.resolve("stat"), "Operation not permitted"));
    assertThat(outcome(alive, new IOException("Operation not permitted")))
        .matches(ProcResult::isDenied);
  }

  @Test
  void anotherErrorIsThrownWithItsPath() {
    assertThatThrownBy(() -> outcome(alive, new IOException("Input/output error")))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining(alive.resolve("stat").toString())
        .hasMessageContaining("Input/output error");
  }

  @Test
  void aFileThatALiveTaskLacksIsNotVanished() {
    assertThatThrownBy(() -> outcome(alive, new NoSuchFileException("x")))
        .isInstanceOf(UncheckedIOException.class)
        .hasCauseInstanceOf(NoSuchFileException.class);
  }

  @Test
  void aFailureThatPassesIsNotBelieved() {
    Deque<IOException> failures = new ArrayDeque<>(List.of(new IOException("No such process")));

    assertThat(
            READER.attempt(
                alive,
                alive.resolve("stat"),
                () -> {
                  if (!failures.isEmpty()) {
                    throw failures.remove();
                  }
                  return "value";
                }))
        .isEqualTo(new ProcResult.Present<>("value"));
  }

  @Test
  void anEmptyTaskListOfAProcessThatIsThereIsNotBelieved() {
    assertThatThrownBy(() -> READER.list(alive, alive))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("the list is empty");
  }

  @Test
  void inAnotherLanguageARefusalIsFoundByElimination() {
    IOException eperm = new IOException("Die Operation ist nicht erlaubt");

    assertThat(Denial.isDenial(eperm, false)).isTrue();
    assertThat(Denial.isDenial(eperm, true)).isFalse();
    assertThat(Denial.isDenial(new NoSuchFileException("x"), false)).isFalse();
    assertThat(Denial.reason(eperm)).isEqualTo("Die Operation ist nicht erlaubt");
  }

  private static ProcResult<String> outcome(Path task, IOException failure) {
    return READER.attempt(
        task,
        task.resolve("stat"),
        () -> {
          throw failure;
        });
  }
}
