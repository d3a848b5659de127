package org.libproc4j.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.libproc4j.Errno;
import org.libproc4j.ProcessHandle;
import org.libproc4j.testing.Meanwhile;

/** Listening to a process: without a call nobody does, where its tracer is confined. */
final class Listening {
  private Listening() {}

  /** Listens while something is done; the process is neither stopped nor set running. */
  static void during(ProcessHandle process, Meanwhile.Action action) {
    try (Meanwhile meanwhile = Meanwhile.run(action)) {
      while (meanwhile.goesOn()) {
        assertThat(process.awaitStop(Duration.ofMillis(10))).isEqualTo(Errno.OK);
      }
    }
  }
}
