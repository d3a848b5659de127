package org.libproc4j.freezer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.libproc4j.testing.Signals.SIGKILL;
import static org.libproc4j.testing.Signals.SIGSTOP;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.libproc4j.testing.PidNamespace;
import org.libproc4j.testing.Zoo;

/** If the guardian is killed together with the freezer, the journal knows what is to be thawed. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class FreezeJournalIT {
  @TempDir Path directory;

  @Test
  void whatBothLeftStoppedIsThawedAndNothingElse() throws IOException {
    try (Zoo zoo = Zoo.of(10)) {
      PidNamespace namespace = zoo.namespace();
      FreezingJvm freezer = new FreezingJvm(namespace);
      freezer.freeze("backend=SIGNAL journal=" + directory);
      FreezingJvm other = new FreezingJvm(namespace);
      assertThat(other.ask("recover " + directory).text())
          .isEqualTo("thawed=0 groups=0 failed=0 held=1");

      namespace.kill(freezer.guardian(), SIGKILL);
      namespace.kill(freezer.pid(), SIGKILL);
      assertThat(namespace.awaitEnd(freezer.pid())).isEqualTo("killed 9");
      namespace.assertStill(Duration.ofMillis(100));
      assertThat(other.ask("recover " + directory).text())
          .matches("thawed=[1-9] groups=0 failed=0 held=0");
      zoo.assertAsBefore();
      assertThat(files()).isEmpty();
    }
  }

  @Test
  void whoseStartTimeDiffersIsNotTouched() throws IOException {
    try (PidNamespace namespace = new PidNamespace()) {
      int pid = namespace.animal("-", "crowd", "1", "1000");
      namespace.kill(pid, SIGSTOP);
      namespace.await("it is stopped", () -> !namespace.stopped().isEmpty());
      FreezingJvm freezer = new FreezingJvm(namespace);
      freezer.freeze("backend=SIGNAL journal=" + directory);
      String era = Files.readString(files().getFirst()).lines().findFirst().orElseThrow();
      freezer.thaw();
      assertThat(files()).isEmpty();

      String deadOwner = era.replaceAll("\\d+ \\d+$", "32000 1");
      Files.writeString(directory.resolve("freeze-32000-1"), deadOwner + "\n" + pid + " 1\n");
      assertThat(freezer.ask("recover " + directory).text())
          .isEqualTo("thawed=0 groups=0 failed=0 held=0");
      assertThat(namespace.stopped()).hasSize(1);
      assertThat(files()).isEmpty();
    }
  }

  @Test
  void withoutAJournalNothingIsFrozen() throws IOException {
    try (Zoo zoo = Zoo.of(10)) {
      FreezingJvm freezer = new FreezingJvm(zoo.namespace());
      Path file = Files.createFile(directory.resolve("file"));
      for (String where : List.of(file + "/journal", "/dev/full/x", "/proc/libproc4j")) {
        FreezingJvm.Answer answer = freezer.ask("freeze backend=SIGNAL journal=" + where);
        assertThat(answer.verb()).as(where).isEqualTo("failed");
        assertThat(answer.text()).contains("no journal can be written in " + where);
        zoo.assertAsBefore();
      }
    }
  }

  private List<Path> files() throws IOException {
    try (var files = Files.list(directory)) {
      return files.toList();
    }
  }
}
