package org.libproc4j.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VersionsTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          GNU gdb (Debian 13.1-3) 13.1                         | 13.1
          GNU gdb (GDB; openSUSE Leap 15.5) 12.1               | 12.1
          GNU gdb (GDB) Red Hat Enterprise Linux 10.2-13.el9   | 10.2
          GNU gdb (GDB) 12.0.90.20220418-git                   | 12.0.90.20220418
          strace -- version 6.1                                | 6.1
          lldb version 14.0.6                                  | 14.0.6
          kill from procps-ng 4.0.2                            | 4.0.2
          kill from util-linux 2.38.1 (with: sigqueue, pidfd)  | 2.38.1
          cc (Debian 12.2.0-14+deb12u1) 12.2.0                 | 12.2.0
          0.02                                                 | 0.02
          5.9.4                                                | 5.9.4
          """)
  void aDistributionsOwnVersionIsPassedOver(String output, String version) {
    assertThat(Versions.parse(output)).contains(version);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Copyright\ngdb 13.1\nlicence 3.0", "gdb 13.1"})
  void theFirstLineThatHasOneCounts(String output) {
    assertThat(Versions.parse(output)).contains("13.1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "no version", "7"})
  void whatNamesNoneHasNone(String output) {
    assertThat(Versions.parse(output)).isEmpty();
  }
}
