package org.libproc4j.scenarios;

import static org.assertj.core.api.Assertions.assertThat;
import static org.libproc4j.testing.Signals.SIGCONT;
import static org.libproc4j.testing.Signals.SIGSTOP;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.libproc4j.Errno;
import org.libproc4j.GrabException;
import org.libproc4j.GrabOption;
import org.libproc4j.LwpHandle;
import org.libproc4j.ProcessHandle;
import org.libproc4j.ProcessState;
import org.libproc4j.StopRequest;
import org.libproc4j.Tracer;
import org.libproc4j.Way;
import org.libproc4j.internal.linux.InterposedLibc;
import org.libproc4j.testing.Await;
import org.libproc4j.testing.Target;

/** What one operation is tried on with one fault: a target, and what has control of it. */
final class FaultStage {
  /** How long what needs no help may take. */
  private static final Duration SETTLE = Duration.ofSeconds(2);

  final Way way;
  final Target target;
  final InterposedLibc libc = new InterposedLibc();
  private @Nullable Tracer tracer;
  private @Nullable ProcessHandle process;
  private @Nullable LwpHandle lwp;
  private final int handled;
  private boolean jobStopped;

  FaultStage(Way way, Target target) {
    this.way = way;
    this.target = target;
    this.handled = target.signals().size();
  }

  /** How many signals the target had handled before. */
  int handled() {
    return handled;
  }

  // ---- what is on it

  Tracer openTracer() {
    tracer = way.open(libc);
    return tracer;
  }

  Tracer tracer() {
    return there(tracer);
  }

  ProcessHandle process() {
    return there(process);
  }

  LwpHandle lwp() {
    return there(lwp);
  }

  private static <T> T there(@Nullable T thing) {
    if (thing == null) {
      throw new AssertionError("it is not on the stage");
    }
    return thing;
  }

  ProcessHandle put(ProcessHandle handle) {
    process = handle;
    return handle;
  }

  LwpHandle put(LwpHandle handle) {
    lwp = handle;
    return handle;
  }

  // ---- what is arranged

  void grab(GrabOption... options) throws GrabException {
    put(openTracer().grab(target.pid(), options));
  }

  void grabRunning() throws GrabException {
    grab(GrabOption.NOSTOP);
  }

  void grabThread() throws GrabException {
    grabRunning();
    put(process().lwp(target.tid(1)));
  }

  /** Has job control stop the target. */
  void jobStop() {
    target.send(SIGSTOP);
    target.awaitAllInState("T");
    jobStopped = true;
  }

  /** It is to be found job-stopped at the end. */
  void expectJobStop() {
    jobStopped = true;
  }

  private int mark;

  /** From here on lines are waited for. */
  void mark() {
    mark = target.mark();
  }

  /** Waits until the target has said this since, listening to it meanwhile. */
  void awaitLine(String regex) {
    until(() -> target.events().stream().skip(mark).anyMatch(line -> line.matches(regex)), regex);
  }

  /** Waits until this is so, listening to the target meanwhile, as a confined owner must. */
  void until(BooleanSupplier condition, String what) {
    boolean reached =
        Await.until(
            Target.LIMIT,
            () -> {
              if (process != null && !way.isShared()) {
                Errno _ = process.awaitStop(Duration.ofMillis(5));
              }
              return condition.getAsBoolean();
            });
    assertThat(reached).as("within the limit: %s\n%s", what, target.dump()).isTrue();
  }

  static void closeStreams(ProcessHandle child) throws IOException {
    child.standardInput().close();
    child.standardOutput().close();
    child.standardError().close();
  }

  // ---- what is asserted

  /**
   * That no thread of the target executes. One may be seen on its way from a stop by job control to
   * one of ours.
   */
  void assertHeld() {
    Await.until(SETTLE, () -> target.states().values().stream().allMatch(FaultStage::isHeld));
    assertThat(target.states().values()).as("states").allMatch(FaultStage::isHeld);
  }

  private static boolean isHeld(char state) {
    return state == 't' || state == 'T';
  }

  /** That every thread of the target executes, although nobody calls. */
  void assertRuns() {
    target.awaitCounterMoves();
  }

  /** That the handle still works, however the operation went. */
  void assertUsable() {
    if (process == null
        || process.stop(StopRequest.PCNULL, 0) == Errno.EBADF
        || (process.state() != ProcessState.RUN && process.state() != ProcessState.STOP)) {
      return;
    }
    process.traceSysEntry().orThrow("traceSysEntry");
    process.traceSysExit().orThrow("traceSysExit");
    process.traceSignals().orThrow("traceSignals");
    process.traceEvents().orThrow("traceEvents");
    Errno stopped = process.stop();
    if (stopped == Errno.EPROTO) {
      stopped = process.stop(); // it is told once
    }
    assertThat(stopped).as("a stop afterwards").isEqualTo(Errno.OK);
    assertThat(process.state()).as("state afterwards").isEqualTo(ProcessState.STOP);
    assertHeld();
    assertThat(process.setRun()).as("setRun afterwards").isEqualTo(Errno.OK);
    if (!jobStopped) {
      // A signal may have been on its way: somebody must listen.
      long[] before = target.counters();
      int[] slots = target.movingSlots();
      until(
          () -> IntStream.of(slots).allMatch(slot -> target.counter(slot) != before[slot]),
          "it runs afterwards");
    }
  }

  /** That nothing of it is left: while the tracer is there still, and when it has gone. */
  void assertClean() {
    if (process != null) {
      process.close();
    }
    assertUntouched();
    if (tracer != null) {
      tracer.close();
    }
    assertUntouched();
  }

  private void assertUntouched() {
    List<String> traces = new ArrayList<>();
    Await.until(
        SETTLE,
        () -> {
          traces.clear();
          for (Map.Entry<Integer, Character> thread : target.states().entrySet()) {
            if ((thread.getValue() == 'T') != jobStopped || thread.getValue() == 't') {
              traces.add("thread " + thread.getKey() + " is in state " + thread.getValue());
            }
            long pending = target.sigPnd(thread.getKey());
            if (pending != 0) {
              traces.add("thread " + thread.getKey() + " has pending " + pending);
            }
          }
          if (target.tracerPid() != 0) {
            traces.add("it is traced by " + target.tracerPid());
          }
          if (target.shdPnd() != 0) {
            traces.add("it has pending " + target.shdPnd());
          }
          return traces.isEmpty();
        });
    assertThat(traces).as("left on the target").isEmpty();
    if (!jobStopped && target.movingSlots().length > 0) {
      assertRuns();
    }
  }

  /** Ends the job stop that it leaves behind. */
  void endJobStop() {
    if (jobStopped) {
      target.send(SIGCONT);
      target.awaitCounterMoves();
    }
  }

  /** Whatever failed, nothing of it may disturb what is tried next. */
  void strike() {
    libc.interposeNothing();
    if (process != null) {
      process.close();
    }
    if (tracer != null) {
      tracer.close();
    }
  }
}
