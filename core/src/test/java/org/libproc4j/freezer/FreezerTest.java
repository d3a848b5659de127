package org.libproc4j.freezer;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What a freezer refuses to be told. */
class FreezerTest {
  @Test
  void aLimitIsPositive() {
    for (Duration limit : new Duration[] {Duration.ZERO, Duration.ofMillis(-1)}) {
      assertThatIllegalArgumentException().isThrownBy(() -> Freezer.machine().deadline(limit));
      assertThatIllegalArgumentException().isThrownBy(() -> Freezer.machine().perProcess(limit));
    }
  }

  @Test
  void aDirectoryThatIsNoProcIsRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> Freezer.machine(Path.of("/sys")));
    assertThatIllegalArgumentException().isThrownBy(() -> Freezer.machine(Path.of("/nowhere")));
  }
}
