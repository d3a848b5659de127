package org.libproc4j.internal.ptrace;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.libproc4j.internal.linux.Ptrace;
import org.libproc4j.internal.linux.Signal;
import org.libproc4j.internal.linux.Wait;
import org.libproc4j.internal.ptrace.WaitStatus.EventStop;
import org.libproc4j.internal.ptrace.WaitStatus.Exited;
import org.libproc4j.internal.ptrace.WaitStatus.GroupStop;
import org.libproc4j.internal.ptrace.WaitStatus.InterruptStop;
import org.libproc4j.internal.ptrace.WaitStatus.Killed;
import org.libproc4j.internal.ptrace.WaitStatus.SignalDeliveryStop;
import org.libproc4j.internal.ptrace.WaitStatus.SyscallStop;
import org.libproc4j.internal.ptrace.WaitStatus.Undocumented;

/** What the numbers that waitid(2) reports mean, by ptrace(2). */
class WaitStatusTest {
  private static WaitStatus stop(int status) {
    return WaitStatus.decode(Wait.CLD_TRAPPED, status);
  }

  private static WaitStatus event(int event, int signal) {
    return stop(event << 8 | signal);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3, 128, 255})
  void anExitHasItsCode(int code) {
    assertThat(WaitStatus.decode(Wait.CLD_EXITED, code)).isEqualTo(new Exited(code));
  }

  @Test
  void aDeathHasItsSignalWithACoreOrWithout() {
    assertThat(WaitStatus.decode(Wait.CLD_KILLED, 9)).isEqualTo(new Killed(9));
    assertThat(WaitStatus.decode(Wait.CLD_DUMPED, 11)).isEqualTo(new Killed(11));
  }

  static IntStream signals() {
    return IntStream.rangeClosed(1, Signal.MAX);
  }

  @ParameterizedTest
  @MethodSource("signals")
  void aPlainSignalIsOnItsWayToDelivery(int signal) {
    assertThat(stop(signal)).isEqualTo(new SignalDeliveryStop(signal));
  }

  @Test
  void aTrapWithTheHighBitIsASystemCall() {
    assertThat(stop(Signal.SIGTRAP | 0x80)).isEqualTo(SyscallStop.INSTANCE);
  }

  @ParameterizedTest
  @ValueSource(ints = {19, 20, 21, 22})
  void aStopEventWithASignalOfJobControlIsAGroupStop(int signal) {
    assertThat(event(Ptrace.EVENT_STOP, signal)).isEqualTo(new GroupStop(signal));
  }

  @Test
  void aStopEventWithATrapIsAnInterrupt() {
    assertThat(event(Ptrace.EVENT_STOP, Signal.SIGTRAP)).isEqualTo(InterruptStop.INSTANCE);
  }

  static IntStream events() {
    return IntStream.of(
        Ptrace.EVENT_FORK,
        Ptrace.EVENT_VFORK,
        Ptrace.EVENT_CLONE,
        Ptrace.EVENT_EXEC,
        Ptrace.EVENT_EXIT);
  }

  @ParameterizedTest
  @MethodSource("events")
  void anEventIsWhatAnOptionAskedFor(int event) {
    assertThat(event(event, Signal.SIGTRAP)).isEqualTo(new EventStop(event));
  }

  static Stream<Arguments> oddities() {
    return Stream.of(
        Arguments.of("no signal", Wait.CLD_TRAPPED, 0),
        Arguments.of("no signal of Linux", Wait.CLD_TRAPPED, Signal.MAX + 1),
        Arguments.of("another signal with the high bit", Wait.CLD_TRAPPED, 11 | 0x80),
        Arguments.of("an unknown event", Wait.CLD_TRAPPED, 99 << 8 | Signal.SIGTRAP),
        Arguments.of("an event we never ask for", Wait.CLD_TRAPPED, 5 << 8 | Signal.SIGTRAP),
        Arguments.of("an event with a signal", Wait.CLD_TRAPPED, Ptrace.EVENT_CLONE << 8 | 10),
        Arguments.of("a stop by SIGUSR1", Wait.CLD_TRAPPED, Ptrace.EVENT_STOP << 8 | 10),
        Arguments.of("a child's job-control stop", 5 /* CLD_STOPPED */, 19),
        Arguments.of("a child's continuation", 6 /* CLD_CONTINUED */, 18));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("oddities")
  void anythingElseIsUndocumented(String what, int code, int status) {
    assertThat(WaitStatus.decode(code, status)).as(what).isEqualTo(new Undocumented(code, status));
  }
}
