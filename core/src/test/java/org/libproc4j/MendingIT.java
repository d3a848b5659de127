package org.libproc4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.libproc4j.testing.Signals.SIGUSR1;

import java.io.BufferedReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.MatchResult;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.libproc4j.linux.linux_h;
import org.libproc4j.procfs.ProcFs;
import org.libproc4j.testing.Await;
import org.libproc4j.testing.Jvm;
import org.libproc4j.testing.Meanwhile;
import org.libproc4j.testing.Target;

/**
 * Where a stop must be mended and where not, and that nothing is mended too much: under a hail of
 * signals, calls return EINTR exactly as often as handlers run.
 *
 * <p>{@code -Dlibproc4j.test.mending.stops=5000} for 100,000 stops of single threads, {@code
 * -Dlibproc4j.test.mending.kills=300} for as many killed tracers as promised.
 */
@Timeout(value = 600)
class MendingIT {
  private static final int STOPS = Integer.getInteger("libproc4j.test.mending.stops", 400);
  private static final int LATEST_NANOS = 1_000_000;
  private static final int ROUNDS = 20;
  private static final int KILLS = Integer.getInteger("libproc4j.test.mending.kills", 3);

  // ---- a hail of signals

  /** What the target has counted of one call. */
  private record Count(String name, long calls, long interrupted, long told, long untold) {
    static Count of(Target target, String name) {
      MatchResult said =
          target.awaitLine(name + ": (\\d+) calls, (\\d+) EINTR, (\\d+) told, (\\d+) untold");
      return new Count(
          name,
          Long.parseLong(said.group(1)),
          Long.parseLong(said.group(2)),
          Long.parseLong(said.group(3)),
          Long.parseLong(said.group(4)));
    }
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void underAHailOfSignals(Way way) throws Exception {
    Random random = new Random();
    try (Target target = Target.start("interrupted")) {
      try (Tracer tracer = way.open();
          ProcessHandle process = tracer.grab(target.pid(), GrabOption.NOSTOP)) {
        for (int i = 0; i < STOPS; i++) {
          assertThat(process.stop()).isEqualTo(Errno.OK);
          Await.pass(random.nextInt(LATEST_NANOS));
          assertThat(process.setRun()).isEqualTo(Errno.OK);
          Await.pass(random.nextInt(LATEST_NANOS));
        }
      }
      target.ask("report", "reported");
      List<Count> counts = new ArrayList<>();
      for (String call : List.of("epoll_wait", "semop", "sigtimedwait", "recv", "ppoll")) {
        counts.add(Count.of(target, call));
      }
      System.out.println(way + ", " + STOPS + " stops of each: " + counts);
      long tolerated = 10 + 3 * counts.getLast().untold();
      for (Count count : counts) {
        assertThat(count.interrupted()).as("%s", count).isEqualTo(count.told()).isPositive();
        // The kernel's own restarts have such a moment too, as ppoll shows.
        assertThat(count.untold()).as("%s", counts).isLessThanOrEqualTo(tolerated);
      }
      target.assertClean();
    }
  }

  // ---- where to keep one's hands off

  private interface Run {
    void with(Target target, ProcessHandle process) throws Exception;
  }

  private static void on(String mode, Way way, Run run) throws Exception {
    try (Target target = Target.start("abstain", mode)) {
      try (Tracer tracer = way.open();
          ProcessHandle process = tracer.grab(target.pid(), GrabOption.NOSTOP)) {
        target.awaitState(target.tid(0), "S");
        run.with(target, process);
      }
    }
  }

  private static StopTrace stopAndRun(Target target, ProcessHandle process) {
    target.awaitState(target.tid(0), "S");
    assertThat(process.stop()).isEqualTo(Errno.OK);
    StopTrace trace;
    try (LwpHandle lwp = process.lwp(target.tid(0))) {
      trace = lwp.status().trace().orElseThrow();
    } catch (GrabException e) {
      throw new AssertionError(e);
    }
    assertThat(process.setRun()).isEqualTo(Errno.OK);
    return trace;
  }

  /** Lets the target's other thread obey, also under a tracer that listens only in calls. */
  private static void during(ProcessHandle process, Meanwhile.Action action) {
    try (Meanwhile meanwhile = Meanwhile.run(action)) {
      while (meanwhile.goesOn()) {
        assertThat(process.awaitStop(Duration.ofMillis(10))).isEqualTo(Errno.OK);
      }
    }
  }

  /** The number and the registers are those of a call that would be mended. */
  @ParameterizedTest
  @EnumSource(Way.class)
  void throughTheGateOf32BitPrograms(Way way) throws Exception {
    on(
        "gate",
        way,
        (target, process) -> {
          for (int i = 0; i < ROUNDS; i++) {
            int mark = target.mark();
            assertThat(stopAndRun(target, process)).isEqualTo(StopTrace.OTHER_ABI);
            during(process, () -> target.awaitLine(mark, "returned -4"));
          }
        });
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void underAFilterThatAllowsTheCall(Way way) throws Exception {
    on(
        "allowed",
        way,
        (target, process) -> {
          for (int i = 0; i < ROUNDS; i++) {
            assertThat(stopAndRun(target, process)).isEqualTo(StopTrace.MENDED);
          }
          assertThat(target.events()).containsExactly("ready");
          during(process, () -> target.ask("event", "returned 1"));
        });
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void underAFilterThatForbidsTheCallByNow(Way way) throws Exception {
    on(
        "forbidden",
        way,
        (target, process) -> {
          assertThat(stopAndRun(target, process)).isEqualTo(StopTrace.MENDED);
          target.awaitState(target.tid(0), "S"); // entered again, before that is forbidden
          during(process, () -> target.ask("forbid", "forbidden"));
          assertThat(stopAndRun(target, process)).isEqualTo(StopTrace.SECCOMP);
          during(process, () -> target.awaitLine("returned -4"));
          during(process, () -> target.ask("ping", "pong"));
        });
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void inStrictMode(Way way) throws Exception {
    on(
        "strict",
        way,
        (target, process) -> {
          for (int i = 0; i < ROUNDS; i++) {
            assertThat(stopAndRun(target, process)).isEqualTo(StopTrace.MENDED);
          }
          assertThat(target.counter(0)).isZero();
        });
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void whereCallsAreDispatchedToUserSpace(Way way) throws Exception {
    on(
        "dispatched",
        way,
        (target, process) -> {
          assertThat(stopAndRun(target, process)).isEqualTo(StopTrace.USER_DISPATCH);
          during(process, () -> target.awaitLine("returned -4"));
        });
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void aHandlerMayLeaveTheCallByAJump(Way way) throws Exception {
    on(
        "jump",
        way,
        (target, process) -> {
          for (int i = 0; i < ROUNDS; i++) {
            int mark = target.mark();
            target.awaitState(target.tid(0), "S");
            assertThat(process.stop()).isEqualTo(Errno.OK);
            target.send(SIGUSR1);
            assertThat(process.setRun()).isEqualTo(Errno.OK);
            during(process, () -> target.awaitLine(mark, "jumped"));
          }
          during(process, () -> target.ask("event", "returned 1"));
          assertThat(target.events()).doesNotContain("returned -4");
        });
  }

  /** As a call that the kernel enters again by itself: what the number stands for now is meant. */
  @ParameterizedTest
  @EnumSource(Way.class)
  void theFileOfTheCallMayBeReplacedWhileItIsHeld(Way way) throws Exception {
    on(
        "jump",
        way,
        (target, process) -> {
          try (LwpHandle thread = process.lwp(target.tid(0))) {
            assertThat(thread.stop()).isEqualTo(Errno.OK);
            assertThat(thread.status().trace()).contains(StopTrace.MENDED);
            during(process, () -> target.ask("replace", "replaced"));
            assertThat(thread.setRun()).isEqualTo(Errno.OK);
          }
          during(process, () -> target.ask("event", "returned 1"));
          assertThat(target.events()).containsExactly("ready", "replaced", "returned 1");
        });
  }

  /** Its registers are its own: those of a computation stay as they are. */
  @ParameterizedTest
  @EnumSource(Way.class)
  void aThreadThatIsInNoCallIsNotTouched(Way way) throws Exception {
    try (Target target = Target.start("regs", "6");
        Tracer tracer = way.open();
        ProcessHandle process = tracer.grab(target.pid())) {
      for (int i = 0; i < 10 * ROUNDS; i++) {
        assertThat(process.setRun()).isEqualTo(Errno.OK);
        assertThat(process.stop()).isEqualTo(Errno.OK);
      }
      assertThat(process.setRun()).isEqualTo(Errno.OK);
      during(process, target::assertComputes);
    }
  }

  // ---- a tracer that is killed right after

  @Test
  void aTracerThatIsKilledLeavesNoTrace() throws Exception {
    try (Target target = Target.start("abstain", "jump")) {
      target.ask("allow", "allowed");
      for (int i = 0; i < KILLS; i++) {
        Process holder =
            new ProcessBuilder(
                    Jvm.shortLived(
                        HoldAnother.class,
                        List.of(ProcessHandle.class, ProcFs.class, linux_h.class),
                        "" + target.pid()))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader said = holder.inputReader()) {
          assertThat(said.readLine()).isEqualTo("held");
          target.awaitState(target.tid(0), "t");
        } finally {
          holder.destroyForcibly().waitFor();
        }
        target.awaitUntraced();
        target.awaitState(target.tid(0), "S");
      }
      assertThat(target.events()).doesNotContain("returned -4");
      target.ask("event", "returned 1");
      target.assertClean();
    }
  }
}
