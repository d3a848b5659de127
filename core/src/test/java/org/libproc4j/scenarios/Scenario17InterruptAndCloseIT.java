package org.libproc4j.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Timeout;
import org.libproc4j.Errno;
import org.libproc4j.GrabOption;
import org.libproc4j.LwpHandle;
import org.libproc4j.ProcessHandle;
import org.libproc4j.ProcessState;
import org.libproc4j.Tracer;
import org.libproc4j.Way;
import org.libproc4j.testing.Meanwhile;
import org.libproc4j.testing.Target;

/** An endless PCWSTOP ends when its thread is interrupted, and when its handle is closed. */
@Timeout(60)
@SuppressWarnings("try") // closing early, so that what is left can be looked at, is the point
class Scenario17InterruptAndCloseIT {
  private static final int ROUNDS = 50;

  @EachWay
  void interruptedItSaysEintrAndKeepsTheFlag(Way way) throws Exception {
    Thread self = Thread.currentThread();
    try (Target target = Target.start("threads", "4", "sleep")) {
      try (Tracer tracer = way.open();
          ProcessHandle process = tracer.grab(target.pid());
          LwpHandle lwp = process.lwp(target.tid(1))) {
        assertThat(process.setRun()).isEqualTo(Errno.OK);
        for (int i = 0; i < ROUNDS; i++) {
          int round = i;
          try (Meanwhile _ =
              Meanwhile.run(
                  () -> {
                    if (round % 3 != 0) { // else it may come before the wait begins
                      target.awaitCounterMoves();
                    }
                    self.interrupt();
                  })) {
            assertThat((i % 2 == 0 ? process : lwp).awaitStop()).isEqualTo(Errno.EINTR);
            assertThat(self.isInterrupted()).isTrue();
            assertThat(process.awaitStop()).isEqualTo(Errno.EINTR);
            assertThat(Thread.interrupted()).isTrue();
          }
          assertThat(process.state()).isEqualTo(ProcessState.RUN);
          assertThat(process.stop()).isEqualTo(Errno.OK);
          assertThat(process.setRun()).isEqualTo(Errno.OK);
        }
      }
      target.assertClean();
    }
  }

  @EachWay
  void aDirectiveStaysInForceWhenItsCallerIsInterrupted(Way way) throws Exception {
    try (Target target = Target.start("vforker", "4")) {
      try (Tracer tracer = way.open();
          ProcessHandle process = tracer.grab(target.pid(), GrabOption.NOSTOP)) {
        Thread.currentThread().interrupt();
        assertThat(process.stop()).isEqualTo(Errno.EINTR);
        assertThat(Thread.interrupted()).isTrue();
        target.tell("exit 3");
        assertThat(process.awaitStop()).isEqualTo(Errno.OK);
        assertThat(process.state()).isEqualTo(ProcessState.STOP);
      }
      target.awaitLine("child \\d+ ended 3");
      target.assertClean();
    }
  }

  @EachSharedWay
  void closedByAnotherThreadItSaysEbadf(Way way) throws Exception {
    try (Target target = Target.start("threads", "4", "sleep")) {
      try (Tracer tracer = way.open()) {
        for (int i = 0; i < ROUNDS; i++) {
          int round = i;
          try (ProcessHandle process = tracer.grab(target.pid())) {
            assertThat(process.setRun()).isEqualTo(Errno.OK);
            LwpHandle lwp = process.lwp(target.tid(1));
            try (Meanwhile _ =
                Meanwhile.run(
                    () -> {
                      if (round % 3 != 0) {
                        target.awaitCounterMoves();
                      }
                      process.close();
                    })) {
              assertThat((i % 2 == 0 ? process : lwp).awaitStop()).isEqualTo(Errno.EBADF);
            }
          }
        }
      }
      target.assertClean();
    }
  }

  @EachSharedWay
  void aThreadsHandleClosedByAnotherThreadSaysEbadf(Way way) throws Exception {
    try (Target target = Target.start("threads", "4", "sleep")) {
      try (Tracer tracer = way.open();
          ProcessHandle process = tracer.grab(target.pid())) {
        assertThat(process.setRun()).isEqualTo(Errno.OK);
        for (int i = 0; i < ROUNDS; i++) {
          LwpHandle lwp = process.lwp(target.tid(1));
          try (Meanwhile _ = Meanwhile.soon(target, lwp::close)) {
            assertThat(lwp.awaitStop()).isEqualTo(Errno.EBADF);
          }
        }
      }
      target.assertClean();
    }
  }
}
