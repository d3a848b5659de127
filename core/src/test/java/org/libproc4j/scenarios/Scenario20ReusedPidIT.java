package org.libproc4j.scenarios;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.libproc4j.testing.Signals.SIGUSR1;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.MatchResult;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.libproc4j.Errno;
import org.libproc4j.GrabError;
import org.libproc4j.GrabException;
import org.libproc4j.GrabOption;
import org.libproc4j.LwpHandle;
import org.libproc4j.ProcessHandle;
import org.libproc4j.ProcessState;
import org.libproc4j.StopRequest;
import org.libproc4j.Tracer;
import org.libproc4j.Way;
import org.libproc4j.internal.linux.InterposedLibc;
import org.libproc4j.internal.linux.Ptrace;
import org.libproc4j.testing.Meanwhile;
import org.libproc4j.testing.Target;

/**
 * A pid that becomes another process's, between the lookup and the grab, and between the grab and a
 * kill. The other one is never touched: its leader would notice any signal and any stop.
 */
@Timeout(120)
class Scenario20ReusedPidIT {
  private static final int EPERM = 1;
  private static final int EEXIST = 17;
  private static final int COUNTS = 1;
  private static final int DISTURBED = 2;

  /** What is tried with a child's pid. */
  @FunctionalInterface
  private interface Trial {
    void of(Target target, int pid) throws Exception;
  }

  /** Somebody else may have taken the pid: then all of it is done again. */
  private static final class PidTaken extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  private static void withChild(Trial trial) throws Exception {
    for (boolean done = false; !done; ) {
      try (Target target = Target.start("reuser")) {
        trial.of(target, Integer.parseInt(target.ask("child", "child (\\d+)").group(1)));
        target.assertClean();
        done = true;
      } catch (PidTaken somebodyWasQuicker) {
        System.out.println("the pid was taken by somebody else: once more");
      }
    }
  }

  /** Ends the child, and gives its pid to another. */
  private static void replace(Target target) {
    int mark = target.mark();
    target.tell("replace");
    awaitReplaced(target, mark);
  }

  private static void awaitReplaced(Target target, int mark) {
    MatchResult result = target.awaitLine(mark, "replaced \\d+|replace failed (\\d+)");
    if (result.group(1) != null) {
      int errno = Integer.parseInt(result.group(1));
      assumeFalse(errno == EPERM, "a pid cannot be chosen without CAP_CHECKPOINT_RESTORE");
      assertThat(errno).as("errno of clone3").isEqualTo(EEXIST);
      throw new PidTaken();
    }
  }

  private static void assertUntouched(Target target) {
    target.awaitCounterMoves(COUNTS);
    assertThat(target.counter(DISTURBED)).as("how often it was disturbed").isZero();
    assertThat(target.signals()).isEmpty();
  }

  // ---- between the lookup and the grab

  @Test
  void betweenTheJdksLookupAndTheGrab() throws Exception {
    for (GrabOption[] options : List.of(new GrabOption[0], new GrabOption[] {GrabOption.RDONLY})) {
      withChild(
          (target, pid) -> {
            java.lang.ProcessHandle known = java.lang.ProcessHandle.of(pid).orElseThrow();
            replace(target);
            assertThat(refusal(() -> ProcessHandle.grab(known, options)))
                .isEqualTo(GrabError.G_NOPROC);
            assertUntouched(target);
          });
    }
  }

  /**
   * Before each call in turn that a grab makes until it seizes; but for the first, which says who
   * is meant. In between nothing can be done: a thread is seized by its number alone.
   */
  @EachWay
  void withinTheGrab(Way way) throws Exception {
    AtomicInteger seizing = new AtomicInteger(Integer.MAX_VALUE);
    for (int i = 2; i < seizing.get(); i++) {
      int n = i;
      withChild(
          (target, pid) -> {
            GrabError refused = grabWhileReplaced(target, pid, way, n, seizing);
            if (n < seizing.get()) {
              assertThat(refused).as("before call %d", n).isEqualTo(GrabError.G_NOPROC);
              assertUntouched(target);
            }
          });
    }
    assertThat(seizing.get()).as("number of the call that seizes").isBetween(4, 30);
  }

  /**
   * Replaces the process before the n-th call.
   *
   * @param seizing gets the number of the call that seizes, when there is one
   */
  private static @Nullable GrabError grabWhileReplaced(
      Target target, int pid, Way way, int n, AtomicInteger seizing) {
    InterposedLibc libc = new InterposedLibc();
    AtomicReference<@Nullable RuntimeException> failure = new AtomicReference<>();
    @Nullable GrabError refusal;
    try (Tracer tracer = way.open(libc)) {
      AtomicInteger made = new AtomicInteger();
      libc.interpose(
          call -> {
            int number = made.incrementAndGet();
            if (call.isPtrace(Ptrace.SEIZE)) {
              seizing.accumulateAndGet(number, Math::min);
            } else if (number == n) {
              try {
                replace(target);
              } catch (RuntimeException e) {
                failure.set(e);
              }
            }
            return call.proceed();
          });
      refusal = refusal(() -> tracer.grab(pid, GrabOption.NOSTOP).close());
    }
    RuntimeException thrown = failure.get();
    if (thrown != null) {
      throw thrown;
    }
    return refusal;
  }

  // ---- between the grab and a kill

  @EachWay
  void betweenTheGrabAndAKill(Way way) throws Exception {
    withChild(
        (target, pid) -> {
          try (Tracer tracer = way.open();
              ProcessHandle process = tracer.grab(pid, GrabOption.NOSTOP);
              LwpHandle leader = process.lwp(pid)) {
            int mark = target.mark();
            target.tell("replace");
            assertThat(process.awaitEnd()).isEqualTo(Errno.OK);
            awaitReplaced(target, mark);
            for (int signal : new int[] {0, SIGUSR1}) {
              assertThat(process.kill(signal)).isEqualTo(Errno.ESRCH);
              assertThat(leader.kill(signal)).isEqualTo(Errno.ENOENT);
            }
            assertThat(process.stop()).isEqualTo(Errno.ENOENT);
            assertThat(leader.stop()).isEqualTo(Errno.ENOENT);
            assertThat(process.setRun(SIGUSR1)).isEqualTo(Errno.ENOENT);
            assertThat(process.reopen()).isEqualTo(Errno.ENOENT);
          }
          assertUntouched(target);
        });
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource(
      value = Way.class,
      names = {"CONFINED_INTERRUPT", "CONFINED_TGKILL"})
  void afterControlWasLostUnnoticed(Way way) throws Exception {
    withChild(
        (target, pid) -> {
          AtomicReference<@Nullable ProcessHandle> grabbed = new AtomicReference<>();
          AtomicReference<@Nullable LwpHandle> lwp = new AtomicReference<>();
          try (Meanwhile _ =
              Meanwhile.run(
                  () -> {
                    ProcessHandle process = way.open().grab(pid, GrabOption.NOSTOP);
                    grabbed.set(process);
                    lwp.set(process.lwp(pid));
                  })) {}
          try (ProcessHandle process = java.util.Objects.requireNonNull(grabbed.get());
              LwpHandle leader = java.util.Objects.requireNonNull(lwp.get())) {
            replace(target);
            assertThat(process.kill(SIGUSR1)).isEqualTo(Errno.ESRCH);
            assertThat(leader.kill(SIGUSR1)).isIn(Errno.EAGAIN, Errno.ENOENT);
            assertThat(process.reopen()).isEqualTo(Errno.ENOENT);
            assertThat(process.stop(StopRequest.PCNULL, 0)).isEqualTo(Errno.OK);
            assertThat(process.state()).isEqualTo(ProcessState.UNDEAD);
            assertThat(leader.kill(SIGUSR1)).isEqualTo(Errno.ENOENT);
          }
          assertUntouched(target);
        });
  }

  private static @Nullable GrabError refusal(
      org.assertj.core.api.ThrowableAssert.ThrowingCallable grab) {
    GrabException refused = catchThrowableOfType(GrabException.class, grab);
    return refused == null ? null : refused.error();
  }
}
