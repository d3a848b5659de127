package org.libproc4j;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The standard streams of a created process. */
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD, unit = TimeUnit.SECONDS)
class CreateStreamsIT {

  @Test
  void allThreeCanBePipes() throws Exception {
    try (ProcessHandle process =
        ProcessHandle.create(new ProcessBuilder("sh", "-c", "cat; echo said >&2; exit 7"))) {
      try {
        process.setRun().orThrow("setRun");
        try (OutputStream input = process.standardInput()) {
          input.write("told".getBytes(UTF_8));
        }
        assertThat(process.standardOutput().readAllBytes()).asString(UTF_8).isEqualTo("told");
        assertThat(process.standardError().readAllBytes()).asString(UTF_8).isEqualTo("said\n");
        assertThat(process.awaitEnd()).isEqualTo(Errno.OK);
        assertThat(process.exitStatus()).hasValue(7);
      } finally {
        process.release(ReleaseOption.KILL);
      }
    }
  }
}
