package org.libproc4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.libproc4j.Errno.EINVAL;
import static org.libproc4j.Errno.OK;
import static org.libproc4j.ProcessState.RUN;
import static org.libproc4j.ProcessState.STOP;
import static org.libproc4j.testing.Signals.SIGILL;
import static org.libproc4j.testing.Signals.SIGKILL;
import static org.libproc4j.testing.Signals.SIGRTMIN;
import static org.libproc4j.testing.Signals.SIGSEGV;
import static org.libproc4j.testing.Signals.SIGSTOP;
import static org.libproc4j.testing.Signals.SIGTERM;
import static org.libproc4j.testing.Signals.SIGTRAP;
import static org.libproc4j.testing.Signals.SIGUSR1;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.libproc4j.internal.linux.Err;
import org.libproc4j.internal.linux.InterposedLibc;
import org.libproc4j.internal.linux.Ptrace;
import org.libproc4j.procfs.ProcFs;
import org.libproc4j.testing.Await;
import org.libproc4j.testing.LoggedSignal;
import org.libproc4j.testing.Snapshot;
import org.libproc4j.testing.Target;

/** What stops a process besides a directive: the sets, and what a stop of theirs looks like. */
@Timeout(60)
@SuppressWarnings("try") // closing early, so that what is left can be looked at, is the point
class TraceIT {
  private static final int SIGFPE = 8;

  /** getppid(2) and close(2), which the targets call. */
  private static final int GETPPID = isX86() ? 110 : 173;

  private static final int CLOSE = isX86() ? 3 : 57;

  private static boolean isX86() {
    return List.of("amd64", "x86_64").contains(System.getProperty("os.arch"));
  }

  /** The thread that the process has been stopped by; all the others stand as well. */
  private static LwpStatus awaitEvent(Scene scene, StopReason reason) {
    assertThat(scene.process.awaitStop()).isEqualTo(OK);
    assertThat(scene.process.state()).isEqualTo(STOP);
    LwpStatus status = scene.process.status().representative();
    assertThat(status.reason()).contains(reason);
    assertThat(status.instructionPointer()).isPresent();
    assertThat(status.stackPointer()).isPresent();
    return status;
  }

  private static void run(Scene scene) {
    assertThat(scene.process.setRun()).isEqualTo(OK);
  }

  // ---- signals

  @ParameterizedTest
  @EnumSource
  void aChosenSignalStopsAndTheOthersPassThrough(Way way) throws GrabException {
    try (Target target = Target.start("signals", "3");
        Scene scene = Scene.ofProcess(target, way, 0)) {
      assertThat(scene.process.traceSignals(SIGTERM, SIGRTMIN)).isEqualTo(OK);
      target.sendTo(target.tid(1), SIGUSR1);
      target.queueTo(target.tid(2), SIGRTMIN, 7);
      LwpStatus status = awaitEvent(scene, StopReason.SIGNALLED);
      assertThat(status.id()).isEqualTo(target.tid(2));
      assertThat(status.what()).hasValue(SIGRTMIN);
      assertThat(status.currentSignal()).hasValue(SIGRTMIN);
      target.assertStill();
      assertThat(scene.process.traceSignals()).isEqualTo(OK); // the set is replaced
      run(scene);
      target.send(SIGTERM);
      scene.awaitRunning();
      assertThat(target.awaitSignals(3))
          .extracting(LoggedSignal::signal)
          .containsExactlyInAnyOrder(SIGUSR1, SIGRTMIN, SIGTERM);
      assertThat(target.signals()).extracting(LoggedSignal::value).contains(7L);
      assertThat(scene.process.state()).isEqualTo(RUN);
      scene.assertClean();
    }
  }

  @ParameterizedTest
  @EnumSource
  void asyncLeavesTheOthersRunning(Way way) throws GrabException {
    try (Target target = Target.start("signals", "3");
        Scene scene = Scene.ofThread(target, way, 1)) {
      assertThat(scene.process.traceSignals(SIGUSR1)).isEqualTo(OK);
      assertThat(scene.process.setFlags(ProcessFlag.ASYNC)).isEqualTo(OK);
      assertThat(scene.process.status().flags()).containsExactly(ProcessFlag.ASYNC);
      target.sendTo(scene.tid, SIGUSR1);
      assertThat(scene.handle.awaitStop()).isEqualTo(OK);
      LwpHandle lwp = (LwpHandle) scene.handle;
      assertThat(lwp.status().reason()).contains(StopReason.SIGNALLED);
      scene.assertStill(); // it alone
      assertThat(scene.process.awaitStop(Duration.ofMillis(10))).isEqualTo(OK);
      assertThat(scene.process.state()).isEqualTo(RUN);
      assertThat(lwp.setRun()).isEqualTo(OK);
      target.awaitSignals(1);
      assertThat(scene.process.unsetFlags(ProcessFlag.ASYNC)).isEqualTo(OK);
      assertThat(scene.process.status().flags()).isEmpty();
      target.sendTo(scene.tid, SIGUSR1);
      awaitEvent(scene, StopReason.SIGNALLED);
      target.assertStill();
      scene.assertClean(); // which delivers it
      target.awaitSignals(2);
    }
  }

  // ---- faults

  @ParameterizedTest
  @EnumSource
  void aChosenFaultStopsBeforeItsHandler(Way way) throws GrabException {
    Map<String, Integer> faults =
        Map.of("segv", SIGSEGV, "trap", SIGTRAP, "ill", SIGILL, "fpe", SIGFPE);
    try (Target target = Target.start("faulter", "3");
        Scene scene = Scene.ofProcess(target, way, 0)) {
      assertThat(scene.process.traceFaults(SIGSEGV, SIGTRAP, SIGILL, SIGFPE)).isEqualTo(OK);
      int handled = 0;
      for (Map.Entry<String, Integer> fault : faults.entrySet()) {
        target.tell(fault.getKey());
        LwpStatus status = awaitEvent(scene, StopReason.FAULTED);
        assertThat(status.id()).isEqualTo(target.pid());
        assertThat(status.what()).hasValue(fault.getValue());
        target.assertStill();
        assertThat(target.signals()).hasSize(handled);
        run(scene);
        scene.awaitLine("repaired " + fault.getKey());
        assertThat(target.awaitSignals(++handled).getLast().signal()).isEqualTo(fault.getValue());
      }
      scene.assertClean();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aSignalThatSomebodySendsIsNoFault(Way way) throws GrabException {
    try (Target target = Target.start("signals", "2");
        Scene scene = Scene.ofProcess(target, way, 0)) {
      assertThat(scene.process.traceFaults(SIGSEGV)).isEqualTo(OK);
      assertThat(scene.process.traceSignals(SIGSEGV)).isEqualTo(OK);
      target.send(SIGSEGV);
      LwpStatus status = awaitEvent(scene, StopReason.SIGNALLED);
      assertThat(status.what()).hasValue(SIGSEGV);
      assertThat(scene.process.setRun(0, RunFlag.PRCSIG)).isEqualTo(OK);
      scene.awaitRunning();
      scene.assertClean();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aFaultThatIsDiscardedHappensAgain(Way way) throws GrabException {
    try (Target target = Target.start("faulter", "2");
        Scene scene = Scene.ofProcess(target, way, 0)) {
      assertThat(scene.process.traceFaults(SIGSEGV)).isEqualTo(OK);
      target.tell("segv");
      LwpStatus first = awaitEvent(scene, StopReason.FAULTED);
      assertThat(scene.process.setRun(0, RunFlag.PRCFAULT)).isEqualTo(OK);
      assertThat(awaitEvent(scene, StopReason.FAULTED)).isEqualTo(first);
      assertThat(target.signals()).isEmpty();
      run(scene);
      scene.awaitLine("repaired segv");
      scene.assertClean();
    }
  }

  // ---- system calls

  @ParameterizedTest
  @EnumSource
  void aChosenSystemCallStopsAtItsEntryAndAtItsExit(Way way) throws GrabException {
    try (Target target = Target.start("syscaller", "2");
        Scene scene = Scene.ofProcess(target, way, 1)) {
      assertThat(scene.process.traceSysEntry(CLOSE)).isEqualTo(OK);
      assertThat(scene.process.traceSysExit(CLOSE, GETPPID + 1)).isEqualTo(OK);
      scene.awaitRunning(); // getppid is not in the sets
      target.tell("call " + CLOSE + " -1");
      LwpStatus entry = awaitEvent(scene, StopReason.SYSENTRY);
      assertThat(entry.id()).isEqualTo(target.pid());
      assertThat(entry.what()).hasValue(CLOSE);
      assertThat(entry.currentSignal()).isEmpty();
      target.assertStill();
      run(scene);
      LwpStatus exit = awaitEvent(scene, StopReason.SYSEXIT);
      assertThat(exit.id()).isEqualTo(target.pid());
      assertThat(exit.what()).hasValue(CLOSE);
      target.assertStill();
      run(scene);
      scene.awaitLine("called " + CLOSE + " -9");
      scene.awaitRunning();
      assertThat(scene.process.traceSysEntry()).isEqualTo(OK);
      assertThat(scene.process.traceSysExit()).isEqualTo(OK);
      target.tell("call " + CLOSE + " -2");
      scene.awaitLine("called " + CLOSE + " -9");
      scene.awaitRunning();
      scene.assertClean();
    }
  }

  @ParameterizedTest
  @EnumSource
  void releasedAtASystemCallItGoesOn(Way way) throws GrabException {
    for (boolean entry : new boolean[] {true, false}) {
      try (Target target = Target.start("syscaller", "3");
          Scene scene = Scene.ofProcess(target, way, 1)) {
        assertThat(
                entry ? scene.process.traceSysEntry(GETPPID) : scene.process.traceSysExit(GETPPID))
            .isEqualTo(OK);
        for (int i = 0; i < 5; i++) {
          LwpStatus status = awaitEvent(scene, entry ? StopReason.SYSENTRY : StopReason.SYSEXIT);
          assertThat(status.what()).hasValue(GETPPID);
          run(scene);
        }
        assertThat(scene.process.awaitStop()).isEqualTo(OK);
        scene.assertClean(); // its callers check what they get
      }
    }
  }

  // ---- Linux's events

  @ParameterizedTest
  @EnumSource
  void birthsStopTheirParentAndNotTheChild(Way way) throws GrabException {
    Map<String, StopReason> births =
        Map.of("fork", StopReason.FORK, "vfork", StopReason.VFORK, "thread", StopReason.CLONE);
    try (Target target = Target.start("forkevents");
        Scene scene = Scene.ofProcess(target, way, 0)) {
      assertThat(scene.process.traceEvents(TraceEvent.FORK, TraceEvent.VFORK, TraceEvent.CLONE))
          .isEqualTo(OK);
      for (Map.Entry<String, StopReason> birth : births.entrySet()) {
        int mark = target.mark();
        target.tell(birth.getKey());
        LwpStatus status = awaitEvent(scene, birth.getValue());
        assertThat(status.id()).isEqualTo(target.pid());
        int child = status.what().orElseThrow();
        run(scene);
        scene.awaitLine(".*ed " + child);
        assertThat(target.awaitLine(mark, "(?:forked|vforked|cloned) (\\d+)").group(1))
            .isEqualTo("" + child);
      }
      assertThat(scene.process.traceEvents()).isEqualTo(OK);
      int mark = target.mark();
      target.tell("fork");
      scene.awaitLineAfter(mark, "forked \\d+");
      scene.assertClean();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aChildThatOutlivesItsBirthIsUntraced(Way way) throws GrabException {
    try (Target target = Target.start("forkevents");
        Scene scene = Scene.ofProcess(target, way, 0)) {
      assertThat(scene.process.traceEvents(TraceEvent.FORK)).isEqualTo(OK);
      target.tell("fork hold");
      int child = awaitEvent(scene, StopReason.FORK).what().orElseThrow();
      scene.awaitUntraced(child);
      try (ProcessHandle other = ProcessHandle.grab(child)) { // nobody has it
        assertThat(other.state()).isEqualTo(STOP);
      }
      scene.assertClean();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aChildThatIsJustBornIsLetGoWithItsParent(Way way) throws GrabException {
    try (Target target = Target.start("forkevents");
        Scene scene = Scene.ofProcess(target, way, 0)) {
      assertThat(scene.process.traceEvents(TraceEvent.FORK)).isEqualTo(OK);
      target.tell("fork hold");
      int child = awaitEvent(scene, StopReason.FORK).what().orElseThrow();
      scene.process.close();
      assertThat(target.descendants()).containsExactly(child);
      scene.awaitUntraced(child);
      scene.assertClean();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"SHARED_INTERRUPT", "SHARED_TGKILL"})
  void aChildThatIsSlowToItsFirstStopIsLetGoThen(Way way) throws GrabException {
    try (Target target = Target.start("forkevents");
        Scene scene = Scene.ofProcess(target, way, 0)) {
      assertThat(scene.process.traceEvents(TraceEvent.FORK)).isEqualTo(OK);
      keepChildrenBack(scene);
      target.tell("fork hold");
      int child = awaitEvent(scene, StopReason.FORK).what().orElseThrow();
      scene.process.close();
      scene.libc.interposeNothing();
      scene.awaitUntraced(child);
      scene.assertClean();
    }
  }

  private static void keepChildrenBack(Scene scene) {
    scene.interpose(call -> keepChildBack(scene, call));
  }

  /** What has stopped and is not the target: as if it had not come there. */
  private static long keepChildBack(Scene scene, InterposedLibc.Call call) {
    int pid = scene.target.pid();
    long result = call.proceedFor(pid); // a wait for any sees the child first
    boolean ofChild = call.hasReportedStop() && !call.hasReportedStopOf(pid);
    return ofChild ? -Err.EINTR : result;
  }

  @ParameterizedTest
  @EnumSource
  void aChildThatIsSlowToItsFirstStopIsLetGoAlsoIfItsParentIsKilled(Way way) throws Exception {
    try (Target target = Target.start("forkevents");
        Scene scene = Scene.ofProcess(target, way, 0)) {
      assertThat(scene.process.traceEvents(TraceEvent.FORK)).isEqualTo(OK);
      keepChildrenBack(scene);
      target.tell("fork hold");
      int child = awaitEvent(scene, StopReason.FORK).what().orElseThrow();
      target.send(SIGKILL);
      assertThat(scene.process.awaitEnd()).isEqualTo(OK);
      scene.libc.interposeNothing();
      scene.process.close();
      awaitUntraced(child);
    }
  }

  /** Nobody tells its number. With another tracee, no wait says that there is nobody else. */
  @ParameterizedTest
  @EnumSource
  void aChildIsLetGoWhoseParentIsKilledAsItTellsOfIt(Way way) throws Exception {
    try (Target other = Target.start("threads", "1");
        Target target = Target.start("forkevents");
        Scene scene = Scene.ofProcess(target, way, 0);
        ProcessHandle _ = scene.tracer.grab(other.pid())) {
      assertThat(scene.process.traceEvents(TraceEvent.FORK)).isEqualTo(OK);
      scene.interpose(
          call -> {
            if (call.isPtrace(Ptrace.GETEVENTMSG) && target.sendIfAlive(SIGKILL)) {
              Await.until(Target.LIMIT, () -> Target.hasEnded(target.pid()));
            }
            return keepChildBack(scene, call);
          });
      target.tell("fork hold");
      assertThat(scene.process.awaitEnd()).isEqualTo(OK);
      int child = target.descendants().getFirst();
      scene.libc.interposeNothing();
      scene.process.close();
      awaitUntraced(child);
    }
  }

  /** Without a call of the tracer's. */
  private static void awaitUntraced(int pid) {
    assertThat(
            Await.until(
                Target.LIMIT,
                () -> ProcFs.of().process(pid).status().orElseThrow().tracerPid() == 0))
        .as("%d is untraced", pid)
        .isTrue();
  }

  @ParameterizedTest
  @EnumSource
  void aNewThreadIsUnderControlFromItsBirth(Way way) throws GrabException {
    try (Target target = Target.start("forkevents");
        Scene scene = Scene.ofProcess(target, way, 0)) {
      assertThat(scene.process.traceEvents(TraceEvent.CLONE)).isEqualTo(OK);
      target.tell("thread hold");
      int tid = awaitEvent(scene, StopReason.CLONE).what().orElseThrow();
      assertThat(scene.process.lwpIds()).containsExactly(target.pid(), tid);
      assertThat(scene.process.status().lwpCount()).isEqualTo(2);
      try (LwpHandle born = scene.process.lwp(tid)) {
        assertThat(born.state()).isEqualTo(STOP);
      }
      run(scene);
      scene.awaitLine("cloned " + tid);
      assertThat(scene.process.stop()).isEqualTo(OK);
      target.assertStill();
      scene.assertClean();
    }
  }

  @ParameterizedTest
  @EnumSource
  void anExecStopsTheNewProgramBeforeItsFirstInstruction(Way way) throws GrabException {
    try (Target target = Target.start("execer", "3");
        Scene scene = Scene.ofProcess(target, way, 0)) {
      assertThat(scene.process.traceEvents(TraceEvent.EXEC)).isEqualTo(OK);
      for (String who : List.of("leader", "other")) {
        // Under a confined tracer threads are born unseen; one that is not ours takes control
        // along.
        assertThat(scene.process.stop()).isEqualTo(OK);
        run(scene);
        int caller = who.equals("leader") ? target.pid() : target.tid(2);
        int generation = target.generation();
        int mark = target.mark();
        target.tell(who);
        LwpStatus status = awaitEvent(scene, StopReason.EXEC);
        assertThat(status.id()).isEqualTo(target.pid());
        assertThat(status.what()).hasValue(caller);
        assertThat(scene.process.lwpIds()).containsExactly(target.pid());
        assertThat(target.generation()).isEqualTo(generation);
        run(scene);
        scene.awaitLine("executed " + (generation + 1));
        target.awaitLine(mark, "ready");
        scene.awaitRunning();
      }
      scene.assertClean();
    }
  }

  /** What it has to report then comes instead of the exec. */
  @ParameterizedTest
  @EnumSource
  void killedAsItTellsOfAnExecAProcessEndsAsItDoes(Way way) throws GrabException {
    for (boolean traced : new boolean[] {false, true}) {
      try (Target target = Target.start("execer", "1");
          Scene scene = Scene.ofProcess(target, way, 0)) {
        if (traced) {
          assertThat(scene.process.traceEvents(TraceEvent.EXIT)).isEqualTo(OK);
        }
        AtomicBoolean killed = new AtomicBoolean();
        scene.interpose(
            call -> {
              if (call.isTakingOf(target.pid()) && !killed.getAndSet(true)) {
                target.send(SIGKILL);
                target.awaitState(target.pid(), traced ? "t" : "Z");
              }
              return call.proceed();
            });
        target.tell("leader");
        if (traced) {
          assertThat(awaitEvent(scene, StopReason.EXIT).what()).hasValue(SIGKILL);
          run(scene);
        }
        assertThat(scene.process.awaitEnd()).isEqualTo(OK);
        assertThat(scene.process.exitStatus()).hasValue(128 + SIGKILL);
        scene.assertCleanEnd();
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void anExitStopsWhileTheThreadCanStillBeRead(Way way) throws GrabException {
    try (Target target = Target.start("exiter", "4");
        Scene scene = Scene.ofProcess(target, way, 1)) {
      assertThat(scene.process.traceEvents(TraceEvent.EXIT)).isEqualTo(OK);
      target.tell("worker 1");
      LwpStatus status = awaitEvent(scene, StopReason.EXIT);
      assertThat(status.id()).isEqualTo(scene.tid);
      assertThat(status.what()).hasValue(0); // its wait status
      assertThat(scene.process.lwpIds()).contains(scene.tid);
      run(scene);
      scene.awaitLine("worker 1 gone");
      assertThat(scene.process.lwpIds()).doesNotContain(scene.tid);
      scene.awaitRunning();
      assertThat(scene.process.traceEvents()).isEqualTo(OK);
      scene.assertClean();
    }
  }

  /** Its end is not reported before the others are gone, and those are held. */
  @ParameterizedTest
  @EnumSource
  void aLeaderThatGoesOnFromItsExitIsWaitedForNoMore(Way way) throws GrabException {
    try (Target target = Target.start("exiter", "4");
        Scene scene = Scene.ofThread(target, way, 0)) {
      assertThat(scene.process.traceEvents(TraceEvent.EXIT)).isEqualTo(OK);
      target.tell("leader");
      assertThat(awaitEvent(scene, StopReason.EXIT).id()).isEqualTo(target.pid());
      assertThat(((LwpHandle) scene.handle).setRun()).isEqualTo(OK);
      assertThat(scene.process.awaitStop(Target.LIMIT)).isEqualTo(OK);
      assertThat(scene.process.state()).isEqualTo(STOP);
      assertThat(scene.process.lwpIds()).hasSize(3).doesNotContain(target.pid());
      assertThat(scene.process.traceEvents()).isEqualTo(OK);
      run(scene);
      scene.awaitLine("leader gone");
      target.send(SIGKILL);
      assertThat(scene.process.awaitEnd()).isEqualTo(OK);
      scene.assertCleanEnd();
    }
  }

  @ParameterizedTest
  @EnumSource
  void theExitOfAProcessShowsItsStatus(Way way) throws GrabException {
    try (Target target = Target.start("exiter", "1");
        Scene scene = Scene.ofProcess(target, way, 0)) {
      assertThat(scene.process.traceEvents(TraceEvent.EXIT)).isEqualTo(OK);
      target.tell("exit 3");
      assertThat(awaitEvent(scene, StopReason.EXIT).what()).hasValue(3 << 8);
      run(scene);
      assertThat(scene.process.awaitStop()).isEqualTo(Errno.ENOENT);
      assertThat(scene.process.exitStatus()).hasValue(3);
      scene.assertCleanEnd();
    }
  }

  private interface Step {
    void on(Scene scene) throws GrabException;
  }

  /** Those that listen to job control since before the choice end without a stop. */
  @ParameterizedTest
  @EnumSource
  void killedInAJobStopAThreadStandsAtItsExitWhoeverElseEnds(Way way) throws GrabException {
    killedAThreadStandsAtItsExit(
        way,
        scene -> {
          assertThat(scene.handle.stop()).isEqualTo(OK);
          scene.target.send(SIGSTOP);
          scene.awaitProcess(STOP);
        },
        scene -> scene.awaitProcess(STOP));
  }

  /** Those that are held since before the choice end without a stop. */
  @ParameterizedTest
  @EnumSource
  void killedAThreadStandsAtItsExitWhoeverElseWasHeld(Way way) throws GrabException {
    killedAThreadStandsAtItsExit(
        way,
        scene -> assertThat(scene.process.stop()).isEqualTo(OK),
        scene -> scene.awaitState(RUN));
  }

  /** Those that were left to job control since before the choice end without a stop. */
  @ParameterizedTest
  @EnumSource
  void killedAThreadStandsAtItsExitWhoeverWasLeftToJobControl(Way way) throws GrabException {
    killedAThreadStandsAtItsExit(
        way,
        scene -> {
          assertThat(scene.process.stop()).isEqualTo(OK);
          scene.target.send(SIGSTOP);
        },
        scene -> {
          scene.awaitProcess(STOP);
          assertThat(scene.process.traceEvents()).isEqualTo(OK);
          for (int tid : scene.process.lwpIds()) {
            if (tid != scene.tid) {
              assertThat(scene.process.lwp(tid).setRun()).isEqualTo(OK);
            }
          }
          scene.awaitProcess(STOP);
          assertThat(scene.process.traceEvents(TraceEvent.EXIT)).isEqualTo(OK);
          run(scene);
        });
  }

  private static void killedAThreadStandsAtItsExit(Way way, Step stop, Step awaitRun)
      throws GrabException {
    for (int which = 0;
        which <= 3;
        which++) { // of two threads the second, of four each but the first
      try (Target target = Target.start("exiter", which == 0 ? "2" : "4");
          Scene scene = Scene.ofThread(target, way, Math.max(1, which))) {
        LwpHandle lwp = (LwpHandle) scene.handle;
        assertThat(scene.process.setFlags(ProcessFlag.ASYNC)).isEqualTo(OK);
        stop.on(scene);
        assertThat(scene.process.traceEvents(TraceEvent.EXIT)).isEqualTo(OK);
        assertThat(lwp.setRun()).isEqualTo(OK);
        awaitRun.on(scene);
        target.send(SIGKILL);
        assertThat(lwp.awaitStop(Target.LIMIT)).isEqualTo(OK);
        assertThat(lwp.status().reason()).contains(StopReason.EXIT);
        assertThat(scene.process.stop(Target.LIMIT)).isEqualTo(OK);
        assertThat(scene.process.state()).isEqualTo(STOP);
        assertThat(scene.process.lwpIds()).contains(scene.tid);
        run(scene);
        assertThat(scene.process.awaitStop()).isEqualTo(Errno.ENOENT);
        scene.assertCleanEnd();
      }
    }
  }

  // ---- all of them

  @ParameterizedTest
  @EnumSource
  void nothingStopsByItself(Way way) throws GrabException {
    try (Target target = Target.start("forkevents")) {
      Snapshot before = target.snapshot();
      try (Scene scene = Scene.ofProcess(target, way, 0)) {
        for (String birth : List.of("fork", "vfork", "spawn", "thread", "exec")) {
          int mark = target.mark();
          target.tell(birth);
          scene.awaitLineAfter(mark, birth.equals("exec") ? "ready" : ".*ed \\d+");
        }
        assertThat(scene.process.state()).isEqualTo(RUN);
        scene.assertClean(before);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void setsOfOtherThingsAreInvalidAndNothingIsChosen(Way way) throws GrabException {
    try (Target target = Target.start("signals", "2");
        Scene scene = Scene.ofProcess(target, way, 0)) {
      assertThat(scene.process.traceSignals(SIGUSR1, 65)).isEqualTo(EINVAL);
      assertThat(scene.process.traceSignals(0)).isEqualTo(EINVAL);
      assertThat(scene.process.traceFaults(SIGUSR1)).isEqualTo(EINVAL);
      assertThat(scene.process.traceSysEntry(-1)).isEqualTo(EINVAL);
      assertThat(scene.process.traceSysExit(Integer.MAX_VALUE)).isEqualTo(EINVAL);
      target.send(SIGUSR1);
      scene.awaitRunning();
      target.awaitSignals(1);
      assertThat(scene.process.state()).isEqualTo(RUN);
      target.send(SIGKILL);
      scene.awaitState(ProcessState.UNDEAD);
      assertThat(scene.process.traceSignals(0)).isEqualTo(EINVAL);
      assertThat(scene.process.traceSignals(SIGUSR1)).isEqualTo(Errno.ENOENT);
      scene.close();
      assertThat(scene.process.traceSignals(0)).isEqualTo(Errno.EBADF);
      scene.assertCleanEnd();
    }
  }

  /**
   * The kernel gives a newborn what its parent had at that moment. Another tracer than a confined
   * one might have taken note of the birth before.
   */
  @ParameterizedTest
  @EnumSource(names = {"CONFINED_INTERRUPT", "CONFINED_TGKILL"})
  void whoWasBornBeforeEventsWereChosenHasThemToo(Way way) throws Exception {
    try (Target target = Target.start("forkevents");
        Tracer tracer = way.open();
        ProcessHandle process = tracer.grab(target.pid(), GrabOption.NOSTOP)) {
      assertThat(process.traceEvents(TraceEvent.CLONE)).isEqualTo(Errno.OK);
      target.tell("thread");
      target.awaitState(target.pid(), "t");
      assertThat(process.traceEvents(TraceEvent.CLONE, TraceEvent.EXIT)).isEqualTo(Errno.OK);
      assertThat(process.awaitStop(Target.LIMIT)).isEqualTo(Errno.OK);
      if (!standsAtExit(process)) { // where the newborn was not told of before its parent
        assertThat(process.setRun()).isEqualTo(Errno.OK);
        assertThat(process.awaitStop(Target.LIMIT)).isEqualTo(Errno.OK);
        assertThat(standsAtExit(process)).isTrue();
      }
      assertThat(process.traceEvents()).isEqualTo(Errno.OK);
    }
  }

  private static boolean standsAtExit(ProcessHandle process) throws GrabException {
    for (int tid : process.lwpIds()) {
      try (LwpHandle thread = process.lwp(tid)) {
        if (thread.status().reason().equals(Optional.of(StopReason.EXIT))) {
          return true;
        }
      }
    }
    return false;
  }
}
