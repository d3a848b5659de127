package org.libproc4j.scenarios;

import static org.assertj.core.api.Assertions.assertThat;
import static org.libproc4j.testing.Signals.SIGQUIT;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.libproc4j.Errno;
import org.libproc4j.ProcessHandle;
import org.libproc4j.ProcessState;
import org.libproc4j.Tracer;
import org.libproc4j.Way;
import org.libproc4j.testing.BusyJvm;
import org.libproc4j.testing.Target;

/**
 * Targets that are not like others: with workers of the kernel's own, a JVM, under seccomp, without
 * shared libraries, of 32 bits. They are stopped, held and set running, and survive.
 *
 * <p>{@code -Dlibproc4j.test.jvm.holds=100 -Dlibproc4j.test.jvm.hold.millis=1000} for more of it.
 */
@Timeout(value = 600)
class Scenario19UnusualTargetsIT {
  private static final int ROUNDS = 20;
  private static final int HOLDS = Integer.getInteger("libproc4j.test.jvm.holds", 5);
  private static final int HOLD_MILLIS = Integer.getInteger("libproc4j.test.jvm.hold.millis", 40);

  static Stream<Arguments> programsAndWays() {
    return Stream.of("seccomp filter", "seccomp strict", "threads_static 8 mixed")
        .flatMap(program -> Stream.of(Way.values()).map(way -> Arguments.of(program, way)));
  }

  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("programsAndWays")
  void underSeccompAndWithoutSharedLibraries(String program, Way way) throws Exception {
    try (Target target = start(program)) {
      stopHoldAndRun(target, way);
    }
  }

  // ---- io_uring

  static Stream<Arguments> ringsAndWays() {
    return Stream.of("uring", "uring sqpoll")
        .flatMap(program -> Stream.of(Way.values()).map(way -> Arguments.of(program, way)));
  }

  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("ringsAndWays")
  void withWorkersOfIoUring(String program, Way way) throws Exception {
    try (Target target = start(program)) {
      List<String> said = target.events();
      if (said.getFirst().startsWith("no io_uring")) {
        // ENOSYS, or EPERM where io_uring_disabled or a filter forbids it: nothing to be had.
        System.out.println("this kernel gives us " + said.getFirst());
        assertThat(said.getFirst()).isIn("no io_uring 38", "no io_uring 1");
        return;
      }
      assertThat(workers(target)).as("io_uring's workers").isNotEmpty();
      stopHoldAndRun(target, way);
      assertThat(workers(target)).isNotEmpty();
    }
  }

  private static List<String> workers(Target target) {
    return target.tids().stream()
        .map(tid -> Path.of("/proc/" + target.pid() + "/task/" + tid + "/comm"))
        .map(Scenario19UnusualTargetsIT::read)
        .filter(name -> name.startsWith("iou-"))
        .toList();
  }

  private static String read(Path file) {
    try {
      return Files.readString(file).strip();
    } catch (java.io.IOException vanished) {
      return "";
    }
  }

  // ---- 32 bits

  @EachWay
  void of32Bits(Way way) throws Exception {
    Target target;
    try {
      target = Target.start("i386");
    } catch (AssertionError e) {
      System.out.println("this kernel runs no 32-bit programs: " + e.getMessage());
      assertThat(e).hasMessageContaining("Exec format error");
      return;
    }
    try (target) {
      stopHoldAndRun(target, way);
    }
  }

  private static Target start(String program) {
    String[] words = program.split(" ", 2);
    return words.length == 1
        ? Target.start(words[0])
        : Target.start(words[0], words[1].split(" ", -1));
  }

  private static void stopHoldAndRun(Target target, Way way) throws Exception {
    try (Tracer tracer = way.open();
        ProcessHandle process = tracer.grab(target.pid())) {
      target.assertStill();
      for (int i = 0; i < ROUNDS; i++) {
        assertThat(process.setRun()).isEqualTo(Errno.OK);
        target.awaitCounterMoves();
        assertThat(process.stop()).isEqualTo(Errno.OK);
        assertThat(process.state()).isEqualTo(ProcessState.STOP);
        long[] held = target.counters();
        assertThat(process.lwpIds()).hasSameElementsAs(target.tids());
        assertThat(target.states().values()).containsOnly('t');
        assertThat(target.counters()).isEqualTo(held);
      }
      target.assertStill();
    }
    target.assertClean();
  }

  // ---- a JVM

  @Test
  void aJvmUnderLoad() throws Exception {
    try (Target target = BusyJvm.start()) {
      for (Way way : Way.values()) {
        holdJvm(target, way);
      }
      target.tell("exit");
      assertThat(target.awaitEnd()).isEqualTo("exited 0");
      target.assertCleanEnd();
    }
  }

  private static void holdJvm(Target target, Way way) throws Exception {
    try (Tracer tracer = way.open();
        ProcessHandle process = tracer.grab(target.pid())) {
      for (int i = 0; i < HOLDS; i++) {
        assertThat(process.state()).isEqualTo(ProcessState.STOP);
        assertThat(target.states().values()).containsOnly('t');
        int mark = target.mark();
        Thread.sleep(HOLD_MILLIS); // what is tried is that its clocks go on without it
        assertThat(target.mark()).as("lines said while held").isEqualTo(mark);
        assertThat(process.setRun()).isEqualTo(Errno.OK);
        Listening.during(process, () -> target.ask("check", "sound \\d+"));
        assertThat(process.stop()).isEqualTo(Errno.OK);
      }
    }
    target.ask("check", "sound \\d+");
    target.assertClean();
  }

  /** SIGQUIT has a thread of its own, and what that says needs a safepoint of all the others. */
  @Test
  void aJvmsOwnSignalsAndSafepoints() throws Exception {
    try (Target target = BusyJvm.start()) {
      for (Way way : Way.values()) {
        dumpThreads(target, way, false);
        dumpThreads(target, way, true);
        target.assertClean();
      }
    }
  }

  private static void dumpThreads(Target target, Way way, boolean underControl) throws Exception {
    String dump = ".*Full thread dump.*";
    int mark;
    try (Tracer tracer = way.open();
        ProcessHandle process = tracer.grab(target.pid())) {
      mark = target.mark();
      target.send(SIGQUIT);
      assertThat(process.stop()).isEqualTo(Errno.OK);
      assertThat(target.mark()).isEqualTo(mark);
      if (underControl) {
        assertThat(process.setRun()).isEqualTo(Errno.OK);
        Listening.during(process, () -> target.awaitLine(mark, dump));
      }
    }
    target.awaitLine(mark, dump);
    target.ask("check", "sound \\d+");
    assertThat(target.events().stream().skip(mark).filter(line -> line.matches(dump)))
        .as("each dump once")
        .hasSize(1);
  }
}
