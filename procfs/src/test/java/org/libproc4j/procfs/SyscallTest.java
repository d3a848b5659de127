package org.libproc4j.procfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.libproc4j.procfs.Syscall.Blocked;
import org.libproc4j.procfs.Syscall.NotInSyscall;
import org.libproc4j.procfs.Syscall.Running;

class SyscallTest {
  @Test
  void aBlockedTaskShowsItsCall() {
    assertThat(
            Fixture.of("34 0x0 0x1 0x2 0x7f20fd732fa0 0xffffffffffffffff 0x5 0x7f20fd714ea0 0x7f\n")
                .parse(Syscall::parse))
        .isEqualTo(
            new Blocked(34, List.of(0L, 1L, 2L, 0x7f20fd732fa0L, -1L, 5L), 0x7f20fd714ea0L, 0x7fL));
  }

  @Test
  void aRunningTaskShowsNothing() {
    assertThat(Fixture.of("running\n").parse(Syscall::parse)).isEqualTo(new Running());
  }

  @Test
  void aTaskThatIsBlockedOutsideACallShowsWhere() {
    assertThat(Fixture.of("-1 0x7ff0 0xffffffffff600000\n").parse(Syscall::parse))
        .isEqualTo(new NotInSyscall(0x7ff0, 0xffffffffff600000L));
  }

  @Test
  void aKernelThreadIsInNoCallThoughItsRegistersReadAsOne() {
    assertThat(Fixture.of("0 0x0 0x0 0x0 0x0 0x0 0x0 0x0 0x0\n").parse(Syscall::parse))
        .isEqualTo(new NotInSyscall(0, 0));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "\n",
        "run\n",
        "running",
        "running \n",
        "34\n",
        "34 0x0 0x0\n",
        "-1 0x7ff0 0x1 0x2\n",
        "-1 0x 0x1\n",
        "34 0x0 0x1 0x2 0x3 0x4 0x5 0x6 0x10000000000000000\n",
        "running\nrunning\n"
      })
  void anythingElseIsMalformed(String text) {
    assertThatThrownBy(() -> Fixture.of(text).parse(Syscall::parse))
        .isInstanceOf(MalformedProcException.class);
  }
}
