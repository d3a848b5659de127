package org.libproc4j.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.libproc4j.Errno;
import org.libproc4j.GrabOption;
import org.libproc4j.LwpHandle;
import org.libproc4j.ProcessFlag;
import org.libproc4j.ProcessHandle;
import org.libproc4j.ProcessState;
import org.libproc4j.StopReason;
import org.libproc4j.StopRequest;
import org.libproc4j.Tracer;
import org.libproc4j.Way;
import org.libproc4j.testing.Meanwhile;
import org.libproc4j.testing.Signals;
import org.libproc4j.testing.Target;

/** The process ends by itself while it is waited for, at once or thread by thread. */
@Timeout(60)
class Scenario11EndsMeanwhileIT {
  private static final int ROUNDS = 5;

  static Stream<Arguments> endingsAndWays() {
    return Stream.of("exit 7", "last 7")
        .flatMap(ending -> Stream.of(Way.values()).map(way -> Arguments.of(ending, way)));
  }

  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("endingsAndWays")
  void whileWaitedFor(String ending, Way way) throws Exception {
    for (int i = 0; i < ROUNDS; i++) {
      try (Target target = Target.start("exiter", "6")) {
        try (Tracer tracer = way.open();
            ProcessHandle process = tracer.grab(target.pid())) {
          assertThat(process.setRun()).isEqualTo(Errno.OK);
          try (Meanwhile _ = Meanwhile.soon(target, () -> target.tell(ending))) {
            assertThat(process.awaitStop()).isEqualTo(Errno.ENOENT);
          }
          assertEnded(target, process);
        }
        target.assertCleanEnd();
      }
    }
  }

  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("endingsAndWays")
  void whileStoppedAndSetRunningAgainAndAgain(String ending, Way way) throws Exception {
    for (int i = 0; i < ROUNDS; i++) {
      try (Target target = Target.start("exiter", "6")) {
        try (Tracer tracer = way.open();
            ProcessHandle process = tracer.grab(target.pid())) {
          assertThat(process.setRun()).isEqualTo(Errno.OK);
          target.tell(ending);
          Errno stopped = process.stop();
          while (stopped.isOk()) {
            assertThat(process.setRun()).isIn(Errno.OK, Errno.ENOENT);
            stopped = process.stop();
          }
          assertThat(stopped).isEqualTo(Errno.ENOENT);
          assertEnded(target, process);
        }
        target.assertCleanEnd();
      }
    }
  }

  /**
   * Its leader may be dead before the others are: a tracer that is not going to listen must not let
   * it go as one that lives on without its leader.
   */
  @EachWay
  void whileLetGo(Way way) throws Exception {
    Random random = new Random();
    for (int i = 0; i < 10 * ROUNDS; i++) {
      try (Target target = Target.start("exiter", "4");
          Tracer tracer = way.open()) {
        ProcessHandle process = tracer.grab(target.pid());
        assertThat(process.setRun()).isEqualTo(Errno.OK);
        target.tell("fault");
        LockSupport.parkNanos(random.nextInt(1_500_000));
        process.close();
        assertThat(target.awaitEnd()).isEqualTo("killed 11");
      }
    }
  }

  private static void assertEnded(Target target, ProcessHandle process) {
    assertThat(process.state()).isEqualTo(ProcessState.UNDEAD);
    assertThat(process.exitStatus()).hasValue(7);
    assertThat(process.endedBy()).isEmpty();
    assertThat(target.awaitEnd()).isEqualTo("exited 7");
  }

  @EachWay
  void oneThreadEndsAndTheOthersAreControlledOn(Way way) throws Exception {
    try (Target target = Target.start("exiter", "6")) {
      try (Tracer tracer = way.open();
          ProcessHandle process = tracer.grab(target.pid());
          LwpHandle gone = process.lwp(target.tid(2))) {
        assertThat(process.setRun()).isEqualTo(Errno.OK);
        target.ask("worker 2", "worker 2 gone");
        assertThat(gone.awaitStop()).isEqualTo(Errno.ENOENT);
        assertThat(gone.state()).isEqualTo(ProcessState.UNDEAD);
        assertThat(process.stop()).isEqualTo(Errno.OK);
        assertThat(process.lwpIds()).hasSameElementsAs(target.tids());
        target.assertStill();
      }
      target.assertClean();
    }
  }

  @EachWay
  void theLeaderEndsUnderControlAndTheOthersAreControlledOn(Way way) throws Exception {
    theLeaderEndsFirst(way, true);
  }

  @EachWay
  void theLeaderHasEndedBeforeTheGrab(Way way) throws Exception {
    theLeaderEndsFirst(way, false);
  }

  @EachWay
  void theLeaderAloneIsStoppedWhileItEnds(Way way) throws Exception {
    for (int i = 0; i < ROUNDS; i++) {
      try (Target target = Target.start("exiter", "6")) {
        int round = i;
        try (Meanwhile _ =
            Meanwhile.run(
                () -> {
                  try (Tracer tracer = way.open();
                      ProcessHandle process = tracer.grab(target.pid())) {
                    assertThat(process.setRun()).isEqualTo(Errno.OK);
                    LwpHandle leader = process.lwp(target.pid());
                    if (round % 2 == 0) {
                      target.ask("leader", "leader gone");
                      assertThat(leader.stop()).isEqualTo(Errno.ENOENT);
                    } else {
                      target.tell("leader");
                      Errno result;
                      while ((result = leader.stop()) == Errno.OK) {
                        assertThat(leader.setRun()).isEqualTo(Errno.OK);
                      }
                      assertThat(result).isEqualTo(Errno.ENOENT);
                    }
                    assertThat(process.stop()).isEqualTo(Errno.OK);
                    assertThat(process.lwpIds()).doesNotContain(target.pid()).hasSize(5);
                  }
                })) {}
        target.assertComputes();
        target.tell("exit 0");
        assertThat(target.awaitEnd()).isEqualTo("exited 0");
        target.assertCleanEnd();
      }
    }
  }

  /** A tracer that keeps a thread on its way to a signal cannot sleep in a wait for any. */
  @EachWay
  void theLeaderEndsWhileAnotherIsHeldOnASignal(Way way) throws Exception {
    for (int i = 0; i < ROUNDS; i++) {
      try (Target target = Target.start("exiter", "6")) {
        try (Meanwhile _ =
            Meanwhile.run(
                () -> {
                  try (Tracer tracer = way.open();
                      ProcessHandle process = tracer.grab(target.pid())) {
                    assertThat(process.traceSignals(Signals.SIGWINCH)).isEqualTo(Errno.OK);
                    assertThat(process.setFlags(ProcessFlag.ASYNC)).isEqualTo(Errno.OK);
                    assertThat(process.setRun()).isEqualTo(Errno.OK);
                    LwpHandle held = process.lwp(target.tid(1));
                    target.sendTo(target.tid(1), Signals.SIGWINCH);
                    assertThat(held.awaitStop()).isEqualTo(Errno.OK);
                    LwpHandle leader = process.lwp(target.pid());
                    target.tell("leader");
                    Errno result;
                    while ((result = leader.stop()) == Errno.OK) {
                      assertThat(leader.setRun()).isEqualTo(Errno.OK);
                    }
                    assertThat(result).isEqualTo(Errno.ENOENT);
                    assertThat(held.status().reason()).contains(StopReason.SIGNALLED);
                  }
                })) {}
        target.assertComputes();
        target.tell("exit 0");
        assertThat(target.awaitEnd()).isEqualTo("exited 0");
        target.assertCleanEnd();
      }
    }
  }

  /** As a zombie it could not be let go: its tracer has it still. */
  @EachWay
  void theLeaderThatHasEndedUnderControlIsFoundByTheNextGrab(Way way) throws Exception {
    try (Target target = Target.start("exiter", "6")) {
      try (Meanwhile _ =
          Meanwhile.run(
              () -> {
                try (Tracer tracer = way.open()) {
                  try (ProcessHandle process = tracer.grab(target.pid())) {
                    assertThat(process.setRun()).isEqualTo(Errno.OK);
                    target.ask("leader", "leader gone");
                  }
                  for (int i = 0; i < ROUNDS; i++) {
                    try (ProcessHandle process = tracer.grab(target.pid())) {
                      assertThat(process.state()).isEqualTo(ProcessState.STOP);
                      assertThat(process.lwpIds()).doesNotContain(target.pid()).hasSize(5);
                      target.assertStill();
                    }
                    target.awaitCounterMoves();
                  }
                }
              })) {}
      target.assertComputes();
      target.tell("exit 0");
      assertThat(target.awaitEnd()).isEqualTo("exited 0");
      target.assertCleanEnd();
    }
  }

  private static void theLeaderEndsFirst(Way way, boolean underControl) throws Exception {
    try (Target target = Target.start("exiter", "6")) {
      if (!underControl) {
        target.ask("leader", "leader gone");
      }
      try (Tracer tracer = way.open();
          ProcessHandle process = tracer.grab(target.pid())) {
        if (underControl) {
          assertThat(process.setRun()).isEqualTo(Errno.OK);
          target.ask("leader", "leader gone");
        }
        for (int i = 0; i < ROUNDS; i++) {
          assertThat(process.stop()).isEqualTo(Errno.OK);
          assertThat(process.state()).isEqualTo(ProcessState.STOP);
          assertThat(process.lwpIds()).doesNotContain(target.pid()).hasSize(5);
          target.assertStill();
          assertThat(process.setRun()).isEqualTo(Errno.OK);
          assertThat(process.stop(StopRequest.PCNULL, 0)).isEqualTo(Errno.OK);
          assertThat(process.state()).isEqualTo(ProcessState.RUN);
          target.awaitCounterMoves();
        }
      }
      target.assertComputes();
      target.tell("exit 0");
      assertThat(target.awaitEnd()).isEqualTo("exited 0");
      target.assertCleanEnd();
    }
  }

  /** One that sleeps uninterruptibly is waited for as long, and told of no sooner. */
  @EachWay
  void ofALeaderBesideAnotherThatDoesNotStop(Way way) throws Exception {
    try (Target asleep = Target.start("vforker", "1")) {
      try (Target target = Target.start("exiter", "3");
          Tracer tracer = way.open();
          ProcessHandle process = tracer.grab(target.pid(), GrabOption.NOSTOP);
          LwpHandle leader = process.lwp(target.pid())) {
        target.ask("leader", "leader gone");
        assertThat(leader.requestStop()).isEqualTo(Errno.OK);
        try (ProcessHandle other = tracer.grab(asleep.pid(), GrabOption.NOSTOP)) {
          assertThat(other.requestStop()).isEqualTo(Errno.OK);
          assertThat(leader.awaitStop(Target.LIMIT)).isEqualTo(Errno.ENOENT);
          asleep.tell("exit 5");
          assertThat(other.awaitStop()).isEqualTo(Errno.OK);
        }
        target.assertComputes();
      }
      asleep.assertClean();
    }
  }

  /** Its parent is told as soon as it has ended, whatever else its former tracer has. */
  @ParameterizedTest(name = "{0}, {1} threads held on a signal")
  @MethodSource("waysAndThreads")
  void ofAReleasedProcessWithoutLeaderBesideOneThatIsHeldOnASignal(Way way, int threads)
      throws Exception {
    try (Target target = Target.start("exiter", "6");
        Target held = Target.start("signals", "" + threads)) {
      try (Tracer tracer = way.open()) {
        try (ProcessHandle process = tracer.grab(target.pid())) {
          assertThat(process.setRun()).isEqualTo(Errno.OK);
          target.tell("leader");
          try (Meanwhile gone = Meanwhile.run(() -> target.awaitLine("leader gone"))) {
            while (gone.goesOn()) {
              process.awaitStop(Duration.ofMillis(10)); // a confined tracer has to look
            }
          }
        }
        try (ProcessHandle process = tracer.grab(held.pid())) {
          assertThat(process.traceSignals(Signals.SIGUSR1)).isEqualTo(Errno.OK);
          assertThat(process.setRun()).isEqualTo(Errno.OK);
          held.send(Signals.SIGUSR1);
          assertThat(process.awaitStop(Target.LIMIT)).isEqualTo(Errno.OK);
          assertThat(process.state()).isEqualTo(ProcessState.STOP);
          target.tell("exit 0");
          assertThat(target.awaitEnd()).isEqualTo("exited 0");
          assertThat(process.state()).isEqualTo(ProcessState.STOP);
        }
      }
      held.assertClean();
    }
  }

  static Stream<Arguments> waysAndThreads() {
    return Stream.of(Way.values())
        .flatMap(way -> Stream.of(Arguments.of(way, 1), Arguments.of(way, 5)));
  }
}
