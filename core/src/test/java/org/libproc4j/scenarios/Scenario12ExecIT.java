package org.libproc4j.scenarios;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.libproc4j.Errno;
import org.libproc4j.ErrnoException;
import org.libproc4j.GrabOption;
import org.libproc4j.LwpHandle;
import org.libproc4j.ProcessHandle;
import org.libproc4j.ProcessState;
import org.libproc4j.StopReason;
import org.libproc4j.TraceEvent;
import org.libproc4j.Tracer;
import org.libproc4j.Way;
import org.libproc4j.internal.linux.InterposedLibc;
import org.libproc4j.internal.linux.Ptrace;
import org.libproc4j.linux.linux_h;
import org.libproc4j.procfs.ProcFs;
import org.libproc4j.testing.Await;
import org.libproc4j.testing.Meanwhile;
import org.libproc4j.testing.Snapshot;
import org.libproc4j.testing.Target;
import org.libproc4j.testing.Unprivileged;

/** Another program in the same process: the handle follows it, the old threads are gone. */
@Timeout(60)
class Scenario12ExecIT {
  private static final int ROUNDS = 5;

  static Stream<Arguments> threadsAndWays() {
    return Stream.of("leader", "other")
        .flatMap(by -> Stream.of(Way.values()).map(way -> Arguments.of(by, way)));
  }

  @ParameterizedTest(name = "by the {0}, {1}")
  @MethodSource("threadsAndWays")
  void whileRunningUnderControl(String by, Way way) throws Exception {
    try (Target target = Target.start("execer", "6")) {
      try (Tracer tracer = way.open();
          ProcessHandle process = tracer.grab(target.pid())) {
        for (int i = 1; i <= ROUNDS; i++) {
          LwpHandle sibling = process.lwp(target.tid(2));
          assertThat(process.setRun()).isEqualTo(Errno.OK);
          int mark = target.mark();
          target.tell(by);
          Listening.during(process, () -> target.awaitLine(mark, "ready"));
          assertThat(target.generation()).isEqualTo(i);
          assertThat(process.stop()).isEqualTo(Errno.OK);
          assertThat(process.state()).isEqualTo(ProcessState.STOP);
          assertThat(process.lwpIds()).hasSize(6).hasSameElementsAs(target.tids());
          assertThat(sibling.state()).isEqualTo(ProcessState.UNDEAD);
          assertThat(sibling.stop()).isEqualTo(Errno.ENOENT);
          target.assertStill();
        }
      }
      target.assertClean();
    }
  }

  @ParameterizedTest(name = "by the {0}, {1}")
  @MethodSource("threadsAndWays")
  void whileSomeThreadsAreHeld(String by, Way way) throws Exception {
    try (Target target = Target.start("execer", "6")) {
      try (Tracer tracer = way.open();
          ProcessHandle process = tracer.grab(target.pid())) {
        for (int i = 1; i <= ROUNDS; i++) {
          assertThat(process.setRun()).isEqualTo(Errno.OK);
          try (LwpHandle one = process.lwp(target.tid(2));
              LwpHandle two = process.lwp(target.tid(3))) {
            assertThat(one.stop()).isEqualTo(Errno.OK);
            assertThat(two.stop()).isEqualTo(Errno.OK);
            int mark = target.mark();
            target.tell(by);
            Listening.during(process, () -> target.awaitLine(mark, "ready"));
            assertThat(one.stop()).isEqualTo(Errno.ENOENT);
            assertThat(two.state()).isEqualTo(ProcessState.UNDEAD);
          }
          assertThat(process.stop()).isEqualTo(Errno.OK);
          assertThat(process.lwpIds()).hasSize(6).hasSameElementsAs(target.tids());
        }
      }
      target.assertClean();
    }
  }

  @ParameterizedTest(name = "by the {0}, {1}")
  @MethodSource("threadsAndWays")
  void asAChosenEvent(String by, Way way) throws Exception {
    try (Target target = Target.start("execer", "6")) {
      try (Tracer tracer = way.open();
          ProcessHandle process = tracer.grab(target.pid())) {
        assertThat(process.traceEvents(TraceEvent.EXEC)).isEqualTo(Errno.OK);
        assertThat(process.setRun()).isEqualTo(Errno.OK);
        target.tell(by);
        assertThat(process.awaitStop()).isEqualTo(Errno.OK);
        assertThat(process.state()).isEqualTo(ProcessState.STOP);
        assertThat(process.lwpIds()).containsExactly(target.pid());
        assertThat(process.status().representative().reason()).contains(StopReason.EXEC);
        assertThat(target.generation()).isZero();
      }
      target.awaitLine("executed 1");
      target.awaitLine(target.mark() - 1, "ready");
      target.assertClean();
    }
  }

  @ParameterizedTest(name = "by the {0}, {1}")
  @MethodSource("threadsAndWays")
  void whileStoppedAndSetRunningAgainAndAgain(String by, Way way) throws Exception {
    try (Target target = Target.start("execer", "6")) {
      for (int i = 1; i <= ROUNDS; i++) {
        int generation = i;
        int mark = target.mark();
        try (Tracer tracer = way.open();
            ProcessHandle process = tracer.grab(target.pid())) {
          assertThat(process.setRun()).isEqualTo(Errno.OK);
          target.tell(by);
          while (target.generation() < generation) {
            assertThat(process.stop()).isEqualTo(Errno.OK);
            assertThat(process.state()).isEqualTo(ProcessState.STOP);
            assertThat(process.lwpIds()).hasSameElementsAs(target.tids());
            assertThat(process.setRun()).isEqualTo(Errno.OK);
          }
        }
        target.awaitLine(mark, "ready");
      }
      target.assertClean();
    }
  }

  /** The thread that executes has lost its number when it comes to what it was sent before. */
  @ParameterizedTest(name = "by the {0}, {1}")
  @MethodSource("threadsAndWays")
  void whileItIsDirectedAndItsSiblingsAreHeldAtTheirExit(String by, Way way) throws Exception {
    try (Target target = Target.start("execer", "3")) {
      try (Tracer tracer = way.open();
          ProcessHandle process = tracer.grab(target.pid())) {
        assertThat(process.traceEvents(TraceEvent.EXIT)).isEqualTo(Errno.OK);
        for (int i = 1; i <= ROUNDS; i++) {
          assertThat(process.setRun()).isEqualTo(Errno.OK);
          int mark = target.mark();
          target.tell(by);
          while (target.generation() < i) {
            assertThat(process.awaitStop(Duration.ofMillis(5))).isIn(Errno.OK, Errno.ETIMEDOUT);
            assertThat(process.requestStop()).isEqualTo(Errno.OK);
            assertThat(process.setRun()).isEqualTo(Errno.OK);
          }
          Listening.during(process, () -> target.awaitLine(mark, "ready"));
          assertThat(process.state()).isEqualTo(ProcessState.RUN);
          assertThat(process.stop()).isEqualTo(Errno.OK);
        }
      }
      target.assertClean();
    }
  }

  /** What was meant for the leader reaches the thread that has its number by then. */
  @EachWay
  void whileItIsDirectedToStop(Way way) throws Exception {
    try (Target target = Target.start("execer", "2")) {
      for (int i = 1; i <= ROUNDS; i++) {
        Snapshot before = target.snapshot();
        int mark = target.mark();
        InterposedLibc libc = new InterposedLibc();
        // Not one of its threads has been directed before.
        try (Tracer tracer = way.open(libc);
            ProcessHandle process = tracer.grab(target.pid(), GrabOption.NOSTOP)) {
          AtomicBoolean executed = new AtomicBoolean();
          libc.interpose(
              call -> {
                if (isDirective(call, target) && !executed.getAndSet(true)) {
                  target.tell("other");
                  Await.until(
                      Target.LIMIT, () -> target.states().equals(Map.of(target.pid(), 't')));
                }
                return call.proceed();
              });
          assertThat(process.stop()).isEqualTo(Errno.OK);
          libc.interposeNothing();
          assertThat(executed).isTrue();
          assertThat(target.generation()).isEqualTo(i - 1);
          assertThat(process.setRun()).isEqualTo(Errno.OK);
          Listening.during(process, () -> target.awaitLine(mark, "ready"));
          assertThat(target.generation()).isEqualTo(i);
          assertThat(process.state()).isEqualTo(ProcessState.RUN);
        }
        target.assertParentToldNothing(before);
      }
      target.assertClean();
    }
  }

  /** And not the signal that wakes a tracer. */
  private static boolean isDirective(InterposedLibc.Call call, Target target) {
    return call.isPtrace(Ptrace.INTERRUPT)
        || (call.function() == InterposedLibc.Function.TGKILL && target.tids().contains(call.id()));
  }

  // ---- a set-user-id program

  /** A set-user-id copy of the target's program, another user's. */
  private static final class SetUserIdProgram implements AutoCloseable {
    private static final int NOBODY = 65534;

    final Path directory = Files.createTempDirectory("libproc4j-");
    final Path program = directory.resolve("execer");

    /** Its user where nobody traces it: the other one, unless something here forbids that. */
    final int uid;

    SetUserIdProgram() throws IOException {
      Files.copy(Target.directory().resolve("execer"), program, StandardCopyOption.COPY_ATTRIBUTES);
      Files.setAttribute(program, "unix:uid", NOBODY);
      Files.setAttribute(program, "unix:mode", 0b100_111_101_101); // u+s
      try (Target untraced = Target.startProgram("ready", program.toString())) {
        uid = untraced.effectiveUid();
      }
      if (uid != NOBODY) {
        System.out.println("set-user-id has no effect here: " + program);
      }
    }

    @Override
    public void close() throws IOException {
      Files.delete(program);
      Files.delete(directory);
    }
  }

  @ParameterizedTest(name = "by the {0}, {1}")
  @MethodSource("threadsAndWays")
  void ofASetUserIdFileUnderAPrivilegedTracer(String by, Way way) throws Exception {
    assumeTrue(Unprivileged.isRoot(), "only root can make another user's set-user-id file");
    try (SetUserIdProgram file = new SetUserIdProgram()) {
      SetUserIdExec.follow(file.program.toString(), file.uid, by, way);
    }
  }

  /** Control is kept, and the privilege is not given. */
  @Test
  void ofASetUserIdFileUnderAnUnprivilegedTracer() throws Exception {
    assumeTrue(Unprivileged.isRoot(), "only root can make another user's set-user-id file");
    try (SetUserIdProgram file = new SetUserIdProgram()) {
      String said =
          Unprivileged.run(
              SetUserIdExec.class,
              List.of(ProcessHandle.class, ProcFs.class, linux_h.class, Assertions.class),
              file.program.toString(),
              "0");
      assertThat(said).contains("followed");
    }
  }

  // ---- an exec by a thread that is not ours

  @ParameterizedTest(name = "while one is held: {0}, {1}")
  @MethodSource("heldAndWays")
  void byAnUntracedSiblingControlIsLostAndWonBack(boolean held, Way way) throws Exception {
    try (Target target = Target.start("untraced")) {
      target.ask("thread", "thread \\d+ 1");
      try (Tracer tracer = way.open();
          ProcessHandle process = tracer.grab(target.pid())) {
        LwpHandle sibling = process.lwp(target.tid(1));
        assertThat(process.setRun()).isEqualTo(Errno.OK);
        for (int i = 1; i <= ROUNDS; i++) {
          if (held && i == 1) {
            assertThat(sibling.stop()).isEqualTo(Errno.OK);
          }
          String slot = target.ask("thread", "thread \\d+ (\\d+)").group(1);
          int mark = target.mark();
          target.tell("execute " + slot);
          if (held && i == 1) {
            try (Meanwhile meanwhile = Meanwhile.run(() -> target.awaitLine(mark, "ready"))) {
              while (meanwhile.goesOn()) {
                assertThat(process.awaitStop(Duration.ofMillis(10))).isIn(Errno.OK, Errno.EAGAIN);
              }
            }
            if (process.state() != ProcessState.LOST) {
              // While a thread is held, the leader's end is looked into: it was seized in time.
              assertThat(process.stop()).isEqualTo(Errno.OK);
              assertThat(process.lwpIds()).containsExactly(target.pid());
              assertThat(target.states()).containsEntry(target.pid(), 't');
              break;
            }
          }
          assertThat(process.awaitStop()).isEqualTo(Errno.EAGAIN);
          assertThat(process.state()).isEqualTo(ProcessState.LOST);
          assertThat(sibling.state()).isEqualTo(ProcessState.LOST);
          assertThat(process.stop()).isEqualTo(Errno.EAGAIN);
          target.awaitLine(mark, "ready");
          target.assertClean(target.snapshot());

          assertThat(process.reopen(tracer)).isEqualTo(Errno.OK);
          assertThat(process.state()).isEqualTo(ProcessState.RUN);
          assertThat(process.stop()).isEqualTo(Errno.OK);
          assertThat(process.lwpIds()).containsExactly(target.pid());
          assertThat(target.states()).containsEntry(target.pid(), 't');
          assertThat(process.setRun()).isEqualTo(Errno.OK);
        }
      }
      target.assertClean();
    }
  }

  /** A confined tracer, which hears of nothing meanwhile, finds it out by the question. */
  @ParameterizedTest(name = "by {0}, {1}")
  @MethodSource("questionsAndWays")
  void byAnUntracedSiblingWhoeverAsksIsToldOfTheLoss(Consumer<ProcessHandle> question, Way way)
      throws Exception {
    try (Target target = Target.start("untraced")) {
      try (Tracer tracer = way.open();
          ProcessHandle process = tracer.grab(target.pid())) {
        assertThat(process.setRun()).isEqualTo(Errno.OK);
        String slot = target.ask("thread", "thread \\d+ (\\d+)").group(1);
        int mark = target.mark();
        target.tell("execute " + slot);
        target.awaitLine(mark, "ready");
        assertThatThrownBy(() -> question.accept(process))
            .isInstanceOfSatisfying(
                ErrnoException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EAGAIN));
        assertThat(process.state()).isEqualTo(ProcessState.LOST);
      }
      target.assertClean();
    }
  }

  static Stream<Arguments> questionsAndWays() {
    Map<String, Consumer<ProcessHandle>> questions =
        Map.of("status", ProcessHandle::status, "lwpIds", ProcessHandle::lwpIds);
    return questions.entrySet().stream()
        .flatMap(
            q ->
                Stream.of(Way.values())
                    .map(w -> Arguments.of(Named.of(q.getKey(), q.getValue()), w)));
  }

  /** Nobody tells then that a tracee is none any more: the other process has tracees still. */
  @ParameterizedTest
  @EnumSource
  void byAnUntracedSiblingBesideAnotherProcess(Way way) throws Exception {
    try (Target target = Target.start("untraced");
        Target beside = Target.start("idle")) {
      try (Tracer tracer = way.open();
          ProcessHandle process = tracer.grab(target.pid());
          ProcessHandle _ = tracer.grab(beside.pid(), GrabOption.NOSTOP)) {
        assertThat(process.setRun()).isEqualTo(Errno.OK);
        for (boolean waitsMeanwhile : new boolean[] {true, false, true, false}) {
          String slot = target.ask("thread", "thread \\d+ (\\d+)").group(1);
          int mark = target.mark();
          if (waitsMeanwhile) {
            try (Meanwhile _ = Meanwhile.blockedHere(() -> target.tell("execute " + slot))) {
              assertThat(process.awaitStop()).isEqualTo(Errno.EAGAIN);
            }
          } else {
            target.tell("execute " + slot);
            target.awaitLine(mark, "ready");
            assertThat(process.stop()).isEqualTo(Errno.EAGAIN);
          }
          assertThat(process.state()).isEqualTo(ProcessState.LOST);
          target.awaitLine(mark, "ready");
          assertThat(process.reopen(tracer)).isEqualTo(Errno.OK);
          assertThat(process.stop()).isEqualTo(Errno.OK);
          assertThat(process.setRun()).isEqualTo(Errno.OK);
        }
      }
      target.assertClean();
      beside.assertClean();
    }
  }

  static Stream<Arguments> heldAndWays() {
    return Stream.of(false, true)
        .flatMap(held -> Stream.of(Way.values()).map(way -> Arguments.of(held, way)));
  }
}
