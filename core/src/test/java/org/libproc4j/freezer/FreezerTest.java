package org.libproc4j.freezer;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.libproc4j.procfs.ProcFs;

/** What a freezer refuses to be told. */
class FreezerTest {
  @Test
  void aLimitIsPositive() {
    for (Duration limit : new Duration[] {Duration.ZERO, Duration.ofMillis(-1)}) {
      assertThatIllegalArgumentException().isThrownBy(() -> Freezer.machine().deadline(limit));
      assertThatIllegalArgumentException().isThrownBy(() -> Freezer.machine().perProcess(limit));
    }
  }

  /** No timer can kill it if it hangs. Nothing is frozen by this question. */
  @Test
  void pidOneIsRefusedAsTheCaller() {
    assertThatExceptionOfType(Setback.class)
        .isThrownBy(() -> new Rights(ProcFs.of(), 1).check(Freezer.machine()))
        .extracting(Setback::reason)
        .asString()
        .contains("this JVM is pid 1")
        .contains("--init");
  }

  @Test
  void aDirectoryThatIsNoProcIsRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> Freezer.machine(Path.of("/sys")));
    assertThatIllegalArgumentException().isThrownBy(() -> Freezer.machine(Path.of("/nowhere")));
  }
}
