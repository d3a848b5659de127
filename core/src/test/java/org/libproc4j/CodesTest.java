package org.libproc4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The numbers that libproc gives to requests, states and grab errors. */
class CodesTest {
  @Test
  void ofRequests() {
    assertThat(StopRequest.values())
        .extracting(StopRequest::name, StopRequest::code)
        .containsExactly(
            tuple("PCNULL", 0), tuple("PCSTOP", 1), tuple("PCDSTOP", 2), tuple("PCWSTOP", 3));
  }

  @ParameterizedTest
  @EnumSource
  void leadBackToTheRequest(StopRequest request) {
    assertThat(StopRequest.of(request.code())).isSameAs(request);
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 4, Integer.MIN_VALUE, Integer.MAX_VALUE})
  void ofNoRequest(int code) {
    assertThat(StopRequest.of(code)).isNull();
  }

  @Test
  void ofStates() {
    assertThat(ProcessState.values())
        .extracting(ProcessState::name, ProcessState::code)
        .containsExactly(
            tuple("RUN", 1),
            tuple("STOP", 2),
            tuple("LOST", 3),
            tuple("UNDEAD", 4),
            tuple("DEAD", 5),
            tuple("IDLE", 6));
  }

  @Test
  void ofGrabErrors() {
    Map<String, Integer> codes =
        Arrays.stream(GrabError.values())
            .collect(Collectors.toMap(GrabError::name, GrabError::code));
    assertThat(codes)
        .containsEntry("G_STRANGE", -1)
        .containsEntry("G_NOPROC", 1)
        .containsEntry("G_NOCORE", 2)
        .containsEntry("G_NOEXEC", 4)
        .containsEntry("G_ZOMB", 5)
        .containsEntry("G_PERM", 6)
        .containsEntry("G_BUSY", 7)
        .containsEntry("G_SYS", 8)
        .containsEntry("G_SELF", 9)
        .containsEntry("G_INTR", 10)
        .containsEntry("G_FORMAT", 12)
        .containsEntry("G_ELF", 13)
        .containsEntry("G_ISAINVAL", 15)
        .containsEntry("G_NOFD", 17)
        .hasSize(14);
  }
}
