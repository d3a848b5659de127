package org.libproc4j.scenarios;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.libproc4j.soak.Soak;

/** A mix of everything at random. {@code -Dlibproc4j.soak.seconds=3600} for an hour of it. */
@Timeout(value = 1, unit = TimeUnit.DAYS)
class Scenario22AtRandomIT {
  private static final int SECONDS = 75;

  @Test
  void whateverIsDoneToWhateverTargetTheContractHolds() throws InterruptedException {
    new Soak(SECONDS).run();
  }
}
