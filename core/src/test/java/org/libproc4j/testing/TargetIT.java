package org.libproc4j.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.libproc4j.testing.Signals.SIGCONT;
import static org.libproc4j.testing.Signals.SIGKILL;
import static org.libproc4j.testing.Signals.SIGRTMIN;
import static org.libproc4j.testing.Signals.SIGSTOP;
import static org.libproc4j.testing.Signals.SIGTERM;
import static org.libproc4j.testing.Signals.SIGTSTP;
import static org.libproc4j.testing.Signals.SIGUSR1;

import java.io.FileInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The harness itself: it must see what the tests rely on it to see. */
@Timeout(60)
class TargetIT {
  private static final Duration AT_ONCE = Duration.ofMillis(50);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "blocker list",
        "blocker epoll_wait",
        "blocker fcntl",
        "blocker msgsnd",
        "blocker semop",
        "chain",
        "execer",
        "execer 1",
        "exiter",
        "exiter 1",
        "family",
        "faulter",
        "forker line",
        "forker storm",
        "forkevents",
        "idle",
        "idle epoll_wait",
        "idle futex",
        "idle nanosleep",
        "idle poll",
        "idle read",
        "idle recv",
        "idle select",
        "idle semop",
        "idle sigtimedwait",
        "regs 6",
        "seccomp filter",
        "seccomp strict",
        "signals",
        "signals 4",
        "stepper",
        "stopper",
        "stopper 3",
        "storm",
        "syscaller 2",
        "syscaller alone",
        "threads 1",
        "threads 8",
        "threads 8 mixed",
        "threads 100 sleep",
        "threads 2000 mixed",
        "threads_static 8 mixed",
        "tracer child",
        "untraced",
        "uring",
        "uring sqpoll",
        "zombie",
        "zombie threads",
      })
  void aTargetThatNobodyTouchedIsClean(String program) {
    String[] words = program.split(" ", 2);
    String[] arguments = words.length == 1 ? new String[0] : words[1].split(" ", -1);
    try (Target target = Target.start(words[0], arguments)) {
      Snapshot before = target.snapshot();
      assertThat(before.jobStopped()).isFalse();
      target.assertClean();
      target.assertClean(before);
      target.assertParentToldNothing(before);
      assertThat(target.tracerPid()).isZero();
    }
  }

  @Nested
  class TheCleanCheckSees {

    @Test
    void aStrayStop() {
      try (Target target = Target.start("threads", "4", "sleep")) {
        target.send(SIGSTOP);
        target.awaitAllInState("T");
        assertNotClean(target, "thread " + target.pid() + " is stopped, in state T");
        target.send(SIGCONT);
        target.assertClean();
      }
    }

    @Test
    void aStrayStopOfAChild() {
      try (Target target = Target.start("forkevents")) {
        int child = Integer.parseInt(target.ask("fork hold", "forked (\\d+)").group(1));
        assertThat(target.descendants()).containsExactly(child);
        target.assertClean();
        target.sendToDescendant(child, SIGSTOP);
        assertThatThrownBy(
                () -> {
                  // A stopped child is stopped a moment after its signal.
                  for (int i = 0; i < 1000; i++) {
                    target.assertClean();
                  }
                })
            .hasMessageContaining("of child " + child + " is in state T");
        target.sendToDescendant(child, SIGCONT);
      }
    }

    @Test
    void aStopThatWasThereAndIsNoMore() {
      try (Target target = Target.start("threads", "2")) {
        target.send(SIGSTOP);
        target.awaitAllInState("T");
        Snapshot stopped = target.snapshot();
        target.assertClean(stopped);
        target.send(SIGCONT);
        assertThatThrownBy(() -> target.assertClean(stopped)).hasMessageContaining("not in T");
        target.assertClean(stopped.butStopped(false));
      }
    }

    @Test
    void aSignalPendingForTheProcess() {
      try (Target target = Target.start("signals")) {
        target.ask("block " + SIGUSR1, "blocked 10");
        target.assertClean();
        target.send(SIGUSR1);
        assertNotClean(target, "ShdPnd is 200, was 0");
        target.assertClean(target.snapshot().butShdPnd(Signals.bit(SIGUSR1)));
        target.ask("unblock " + SIGUSR1, "unblocked 10");
        target.awaitSignals(1);
        target.assertClean();
      }
    }

    @Test
    void aSignalPendingForAThread() {
      try (Target target = Target.start("signals")) {
        target.ask("block " + SIGTERM, "blocked 15");
        target.sendTo(target.pid(), SIGTERM);
        assertNotClean(target, "SigPnd of thread " + target.pid() + " is 4000, was 0");
        assertThat(target.sigPnd(target.pid())).isEqualTo(Signals.bit(SIGTERM));
        assertThat(target.shdPnd()).isZero();
      }
    }

    @Test
    void aSignalThatWasPendingAndIsNoMore() {
      try (Target target = Target.start("signals")) {
        target.ask("block " + SIGUSR1, "blocked 10");
        target.send(SIGUSR1);
        Snapshot pending = target.snapshot();
        target.assertClean(pending);
        target.ask("unblock " + SIGUSR1, "unblocked 10");
        assertThatThrownBy(() -> target.assertClean(pending))
            .hasMessageContaining("ShdPnd is 0, was 200");
        target.assertClean();
      }
    }

    @ParameterizedTest
    @ValueSource(ints = {SIGUSR1, SIGCONT, SIGRTMIN})
    void aLostSignal(int signal) {
      try (Target target = Target.start("signals", "2")) {
        target.ask("allow", "allowed");
        target.send(signal);
        target.awaitSignals(1);
        try (Target tracer = Target.start("tracer", Integer.toString(target.pid()))) {
          tracer.ask("swallow " + signal, "swallowing");
          target.send(signal);
          tracer.awaitLine("swallowed");
          tracer.tell("exit");
          tracer.assertCleanEnd();
        }
        target.awaitUntraced();
        assertNotClean(target, "signal " + signal + " was lost: sent 2 times, came 1 times");
        target.expectDiscarded(signal);
        target.assertClean();
      }
    }

    @Test
    void aLostSignalOfMany() {
      try (Target target = Target.start("signals", "2")) {
        target.ask("allow", "allowed");
        try (Target tracer = Target.start("tracer", Integer.toString(target.pid()))) {
          tracer.ask("swallow " + SIGRTMIN, "swallowing");
          for (int i = 0; i < 10; i++) {
            target.queueTo(target.tid(1), SIGRTMIN, i);
          }
          tracer.awaitLine("swallowed");
          tracer.tell("exit");
          tracer.assertCleanEnd();
        }
        target.awaitSignals(9);
        assertNotClean(target, "signal " + SIGRTMIN + " was lost: sent 10 times, came 9 times");
      }
    }

    @Test
    void noLossWhereSignalsBecomeOne() {
      try (Target target = Target.start("signals")) {
        target.ask("block " + SIGUSR1, "blocked 10");
        for (int i = 0; i < 3; i++) {
          target.send(SIGUSR1);
        }
        target.ask("unblock " + SIGUSR1, "unblocked 10");
        target.awaitSignals(1);
        target.assertClean();
      }
    }

    @Test
    void aTracer() {
      try (Target target = Target.start("stopper", "3")) {
        target.ask("allow", "allowed");
        assertATracerIsSeen(target);
        target.assertClean();
      }
    }

    private static void assertATracerIsSeen(Target target) {
      try (Target tracer = Target.start("tracer", Integer.toString(target.pid()))) {
        assertThat(target.tracerPid()).isEqualTo(tracer.pid());
        assertNotClean(target, "thread " + target.pid() + " is traced by " + tracer.pid());
        tracer.ask("stop", "stopped");
        target.assertStill();
        assertNotClean(target, "thread " + target.pid() + " is stopped, in state t");
        tracer.ask("run", "running");
        tracer.tell("exit");
        tracer.assertCleanEnd();
        target.awaitUntraced();
      }
    }

    @Test
    void aLeakedFile() throws IOException {
      try (Target target = Target.start("idle")) {
        FileInputStream leak = new FileInputStream("/proc/" + target.pid() + "/status");
        assertNotClean(target, "open files: 1 more of kind /proc/N/status");
        leak.close();
        target.assertClean();
      }
    }

    @Test
    void aLeakedThread() throws InterruptedException {
      try (Target target = Target.start("idle")) {
        CountDownLatch end = new CountDownLatch(1);
        Thread leak =
            Thread.ofPlatform()
                .name("libproc4j-leak")
                .start(() -> assertThatCode(end::await).doesNotThrowAnyException());
        assertNotClean(target, ": libproc4j-leak");
        end.countDown();
        leak.join();
        target.assertClean();
      }
    }

    @Test
    void aLeakedChild() throws Exception {
      try (Target target = Target.start("idle")) {
        Process leak = new ProcessBuilder("cat").start();
        assertNotClean(target, "child " + leak.pid() + ": cat");
        leak.getOutputStream().close();
        leak.waitFor();
        leak.getInputStream().close();
        leak.getErrorStream().close();
        target.assertClean();
      }
    }

    @Test
    void aFailedSelfCheck() {
      try (Target target = Target.start("signals")) {
        target.ask("fail as if broken", "failed as told");
        assertThatThrownBy(target::assertClean).hasMessageContaining("as if broken");
      }
    }

    @Test
    void aTargetThatHasEnded() {
      try (Target target = Target.start("exiter")) {
        target.send(SIGKILL);
        assertThat(target.awaitEnd()).isEqualTo("killed 9");
        assertThatThrownBy(target::assertClean).hasMessageContaining("has ended: [killed 9]");
        target.assertCleanEnd();
      }
    }

    @Test
    void noFaultInSeveralTargetsAtOnce() {
      try (Target first = Target.start("threads", "2", "sleep");
          Target second = Target.start("idle")) {
        try (Target third = Target.start("idle", "read")) {
          first.assertClean();
          third.assertClean();
        }
        first.assertClean();
        second.assertClean();
      }
    }

    /** What is wrong is so already, and stays so: there is nothing to wait for. */
    private static void assertNotClean(Target target, String message) {
      target.giveTimeToSettle(AT_ONCE);
      assertThatThrownBy(target::assertClean)
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("not clean")
          .hasMessageContaining(message);
      target.giveTimeToSettle(Target.SETTLE);
    }
  }

  @Nested
  class Counters {

    @Test
    void standStillWhileTheProcessIsStoppedAndMoveBeforeAndAfter() {
      try (Target target = Target.start("threads", "8", "mixed")) {
        assertThat(target.movingSlots()).hasSize(8);
        target.awaitCounterMoves();
        assertThatThrownBy(target::assertStill)
            .hasMessageContaining("counters move that should stand still")
            .hasMessageContaining("State");
        target.send(SIGSTOP);
        target.awaitAllInState("T");
        target.assertStill();
        target.assertStill(3, 4);
        Duration shortly = Duration.ofMillis(50);
        assertThatThrownBy(() -> target.awaitCounterMoves(shortly, 1, 2))
            .hasMessageContaining("counters stand still in slots [1, 2]");
        target.send(SIGCONT);
        target.awaitCounterMoves();
      }
    }

    @Test
    void belongToThreads() {
      try (Target target = Target.start("threads", "3")) {
        assertThat(target.tid(0)).isEqualTo(target.pid());
        assertThat(List.of(target.tid(0), target.tid(1), target.tid(2)))
            .containsExactlyInAnyOrderElementsOf(target.tids());
        assertThat(target.slot(target.tid(2))).isEqualTo(2);
        assertThat(target.movingSlotsBut(1)).containsExactly(0, 2);
        assertThat(target.counters()).hasSize(3).doesNotContain(0);
      }
    }
  }

  @Nested
  class TheParent {

    @Test
    void isToldOfJobControl() {
      try (Target target = Target.start("stopper", "2")) {
        Snapshot before = target.snapshot();
        target.assertParentToldNothing(before);
        target.tell("stop " + SIGTSTP);
        target.awaitParentEvent("stopped 20");
        target.awaitAllInState("T");
        assertThatThrownBy(() -> target.assertParentToldNothing(before))
            .hasMessageContaining("stopped 20");
        target.send(SIGCONT);
        target.awaitLine("continued");
        target.awaitParentEvent("continued");
        assertThat(target.parentEvents()).containsExactly("stopped 20", "continued");
        target.assertParentToldNothing(target.snapshot());
        target.assertClean();
      }
    }

    @Test
    void reapsWhenItIsTo() {
      try (Target target = Target.start("exiter")) {
        target.keepZombie();
        target.tell("exit 3");
        assertThat(target.awaitEnd()).isEqualTo("exited 3");
        assertThat(target.states()).containsEntry(target.pid(), 'Z');
        target.reap();
        target.assertCleanEnd();
        assertThatThrownBy(() -> target.send(SIGKILL)).hasMessageContaining("errno 3");
      }
    }

    @Test
    void sendsSignals() {
      try (Target target = Target.start("signals", "2")) {
        target.ask("block " + SIGRTMIN, "blocked 34");
        int other = target.tid(1);
        target.send(SIGUSR1);
        target.awaitSignals(1);
        target.sendTo(other, SIGTERM);
        target.awaitSignals(2);
        target.queueTo(other, SIGRTMIN, -7);
        target.awaitSignals(3);
        target.queueTo(target.pid(), SIGRTMIN, 1);
        target.queueTo(target.pid(), SIGRTMIN, 2);
        assertThat(target.sigPnd(target.pid())).isEqualTo(Signals.bit(SIGRTMIN));
        target.ask("unblock " + SIGRTMIN, "unblocked 34");
        target.awaitSignals(5);
        target.queue(SIGRTMIN + 1, 3);
        List<LoggedSignal> signals = target.awaitSignals(6);
        int nest = target.parentPid();
        assertThat(signals.get(0)).extracting(LoggedSignal::signal).isEqualTo(SIGUSR1);
        assertThat(signals.get(0)).extracting(LoggedSignal::code).isEqualTo(LoggedSignal.SI_USER);
        assertThat(signals.get(1))
            .isEqualTo(
                new LoggedSignal(
                    SIGTERM, LoggedSignal.SI_TKILL, nest, other, signals.get(1).value()));
        assertThat(signals.subList(2, 5))
            .containsExactly(
                new LoggedSignal(SIGRTMIN, LoggedSignal.SI_QUEUE, nest, other, -7),
                new LoggedSignal(SIGRTMIN, LoggedSignal.SI_QUEUE, nest, target.pid(), 1),
                new LoggedSignal(SIGRTMIN, LoggedSignal.SI_QUEUE, nest, target.pid(), 2));
        assertThat(signals.get(5).value()).isEqualTo(3);
        target.assertClean();
      }
    }

    @Test
    void killsTheTargetAndItsChildrenAtClose() {
      int[] pids;
      try (Target target = Target.start("forkevents")) {
        int child = Integer.parseInt(target.ask("fork hold", "forked (\\d+)").group(1));
        pids = new int[] {target.parentPid(), target.pid(), child};
      }
      for (int pid : pids) {
        assertThat(Path.of("/proc/" + pid)).doesNotExist();
      }
    }

    @Test
    void takesTheTargetAlongWhenItIsKilled() {
      Target target = Target.start("threads", "2");
      ProcessHandle.of(target.parentPid()).orElseThrow().destroyForcibly();
      // Whoever inherits the dead target may leave it a zombie: that is not ours to judge.
      assertThat(Await.until(Target.LIMIT, () -> ProcFiles.isOver(target.pid()))).isTrue();
      assertThatThrownBy(target::close).hasMessageContaining("its nest ended with status 137");
    }
  }

  @Nested
  class Programs {

    @ParameterizedTest
    @ValueSource(strings = {"exit 3 > exited 3", "last 4 > exited 4", "raise 15 > killed 15"})
    void exiterEnds(String commandAndEnd) {
      String[] parts = commandAndEnd.split(" > ", 2);
      for (String threads : List.of("1", "4")) {
        try (Target target = Target.start("exiter", threads)) {
          target.tell(parts[0]);
          assertThat(target.awaitEnd()).isEqualTo(parts[1]);
          target.assertCleanEnd();
        }
      }
    }

    @Test
    void exiterLosesThreadsOneByOne() {
      try (Target target = Target.start("exiter", "5")) {
        target.ask("worker 2", "worker 2 gone");
        assertThat(target.tids()).hasSize(4);
        assertThat(target.movingSlots()).containsExactly(0, 1, 3);
        target.ask("leader", "leader gone");
        assertThat(target.states()).containsEntry(target.pid(), 'Z').hasSize(4);
        target.assertClean();
        target.tell("fault");
        assertThat(target.awaitEnd()).isEqualTo("killed 11");
      }
    }

    @ParameterizedTest
    @ValueSource(strings = {"leader", "other"})
    void execerExecutesItself(String who) {
      for (String threads : List.of("1", "4")) {
        try (Target target = Target.start("execer", threads)) {
          for (int generation = 1; generation <= 3; generation++) {
            int mark = target.mark();
            target.tell(who);
            target.awaitLine(mark, "executed " + generation);
            target.awaitLine(mark, "ready");
            assertThat(target.generation()).isEqualTo(generation);
            assertThat(target.tids()).hasSize(Integer.parseInt(threads));
          }
          target.assertClean();
          target.tell(who + " /bin/sh -c :");
          assertThat(target.awaitEnd()).isEqualTo("exited 0");
        }
      }
    }

    @Test
    void faulterRepairsItself() {
      try (Target target = Target.start("faulter")) {
        for (String fault : List.of("segv", "trap", "ill", "fpe")) {
          target.ask(fault, "repaired " + fault);
        }
        assertThat(target.signals())
            .extracting(LoggedSignal::signal)
            .containsExactly(Signals.SIGSEGV, Signals.SIGTRAP, Signals.SIGILL, 8);
        assertThat(target.signals().getFirst().value()).isEqualTo(16);
        target.assertClean();
      }
    }

    @Test
    void vforkerIsInUninterruptibleSleepUntilItsChildIsGone() {
      try (Target target = Target.start("vforker", "2")) {
        target.awaitState(target.pid(), "D");
        target.awaitCounterMoves(1);
        target.tell("exit 6");
        target.awaitLine("child \\d+ ended 6");
        target.assertClean();
        target.ask("vfork", "vforked \\d+");
        target.awaitState(target.pid(), "D");
        target.ask("exec", "child \\d+ ended 0");
        target.assertClean();
      }
    }

    @Test
    void vforkerDiesWhileItsChildIsThere() {
      try (Target target = Target.start("vforker")) {
        target.awaitState(target.pid(), "D");
        target.send(SIGKILL);
        assertThat(target.awaitEnd()).isEqualTo("killed 9");
      }
    }

    @Test
    void forkeventsGivesBirth() {
      try (Target target = Target.start("forkevents")) {
        target.ask("fork", "forked \\d+");
        target.ask("vfork", "vforked \\d+");
        target.ask("spawn", "spawned \\d+");
        target.ask("thread", "cloned \\d+");
        target.ask("thread hold", "cloned \\d+");
        target.awaitCounterMoves(1);
        target.ask("exec", "ready");
        assertThat(target.tids()).containsExactly(target.pid());
        target.assertClean();
      }
    }

    @Test
    void untracedHasThreadsAndChildren() {
      try (Target target = Target.start("untraced")) {
        int tid = Integer.parseInt(target.ask("thread", "thread (\\d+) 1").group(1));
        int child = Integer.parseInt(target.ask("child", "child (\\d+) 2").group(1));
        assertThat(target.tids()).containsExactlyInAnyOrder(target.pid(), tid);
        assertThat(target.descendants()).containsExactly(child);
        target.assertClean();
      }
    }

    @Test
    void syscallerCalls() {
      try (Target target = Target.start("syscaller", "2")) {
        target.ask("call 0 -1 0 0", "called 0 -9");
        target.assertClean();
      }
    }

    @Test
    void zombieHasOne() {
      try (Target target = Target.start("zombie")) {
        int zombie = Integer.parseInt(target.awaitLine("zombie (\\d+)").group(1));
        assertThat(ProcFiles.Stat.ofProcess(zombie).orElseThrow().state()).isEqualTo('Z');
        target.ask("reap", "reaped " + zombie);
        assertThat(target.descendants()).isEmpty();
      }
    }

    @Test
    void idleReturnsWhenItsSignalIsHandled() {
      try (Target target = Target.start("idle", "recv")) {
        target.awaitState(target.pid(), "S");
        target.send(SIGUSR1);
        target.awaitLine("returned -1 4");
        assertThat(target.counter(0)).isEqualTo(1);
      }
    }

    @Test
    void anyOtherProgramCanBeATarget() {
      try (Target target =
          Target.startProgram("here", "/bin/sh", "-c", "echo here; read line; exit 9")) {
        target.assertClean();
        target.tell("go on");
        assertThat(target.awaitEnd()).isEqualTo("exited 9");
      }
    }
  }

  @Test
  void aProgramThatFailsToStartSaysWhy() {
    assertThatThrownBy(() -> Target.start("no-such-program"))
        .hasMessageContaining("ended without saying \"ready\"")
        .hasMessageContaining("No such file or directory");
    assertThatThrownBy(() -> Target.start("threads", "many"))
        .hasMessageContaining("not a number from 1 to 32768: many");
  }

  @Test
  void anInterruptedThreadCanUseATarget() {
    Thread.currentThread().interrupt();
    try (Target target = Target.start("threads", "2")) {
      target.assertClean();
      target.send(SIGSTOP);
      target.awaitAllInState("T");
      target.assertStill();
    }
    assertThat(Thread.interrupted()).isTrue();
  }
}
