package org.libproc4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.libproc4j.Errno.EAGAIN;
import static org.libproc4j.Errno.EBADF;
import static org.libproc4j.Errno.EINTR;
import static org.libproc4j.Errno.EINVAL;
import static org.libproc4j.Errno.ENOENT;
import static org.libproc4j.Errno.EPROTO;
import static org.libproc4j.Errno.OK;
import static org.libproc4j.ProcessState.LOST;
import static org.libproc4j.ProcessState.RUN;
import static org.libproc4j.ProcessState.STOP;
import static org.libproc4j.ProcessState.UNDEAD;
import static org.libproc4j.StopRequest.PCDSTOP;
import static org.libproc4j.StopRequest.PCNULL;
import static org.libproc4j.StopRequest.PCSTOP;
import static org.libproc4j.StopRequest.PCWSTOP;
import static org.libproc4j.testing.Signals.SIGCONT;
import static org.libproc4j.testing.Signals.SIGKILL;
import static org.libproc4j.testing.Signals.SIGSTOP;
import static org.libproc4j.testing.Signals.SIGTRAP;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.libproc4j.internal.linux.Err;
import org.libproc4j.internal.linux.InterposedLibc;
import org.libproc4j.internal.linux.Libc;
import org.libproc4j.internal.linux.Ptrace;
import org.libproc4j.internal.linux.SigInfo;
import org.libproc4j.internal.linux.Wait;
import org.libproc4j.testing.Await;
import org.libproc4j.testing.Meanwhile;
import org.libproc4j.testing.Snapshot;
import org.libproc4j.testing.Target;

/**
 * The table of {@link StopProtocol}, row by row, for a process and for a thread alike. A row's
 * conditions are checked in the order of the numbers; a name says what comes of them.
 */
@Timeout(60)
abstract class StopRows {
  /** What a row is tried on, and who is in control: "process, shared". */
  record Case(String subject, Way way) {
    @Override
    public String toString() {
      return subject + ", " + way;
    }
  }

  static Stream<Case> sharedCasesOf(String subject) {
    return casesOf(subject).filter(c -> c.way.isShared());
  }

  static Stream<Case> casesOf(String subject) {
    return Stream.of(Way.values()).map(way -> new Case(subject, way));
  }

  /** With the requests that see a stop which comes later. */
  static Stream<Arguments> casesAndLaterRequestsOf(String subject) {
    return casesOf(subject)
        .flatMap(c -> Stream.of(PCNULL, PCWSTOP).map(later -> Arguments.of(c, later)));
  }

  /** With every request, and the result that it has for what has ended. */
  static Stream<Arguments> casesAndRequestsOf(String subject) {
    return casesOf(subject)
        .flatMap(c -> ALL.stream().map(r -> Arguments.of(c, r, r == PCNULL ? OK : ENOENT)));
  }

  /** Takes control of a target, without stopping it. */
  abstract Scene grab(Target target, Way way, int slot) throws GrabException;

  /** A target that counts in three threads; the one in slot 1 is tried. */
  private static Target counting() {
    return Target.start("threads", "3", "sleep");
  }

  private Scene grab(Target target, Case c) throws GrabException {
    return grab(target, c.way, 1);
  }

  /** A target that cannot stop before its child is told to end; its leader is tried. */
  private static Target sleepingUninterruptibly() {
    Target target = Target.start("vforker", "2");
    target.awaitState(target.pid(), "D");
    return target;
  }

  /** Lets it wake up, and stop if it is to. */
  private static void wake(Target target) {
    target.tell("exit 0");
  }

  /** A target that ends as it is told to; the thread in slot 1 is tried. */
  private static Target mortal() {
    return Target.start("exiter", "4");
  }

  /** Has what is tried end by itself: the whole process, or the one thread. */
  abstract void tellToEnd(Target target);

  /** Has everything else end that is left of it. */
  abstract void tellTheRestToEnd(Target target);

  private static final List<StopRequest> ALL = List.of(StopRequest.values());
  private static final List<StopRequest> ALL_BUT_PCNULL = List.of(PCSTOP, PCDSTOP, PCWSTOP);
  private static final List<Integer> UNKNOWN = List.of(-1, 4, Integer.MAX_VALUE, Integer.MIN_VALUE);
  private static final List<Integer> NEGATIVE = List.of(-1, Integer.MIN_VALUE);

  /** Every unknown code and every negative time. */
  static void assertAllBadRequests(Handle handle, Errno result) {
    for (int msec : List.of(-1, 0, 1)) {
      for (int code : UNKNOWN) {
        assertThat(handle.stop(code, msec)).as("stop(%d, %d)", code, msec).isEqualTo(result);
      }
    }
    for (StopRequest request : ALL) {
      for (int msec : NEGATIVE) {
        assertThat(handle.stop(request, msec)).as("stop(%s, %d)", request, msec).isEqualTo(result);
      }
    }
  }

  static void assertAll(Handle handle, List<StopRequest> requests, Errno result) {
    for (StopRequest request : requests) {
      for (int msec : List.of(0, 1)) {
        assertThat(handle.stop(request, msec)).as("stop(%s, %d)", request, msec).isEqualTo(result);
      }
    }
  }

  // ---- 1 to 5: what is checked first

  @ParameterizedTest(name = "row 01: released → EBADF, whatever the request ({0})")
  @MethodSource("cases")
  void row01Released(Case c) throws GrabException {
    try (Target target = counting();
        Scene scene = grab(target, c)) {
      scene.handle.close();
      assertAll(scene.handle, ALL, EBADF);
      assertAllBadRequests(scene.handle, EBADF);
      scene.assertClean();
    }
  }

  @ParameterizedTest(name = "row 01: released while we wait → EBADF ({0})")
  @MethodSource("sharedCases") // nobody else can release what a confined tracer has
  void row01ReleasedWhileWeWait(Case c) throws GrabException {
    try (Target target = counting();
        Scene scene = grab(target, c)) {
      try (Meanwhile _ = Meanwhile.blockedHere(scene.handle::close)) {
        assertThat(scene.handle.awaitStop()).isEqualTo(EBADF);
      }
      scene.assertClean();
    }
  }

  @ParameterizedTest(name = "row 02: request unknown, or msec < 0 → EINVAL, nothing done ({0})")
  @MethodSource("cases")
  void row02BadRequest(Case c) throws GrabException {
    try (Target target = counting();
        Scene scene = grab(target, c)) {
      assertAllBadRequests(scene.handle, EINVAL);
      assertThat(scene.handle.stop(PCNULL, 0)).isEqualTo(OK);
      assertThat(scene.handle.state()).isEqualTo(RUN);
      scene.awaitRunning();
      assertThat(scene.handle.stop()).isEqualTo(OK);
      assertAllBadRequests(scene.handle, EINVAL);
      assertThat(scene.handle.state()).isEqualTo(STOP);
      scene.assertStill();
      scene.assertClean();
    }
  }

  @ParameterizedTest(name = "row 03: LOST → EAGAIN; PCNULL → OK ({0})")
  @MethodSource("cases")
  void row03Lost(Case c) throws GrabException {
    try (Target target = counting();
        Scene scene = grab(target, c)) {
      scene.tracer.close();
      assertThat(scene.handle.state()).isEqualTo(LOST);
      assertAll(scene.handle, ALL_BUT_PCNULL, EAGAIN);
      assertAll(scene.handle, List.of(PCNULL), OK);
      assertThat(scene.handle.state()).isEqualTo(LOST);
      assertThat(target.tracerPid()).isZero();
      scene.awaitRunning();
      assertAllBadRequests(scene.handle, EINVAL); // row 2 comes first
      scene.assertClean();
      assertAll(scene.handle, ALL, EBADF); // row 1 comes first
    }
  }

  @ParameterizedTest(name = "row 03: LOST, and ended since → UNDEAD, with the next PCNULL ({0})")
  @MethodSource("cases")
  void row03LostAndEnded(Case c) throws GrabException {
    try (Target target = counting();
        Scene scene = grab(target, c)) {
      scene.tracer.close();
      target.send(SIGKILL);
      target.awaitEnd();
      assertThat(scene.handle.stop(PCNULL, 0)).isEqualTo(OK);
      assertThat(scene.handle.state()).isEqualTo(UNDEAD);
      assertAll(scene.handle, ALL_BUT_PCNULL, ENOENT);
      scene.assertCleanEnd();
    }
  }

  @ParameterizedTest(name = "row 04: UNDEAD → ENOENT; PCNULL → OK ({0})")
  @MethodSource("cases")
  void row04Undead(Case c) throws GrabException {
    try (Target target = mortal();
        Scene scene = grab(target, c)) {
      tellToEnd(target);
      scene.awaitState(UNDEAD);
      assertAll(scene.handle, ALL_BUT_PCNULL, ENOENT);
      assertAll(scene.handle, List.of(PCNULL), OK);
      assertThat(scene.handle.state()).isEqualTo(UNDEAD);
      assertAllBadRequests(scene.handle, EINVAL); // row 2 comes first
      tellTheRestToEnd(target);
      scene.assertCleanEnd();
      assertAll(scene.handle, ALL, EBADF); // row 1 comes first
    }
  }

  // ---- 6: stopped already

  @ParameterizedTest(name = "row 06: STOP, PCSTOP or PCWSTOP → OK at once ({0})")
  @MethodSource("cases")
  void row06Stopped(Case c) throws GrabException {
    try (Target target = counting();
        Scene scene = grab(target, c)) {
      assertThat(scene.handle.stop()).isEqualTo(OK);
      AtomicInteger directives = new AtomicInteger();
      scene.interpose(
          call -> {
            if (isDirective(call, target)) {
              directives.incrementAndGet();
            }
            return call.proceed();
          });
      assertAll(scene.handle, List.of(PCSTOP, PCWSTOP), OK);
      assertThat(scene.handle.stop(PCWSTOP, Integer.MAX_VALUE)).isEqualTo(OK);
      assertThat(directives).hasValue(0);
      assertThat(scene.handle.state()).isEqualTo(STOP);
      scene.assertStill();
      scene.assertClean();
    }
  }

  private static boolean isDirective(InterposedLibc.Call call, Target target) {
    return call.isPtrace(Ptrace.INTERRUPT)
        || (call.function() == InterposedLibc.Function.TGKILL && target.tids().contains(call.id()));
  }

  @ParameterizedTest(name = "row 06: after a PCSTOP, no SIGCONT of somebody else runs it ({0})")
  @MethodSource("cases")
  void row06StoppedByJobControlAndByUs(Case c) throws GrabException {
    try (Target target = counting()) {
      target.send(SIGSTOP);
      target.awaitAllInState("T");
      Snapshot before = target.snapshot();
      try (Scene scene = grab(target, c)) {
        assertThat(scene.handle.awaitStop()).isEqualTo(OK);
        assertThat(scene.handle.state()).isEqualTo(STOP);
        assertThat(scene.handle.stop()).isEqualTo(OK);
        target.send(SIGCONT);
        awaitOthersRunning(scene, c);
        scene.assertStill();
        assertThat(scene.handle.stop(PCNULL, 0)).isEqualTo(OK);
        assertThat(scene.handle.state()).isEqualTo(STOP);
        assertThat(scene.process.setRun()).isEqualTo(OK);
        scene.awaitState(RUN);
        scene.awaitRunning();
        scene.assertClean(before.butStopped(false));
      }
    }
  }

  /** After somebody's SIGCONT: the threads that it may run do, if their tracer lets them. */
  abstract void awaitOthersRunning(Scene scene, Case c);

  @ParameterizedTest(name = "row 06: after a PCWSTOP, the SIGCONT of somebody else runs it ({0})")
  @MethodSource("cases")
  void row06StoppedByJobControlAlone(Case c) throws GrabException {
    try (Target target = counting()) {
      target.send(SIGSTOP);
      target.awaitAllInState("T");
      Snapshot before = target.snapshot();
      try (Scene scene = grab(target, c)) {
        assertThat(scene.handle.awaitStop()).isEqualTo(OK);
        assertThat(scene.handle.state()).isEqualTo(STOP);
        target.assertStill();
        target.send(SIGCONT);
        scene.awaitState(RUN);
        scene.awaitRunning();
        scene.assertClean(before.butStopped(false));
      }
    }
  }

  // ---- 7: it ends meanwhile

  @ParameterizedTest(name = "row 07: it ends while we wait, PCWSTOP → ENOENT, UNDEAD ({0})")
  @MethodSource("cases")
  void row07EndsWhileWeWait(Case c) throws GrabException {
    try (Target target = mortal();
        Scene scene = grab(target, c)) {
      try (Meanwhile _ = Meanwhile.blockedHere(() -> tellToEnd(target))) {
        assertThat(scene.handle.awaitStop()).isEqualTo(ENOENT);
      }
      assertThat(scene.handle.state()).isEqualTo(UNDEAD);
      tellTheRestToEnd(target);
      scene.assertCleanEnd();
    }
  }

  @ParameterizedTest(name = "row 07: it is killed while we wait, PCSTOP → ENOENT, UNDEAD ({0})")
  @MethodSource("cases")
  void row07KilledWhileWeWait(Case c) throws GrabException {
    try (Target target = sleepingUninterruptibly();
        Scene scene = grab(target, c.way, 0)) {
      try (Meanwhile _ = Meanwhile.blockedHere(() -> target.send(SIGKILL))) {
        assertThat(scene.handle.stop()).isEqualTo(ENOENT);
      }
      assertThat(scene.handle.state()).isEqualTo(UNDEAD);
      scene.assertCleanEnd();
    }
  }

  @ParameterizedTest(name = "row 07: it is killed while we direct it → ENOENT, UNDEAD ({0})")
  @MethodSource("cases")
  void row07KilledWhileWeDirect(Case c) throws GrabException {
    try (Target target = counting();
        Scene scene = grab(target, c)) {
      AtomicBoolean killed = new AtomicBoolean();
      scene.interpose(
          call -> {
            if (isDirective(call, target) && killed.compareAndSet(false, true)) {
              target.send(SIGKILL);
            }
            return call.proceed();
          });
      assertThat(scene.handle.stop()).isEqualTo(ENOENT);
      assertThat(scene.handle.state()).isEqualTo(UNDEAD);
      scene.assertCleanEnd();
    }
  }

  @ParameterizedTest(name = "row 07: it has just ended, {1} → {2}, UNDEAD ({0})")
  @MethodSource("casesAndRequests")
  void row07HasJustEnded(Case c, StopRequest request, Errno result) throws GrabException {
    try (Target target = mortal();
        Scene scene = grab(target, c)) {
      tellToEnd(target);
      assertThat(Await.until(Target.LIMIT, scene::isOver)).isTrue();
      assertThat(scene.handle.stop(request, 0)).isEqualTo(result);
      assertThat(scene.handle.state()).isEqualTo(UNDEAD);
      tellTheRestToEnd(target);
      scene.assertCleanEnd();
    }
  }

  @ParameterizedTest(name = "row 07: it was killed while stopped, {1} → {2}, UNDEAD ({0})")
  @MethodSource("casesAndRequests")
  void row07KilledWhileStopped(Case c, StopRequest request, Errno result) throws GrabException {
    try (Target target = counting();
        Scene scene = grab(target, c)) {
      assertThat(scene.handle.stop()).isEqualTo(OK);
      target.send(SIGKILL);
      assertThat(Await.until(Target.LIMIT, scene::isOver)).isTrue();
      assertThat(scene.handle.stop(request, 0)).isEqualTo(result);
      assertThat(scene.handle.state()).isEqualTo(UNDEAD);
      scene.assertCleanEnd();
    }
  }

  // ---- 8: control vanishes meanwhile

  @ParameterizedTest(name = "row 08: control vanishes while we wait → EAGAIN, LOST ({0})")
  @MethodSource("cases")
  void row08ControlVanishesWhileWeWait(Case c) throws GrabException {
    try (Target target = Target.start("threads", "1", "sleep");
        Scene scene = grab(target, c.way, 0)) {
      detachAtNextReport(scene);
      try (Meanwhile _ = Meanwhile.blockedHere(() -> target.send(SIGCONT))) {
        assertThat(scene.handle.awaitStop()).isEqualTo(EAGAIN);
      }
      assertThat(scene.handle.state()).isEqualTo(LOST);
      assertAll(scene.handle, ALL_BUT_PCNULL, EAGAIN);
      scene.assertClean();
    }
  }

  @ParameterizedTest(name = "row 08: control vanishes while we work, PCNULL → OK, LOST ({0})")
  @MethodSource("cases")
  void row08ControlVanishesWhileWeLook(Case c) throws GrabException {
    try (Target target = counting();
        Scene scene = grab(target, c)) {
      detachAtNextReport(scene);
      target.send(SIGCONT);
      scene.awaitState(LOST);
      scene.assertClean();
    }
  }

  /**
   * As if its threads were taken from us: with the next stop that one of them reports, the tracer's
   * own thread detaches them all, and whoever has them now does not give them back.
   */
  private static void detachAtNextReport(Scene scene) {
    AtomicBoolean detached = new AtomicBoolean();
    SigInfo info = new SigInfo();
    scene.interpose(
        call -> {
          if (detached.get()) {
            return call.isPtrace(Ptrace.SEIZE) ? -Err.EPERM : call.proceed();
          }
          long result = call.proceed();
          if (call.hasReportedStop() && detached.compareAndSet(false, true)) {
            for (int tid : scene.target.tids()) {
              Libc.SYSTEM.ptrace(Ptrace.INTERRUPT, tid, 0, 0);
              while (Libc.SYSTEM.waitid(Wait.P_PID, tid, info, Wait.WEXITED | Wait.WALL)
                  == -Err.EINTR) {}
              Libc.SYSTEM.ptrace(Ptrace.DETACH, tid, 0, 0);
            }
          }
          return result;
        });
  }

  @ParameterizedTest(name = "row 08: its tracer is closed while we wait → EAGAIN, LOST ({0})")
  @MethodSource("sharedCases") // nobody else can close a confined tracer
  void row08TracerClosedWhileWeWait(Case c) throws GrabException {
    for (StopRequest request : List.of(PCSTOP, PCWSTOP)) {
      try (Target target = sleepingUninterruptibly();
          Scene scene = grab(target, c.way, 0)) {
        try (Meanwhile _ = Meanwhile.blockedHere(scene.tracer::close)) {
          assertThat(scene.handle.stop(request, 0)).as("%s", request).isEqualTo(EAGAIN);
        }
        assertThat(scene.handle.state()).isEqualTo(LOST);
        wake(target);
        target.awaitUntraced();
        scene.assertClean();
      }
    }
  }

  // ---- 9: those that never wait

  @ParameterizedTest(name = "row 09: PCNULL → OK, state refreshed, stopped or not ({0})")
  @MethodSource("cases")
  void row09Pcnull(Case c) throws GrabException {
    try (Target target = counting()) {
      Snapshot before = target.snapshot();
      try (Scene scene = grab(target, c)) {
        assertThat(scene.handle.stop(PCNULL, Integer.MAX_VALUE)).isEqualTo(OK);
        assertThat(scene.handle.state()).isEqualTo(RUN);
        scene.awaitRunning();
        target.send(SIGSTOP);
        scene.awaitState(STOP);
        target.send(SIGCONT);
        scene.awaitState(RUN);
        scene.awaitRunning();
        scene.assertClean(before);
      }
    }
  }

  @ParameterizedTest(name = "row 09: PCDSTOP → OK at once, directive in force ({0})")
  @MethodSource("cases")
  void row09Pcdstop(Case c) throws GrabException {
    try (Target target = sleepingUninterruptibly();
        Scene scene = grab(target, c.way, 0)) {
      assertThat(scene.handle.stop(PCDSTOP, Integer.MAX_VALUE)).isEqualTo(OK);
      assertThat(scene.handle.requestStop()).isEqualTo(OK);
      assertThat(scene.handle.state()).isEqualTo(RUN);
      wake(target);
      scene.awaitState(STOP);
      assertThat(scene.handle.requestStop()).isEqualTo(OK);
      assertThat(scene.handle.state()).isEqualTo(STOP);
      assertThat(scene.process.setRun()).isEqualTo(OK);
      scene.awaitLine("child .* ended 0");
      scene.assertClean();
    }
  }

  // ---- 10: time runs out

  @ParameterizedTest(name = "row 10: time ran out, PCWSTOP → OK, RUN, nothing directed ({0})")
  @MethodSource("cases")
  void row10PcwstopTimesOut(Case c) throws GrabException {
    try (Target target = counting();
        Scene scene = grab(target, c)) {
      assertTakesAtLeast(20, () -> assertThat(scene.handle.stop(PCWSTOP, 20)).isEqualTo(OK));
      assertThat(scene.handle.state()).isEqualTo(RUN);
      assertTakesAtLeast(
          5, () -> assertThat(scene.handle.awaitStop(Duration.ofNanos(4_000_001))).isEqualTo(OK));
      scene.awaitRunning();
      assertThat(scene.handle.stop(PCNULL, 0)).isEqualTo(OK);
      assertThat(scene.handle.state()).isEqualTo(RUN);
      scene.assertClean();
    }
  }

  @ParameterizedTest(name = "row 10: time ran out, PCSTOP → OK, RUN; {1} sees the stop later ({0})")
  @MethodSource("casesAndLaterRequests")
  void row10PcstopTimesOut(Case c, StopRequest later) throws GrabException {
    try (Target target = sleepingUninterruptibly();
        Scene scene = grab(target, c.way, 0)) {
      assertTakesAtLeast(20, () -> assertThat(scene.handle.stop(PCSTOP, 20)).isEqualTo(OK));
      assertThat(scene.handle.state()).isEqualTo(RUN);
      assertTakesAtLeast(1, () -> assertThat(scene.handle.stop(Duration.ofNanos(1))).isEqualTo(OK));
      wake(target);
      if (later == PCWSTOP) {
        assertThat(scene.handle.awaitStop()).isEqualTo(OK);
        assertThat(scene.handle.state()).isEqualTo(STOP);
      } else {
        scene.awaitState(STOP);
      }
      assertThat(target.states()).containsEntry(target.pid(), 't');
      assertThat(scene.process.setRun()).isEqualTo(OK);
      scene.awaitLine("child .* ended 0");
      scene.assertClean();
    }
  }

  private static void assertTakesAtLeast(int msec, Runnable call) {
    long start = System.nanoTime();
    call.run();
    assertThat(Duration.ofNanos(System.nanoTime() - start))
        .isGreaterThanOrEqualTo(Duration.ofMillis(msec));
  }

  // ---- 11, 12: what the kernel never does

  @ParameterizedTest(name = "row 11: PCSTOP for ever, and the wait ended unstopped → EPROTO ({0})")
  @MethodSource("cases")
  void row11TheWaitOfPcstopFails(Case c) throws GrabException {
    try (Target target = counting();
        Scene scene = grab(target, c)) {
      // Not only the first: that may fail before anybody waits for it.
      scene.libc.failAll(InterposedLibc.Call::isBlockingWait, Err.EINVAL);
      assertThat(scene.handle.stop()).isEqualTo(EPROTO);
      scene.libc.interposeNothing();
      Errno after = scene.handle.awaitStop(); // the directive stays in force
      if (after == EPROTO) { // another wait had failed before no more did
        after = scene.handle.awaitStop();
      }
      assertThat(after).isEqualTo(OK);
      assertThat(scene.handle.state()).isEqualTo(STOP);
      scene.assertStill();
      scene.assertClean();
    }
  }

  @ParameterizedTest(name = "row 11: PCWSTOP for ever, and the wait ended unstopped → EPROTO ({0})")
  @MethodSource("cases")
  void row11TheWaitOfPcwstopFails(Case c) throws GrabException {
    try (Target target = counting();
        Scene scene = grab(target, c)) {
      // Not only the first: that may fail before anybody waits for it.
      scene.libc.failAll(InterposedLibc.Call::isBlockingWait, Err.EINVAL);
      // The tracer may be blocked in an earlier wait: a trap makes it wait anew.
      try (Meanwhile _ = Meanwhile.blockedHere(() -> target.send(SIGCONT))) {
        assertThat(scene.handle.awaitStop()).isEqualTo(EPROTO);
      }
      scene.libc.interposeNothing();
      scene.awaitState(RUN);
      scene.awaitRunning();
      scene.assertClean();
    }
  }

  @ParameterizedTest(name = "row 12: PCSTOP meets a stop of an undocumented kind → EPROTO ({0})")
  @MethodSource("cases")
  void row12UndocumentedStopOfPcstop(Case c) throws GrabException {
    try (Target target = counting();
        Scene scene = grab(target, c)) {
      reportAnUndocumentedStop(scene);
      assertThat(scene.handle.stop()).isEqualTo(EPROTO);
      assertThat(scene.handle.stop()).isEqualTo(OK); // it is told once, and held all the same
      assertThat(scene.handle.state()).isEqualTo(STOP);
      scene.assertStill();
      assertThat(scene.process.setRun()).isEqualTo(OK);
      scene.awaitState(RUN);
      scene.awaitRunning();
      scene.assertClean();
    }
  }

  @ParameterizedTest(name = "row 12: PCWSTOP meets a stop of an undocumented kind → EPROTO ({0})")
  @MethodSource("cases")
  void row12UndocumentedStopOfPcwstop(Case c) throws GrabException {
    try (Target target = counting();
        Scene scene = grab(target, c)) {
      reportAnUndocumentedStop(scene);
      try (Meanwhile _ = Meanwhile.blockedHere(() -> target.send(SIGCONT))) {
        assertThat(scene.handle.awaitStop()).isEqualTo(EPROTO);
      }
      target.awaitState(scene.tid, "t");
      assertThat(scene.process.setRun()).isEqualTo(OK);
      scene.awaitState(RUN);
      scene.awaitRunning();
      scene.assertClean();
    }
  }

  /** The next stop of the scene's thread looks like an event that ptrace(2) does not know. */
  private static void reportAnUndocumentedStop(Scene scene) {
    AtomicBoolean reported = new AtomicBoolean();
    scene.interpose(
        call -> {
          long result = call.proceed();
          if (call.hasReportedStopOf(scene.tid) && reported.compareAndSet(false, true)) {
            call.reportInstead(SIGTRAP | 99 << 8);
          }
          return result;
        });
  }

  // ---- 13: interrupted

  @ParameterizedTest(name = "row 13: interrupted while it waits, PCWSTOP → EINTR, flag set ({0})")
  @MethodSource("cases")
  void row13PcwstopInterrupted(Case c) throws GrabException {
    try (Target target = counting();
        Scene scene = grab(target, c)) {
      Thread caller = Thread.currentThread();
      try (Meanwhile _ = Meanwhile.blockedHere(caller::interrupt)) {
        assertThat(scene.handle.awaitStop()).isEqualTo(EINTR);
        assertThat(caller.isInterrupted()).isTrue();
      }
      assertThat(scene.handle.awaitStop(Duration.ofMinutes(1))).isEqualTo(EINTR); // before it waits
      assertThat(Thread.interrupted()).isTrue();
      assertThat(scene.handle.state()).isEqualTo(RUN);
      scene.awaitRunning();
      scene.assertClean();
    }
  }

  @ParameterizedTest(name = "row 13: interrupted while it waits, PCSTOP → EINTR, in force ({0})")
  @MethodSource("cases")
  void row13PcstopInterrupted(Case c) throws GrabException {
    try (Target target = sleepingUninterruptibly();
        Scene scene = grab(target, c.way, 0)) {
      Thread caller = Thread.currentThread();
      try (Meanwhile _ = Meanwhile.blockedHere(caller::interrupt)) {
        assertThat(scene.handle.stop()).isEqualTo(EINTR);
        assertThat(Thread.interrupted()).isTrue();
      }
      assertThat(scene.handle.state()).isEqualTo(RUN);
      wake(target);
      assertThat(scene.handle.awaitStop()).isEqualTo(OK);
      assertThat(scene.handle.state()).isEqualTo(STOP);
      assertThat(target.states()).containsEntry(target.pid(), 't');
      scene.assertClean();
    }
  }

  @ParameterizedTest(name = "row 13: interrupted, but nothing to wait for → OK, flag kept ({0})")
  @MethodSource("cases")
  void row13InterruptedWithoutAWait(Case c) throws GrabException {
    try (Target target = counting();
        Scene scene = grab(target, c)) {
      Thread.currentThread().interrupt();
      assertThat(scene.handle.stop(PCNULL, 0)).isEqualTo(OK);
      assertThat(scene.handle.stop(PCDSTOP, 0)).isEqualTo(OK);
      assertThat(Thread.interrupted()).isTrue();
      assertThat(scene.handle.awaitStop()).isEqualTo(OK);
      Thread.currentThread().interrupt();
      for (int i = 0; i < 50; i++) { // a directive that is slow to be taken is no wait either
        assertAll(scene.handle, ALL, OK); // row 6 comes first
      }
      assertThat(Thread.interrupted()).isTrue();
      scene.assertStill();
      scene.assertClean();
    }
  }
}
