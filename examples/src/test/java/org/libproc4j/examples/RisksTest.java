package org.libproc4j.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.libproc4j.SystemCall;
import org.libproc4j.procfs.ProcResult;
import org.libproc4j.procfs.Stat;
import org.libproc4j.procfs.Status;
import org.libproc4j.procfs.Syscall;

class RisksTest {
  private static final Path SELF = Path.of("/proc/self");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "epoll_wait",
        "epoll_pwait",
        "epoll_pwait2",
        "semop",
        "semtimedop",
        "io_getevents",
        "io_uring_enter",
        "rt_sigtimedwait"
      })
  void someCallsAreAlwaysInterrupted(String call) throws Exception {
    assertThat(risks('S', "", in(call), ""))
        .containsExactly(call + " would fail with EINTR, but not after a stop of ours");
  }

  @ParameterizedTest
  @CsvSource({
    "recvfrom, socket:[1], recvfrom would fail with EINTR if its socket has a time limit",
    "accept, socket:[1], accept would fail with EINTR if its socket has a time limit",
    "write, pipe:[1], write to a pipe would return short"
  })
  void othersDependOnTheirDescriptor(String call, String descriptor, String risk) throws Exception {
    assertThat(risks('S', "", in(call), descriptor)).singleElement().asString().startsWith(risk);
    assertThat(risks('S', "", in(call), "/dev/tty")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"futex", "poll", "clock_nanosleep", "wait4"})
  void othersResume(String call) throws Exception {
    assertThat(risks('S', "", in(call), "socket:[1]")).isEmpty();
  }

  @Test
  void aThreadMayNotBeAbleToStop() throws Exception {
    assertThat(risks('D', "", in("vfork"), "")).singleElement().asString().contains("vfork child");
    assertThat(risks('D', "", in("fsync"), "")).singleElement().asString().contains("uninterrupt");
  }

  @Test
  void aSeccompFilterMayKill() throws Exception {
    assertThat(risks('S', "2", in("futex"), "")).singleElement().asString().contains("seccomp");
    assertThat(risks('S', "1", in("futex"), "")).isEmpty();
    assertThat(risks('S', "2", in("epoll_wait"), ""))
        .hasSize(2)
        .last()
        .asString()
        .contains("unless");
  }

  @Test
  void whatMayNotBeSeenIsSaidToBeUnknown() throws Exception {
    assertThat(risks('S', "", new ProcResult.Denied<>(SELF, "Permission denied"), ""))
        .singleElement()
        .asString()
        .startsWith("not known");
  }

  @Test
  void aThreadThatHasEndedRisksNothing() throws Exception {
    assertThat(risks('Z', "2", new ProcResult.Vanished<>(SELF), "")).isEmpty();
  }

  private static ProcResult<Syscall> in(String call) {
    int number = SystemCall.number(call).orElseThrow();
    return new ProcResult.Present<>(
        new Syscall.Blocked(number, List.of(3L, 0L, 0L, 0L, 0L, 0L), 1, 1));
  }

  /** Of this very process, if it were in that state. */
  private static List<String> risks(
      char state, String seccomp, ProcResult<Syscall> call, String descriptor) throws Exception {
    byte[] stat = Files.readAllBytes(SELF.resolve("stat"));
    int afterName = new String(stat, UTF_8).lastIndexOf(')') + 2;
    stat[afterName] = (byte) state;
    String status =
        Files.readString(SELF.resolve("status"))
            .replaceAll("(?m)^Seccomp:.*", "Seccomp:\t" + (seccomp.isEmpty() ? "0" : seccomp));
    return Risks.of(
        Stat.parse(SELF, stat, stat.length),
        Status.parse(SELF, status.getBytes(UTF_8), status.getBytes(UTF_8).length),
        call,
        _ -> descriptor);
  }
}
