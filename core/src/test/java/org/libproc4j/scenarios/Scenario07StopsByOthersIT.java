package org.libproc4j.scenarios;

import static org.assertj.core.api.Assertions.assertThat;
import static org.libproc4j.testing.Signals.SIGCONT;
import static org.libproc4j.testing.Signals.SIGSEGV;
import static org.libproc4j.testing.Signals.SIGSTOP;
import static org.libproc4j.testing.Signals.SIGTSTP;
import static org.libproc4j.testing.Signals.SIGUSR1;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.libproc4j.Errno;
import org.libproc4j.LwpHandle;
import org.libproc4j.LwpStatus;
import org.libproc4j.ProcessHandle;
import org.libproc4j.ProcessState;
import org.libproc4j.StopReason;
import org.libproc4j.Tracer;
import org.libproc4j.Way;
import org.libproc4j.testing.Meanwhile;
import org.libproc4j.testing.Snapshot;
import org.libproc4j.testing.Target;

/** PCWSTOP sees the stops that others cause, and those that were chosen. */
@Timeout(60)
class Scenario07StopsByOthersIT {
  private static final int GETPPID = 110;
  private static final int ROUNDS = 20;

  @EachWay
  void aSigstopOfSomebodyElse(Way way) throws Exception {
    stoppedByJobControl(way, SIGSTOP);
  }

  @EachWay
  void aSigtstpOfSomebodyElse(Way way) throws Exception {
    stoppedByJobControl(way, SIGTSTP);
  }

  private static void stoppedByJobControl(Way way, int signal) throws Exception {
    try (Target target = Target.start("signals", "4")) {
      Snapshot running = target.snapshot();
      Snapshot stopped;
      try (Tracer tracer = way.open();
          ProcessHandle process = tracer.grab(target.pid())) {
        assertThat(process.setRun()).isEqualTo(Errno.OK);
        try (Meanwhile _ = Meanwhile.soon(target, () -> target.send(signal))) {
          assertThat(process.awaitStop()).isEqualTo(Errno.OK);
        }
        assertThat(process.state()).isEqualTo(ProcessState.STOP);
        for (LwpStatus thread : threads(process)) {
          assertThat(thread.reason()).contains(StopReason.JOBCONTROL);
          assertThat(thread.what()).hasValue(signal);
        }
        target.awaitParentEvent("stopped " + signal);
        stopped = running.butStopped(true);
      }
      target.assertClean(stopped);
      target.send(SIGCONT);
      target.awaitParentEvent("continued");
      target.assertClean();
    }
  }

  @EachWay
  void theSigcontOfSomebodyElseEndsIt(Way way) throws Exception {
    try (Target target = Target.start("signals", "4")) {
      try (Tracer tracer = way.open();
          ProcessHandle process = tracer.grab(target.pid())) {
        assertThat(process.setRun()).isEqualTo(Errno.OK);
        for (int i = 1; i <= ROUNDS; i++) {
          target.send(SIGSTOP);
          assertThat(process.awaitStop()).isEqualTo(Errno.OK);
          assertThat(process.state()).isEqualTo(ProcessState.STOP);
          // It is job control's: it reads RUN, and moves when SIGCONT says so.
          assertThat(process.setRun()).isEqualTo(Errno.OK);
          assertThat(process.state()).isEqualTo(ProcessState.RUN);
          target.send(SIGCONT);
          int runs = i;
          Listening.during(process, () -> target.awaitSignals(runs));
        }
      }
      assertThat(target.signals()).hasSize(ROUNDS).allMatch(s -> s.signal() == SIGCONT);
      target.assertClean();
    }
  }

  @EachWay
  void aSigstopRightAfterItsSigcontIsANewStop(Way way) throws Exception {
    try (Target target = Target.start("signals", "8")) {
      try (Tracer tracer = way.open();
          ProcessHandle process = tracer.grab(target.pid())) {
        assertThat(process.setRun()).isEqualTo(Errno.OK);
        target.send(SIGSTOP);
        for (int i = 0; i < 5 * ROUNDS; i++) {
          assertThat(process.awaitStop()).isEqualTo(Errno.OK);
          assertThat(process.state()).isEqualTo(ProcessState.STOP);
          assertThat(process.setRun()).isEqualTo(Errno.OK);
          target.send(SIGCONT);
          target.send(SIGSTOP);
        }
        target.send(SIGCONT);
      }
      target.assertClean();
    }
  }

  /** The trap of the directive that was withdrawn may come as late as the new stop. */
  @EachWay
  void aStopAfterAWithdrawnDirectiveIsANewOneToo(Way way) throws Exception {
    try (Target target = Target.start("signals", "8")) {
      try (Target _ = Target.start("threads", "4", "spin");
          Tracer tracer = way.open();
          ProcessHandle process = tracer.grab(target.pid())) {
        assertThat(process.setRun()).isEqualTo(Errno.OK);
        target.send(SIGSTOP);
        for (int i = 0; i < 5 * ROUNDS; i++) {
          assertThat(process.awaitStop(Duration.ofSeconds(10)))
              .as("in round %d", i)
              .isEqualTo(Errno.OK);
          assertThat(process.setRun()).as("first in round %d", i).isEqualTo(Errno.OK);
          assertThat(process.requestStop()).isEqualTo(Errno.OK);
          assertThat(process.setRun()).as("second in round %d", i).isEqualTo(Errno.OK);
          target.send(SIGCONT);
          target.send(SIGSTOP);
        }
        target.send(SIGCONT);
      }
      target.assertClean();
    }
  }

  @EachWay
  void aChosenSignalInOneThread(Way way) throws Exception {
    try (Target target = Target.start("signals", "4")) {
      try (Tracer tracer = way.open();
          ProcessHandle process = tracer.grab(target.pid())) {
        assertThat(process.traceSignals(SIGUSR1)).isEqualTo(Errno.OK);
        assertThat(process.setRun()).isEqualTo(Errno.OK);
        for (int i = 1; i <= ROUNDS; i++) {
          int tid = target.tid(i % 4);
          target.sendTo(tid, SIGUSR1);
          assertThat(process.awaitStop()).isEqualTo(Errno.OK);
          assertStoppedOn(process, tid, StopReason.SIGNALLED, SIGUSR1);
          assertThat(target.signals()).hasSize(i - 1);
          assertThat(process.setRun()).isEqualTo(Errno.OK);
          target.awaitSignals(i);
        }
      }
      assertThat(target.signals()).hasSize(ROUNDS);
      target.assertClean();
    }
  }

  @EachWay
  void aChosenFaultInOneThread(Way way) throws Exception {
    try (Target target = Target.start("faulter")) {
      int thread = target.tid(0);
      try (Tracer tracer = way.open();
          ProcessHandle process = tracer.grab(target.pid())) {
        assertThat(process.traceFaults(SIGSEGV)).isEqualTo(Errno.OK);
        assertThat(process.setRun()).isEqualTo(Errno.OK);
        target.tell("segv");
        assertThat(process.awaitStop()).isEqualTo(Errno.OK);
        assertStoppedOn(process, thread, StopReason.FAULTED, SIGSEGV);
        assertThat(process.setRun()).isEqualTo(Errno.OK);
        target.awaitSignals(1);
      }
      target.assertClean();
    }
  }

  @EachWay
  void aChosenSystemCallInOneThread(Way way) throws Exception {
    try (Target target = Target.start("syscaller", "3")) {
      try (Tracer tracer = way.open();
          ProcessHandle process = tracer.grab(target.pid())) {
        assertThat(process.traceSysEntry(GETPPID)).isEqualTo(Errno.OK);
        for (int i = 0; i < ROUNDS; i++) {
          assertThat(process.setRun()).isEqualTo(Errno.OK);
          assertThat(process.awaitStop()).isEqualTo(Errno.OK);
          assertThat(process.state()).isEqualTo(ProcessState.STOP);
          assertThat(threads(process))
              .anyMatch(
                  t ->
                      t.reason().equals(java.util.Optional.of(StopReason.SYSENTRY))
                          && t.what().getAsInt() == GETPPID);
        }
        target.assertStill();
      }
      target.assertClean();
    }
  }

  private static void assertStoppedOn(ProcessHandle process, int tid, StopReason reason, int what)
      throws Exception {
    assertThat(process.state()).isEqualTo(ProcessState.STOP);
    assertThat(process.status().representative().id()).isEqualTo(tid);
    for (LwpStatus thread : threads(process)) {
      assertThat(thread.state()).isEqualTo(ProcessState.STOP);
      assertThat(thread.reason()).contains(thread.id() == tid ? reason : StopReason.REQUESTED);
      if (thread.id() == tid) {
        assertThat(thread.what()).hasValue(what);
      }
    }
  }

  private static List<LwpStatus> threads(ProcessHandle process) throws Exception {
    List<LwpStatus> all = new ArrayList<>();
    for (int tid : process.lwpIds()) {
      try (LwpHandle lwp = process.lwp(tid)) {
        all.add(lwp.status());
      }
    }
    return all;
  }
}
