package org.libproc4j.scenarios;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.BufferedReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.libproc4j.GrabError;
import org.libproc4j.GrabException;
import org.libproc4j.Tracer;
import org.libproc4j.Way;
import org.libproc4j.testing.Leaks;

/** A child that this JVM started is refused, and its Process object serves on. */
@Timeout(60)
@SuppressWarnings("try") // closing early, so that what is left can be looked at, is the point
class Scenario14ChildOfProcessBuilderIT {
  @EachWay
  void isRefusedAndUnharmed(Way way) throws Exception {
    Leaks before = Leaks.baseline();
    Process child =
        new ProcessBuilder("/bin/sh", "-c", "while read x; do echo $x; done; exit 3").start();
    try (OutputStream input = child.getOutputStream();
        BufferedReader output = child.inputReader(StandardCharsets.US_ASCII);
        BufferedReader error = child.errorReader(StandardCharsets.US_ASCII);
        Tracer tracer = way.open()) {
      for (int i = 0; i < 10; i++) {
        assertThatExceptionOfType(GrabException.class)
            .isThrownBy(() -> tracer.grab((int) child.pid(), Duration.ofSeconds(5)))
            .withMessageContaining("create")
            .extracting(GrabException::error)
            .isEqualTo(GrabError.G_BUSY);
        assertThat(child.isAlive()).isTrue();
        input.write((i + "\n").getBytes(StandardCharsets.US_ASCII));
        input.flush();
        assertThat(output.readLine()).isEqualTo("" + i);
      }
      input.close();
      assertThat(child.waitFor(10, TimeUnit.SECONDS)).isTrue();
      assertThat(child.exitValue()).isEqualTo(3);
      assertThat(error.readLine()).isNull();
    } finally {
      child.destroyForcibly();
    }
    before.assertNone();
  }
}
