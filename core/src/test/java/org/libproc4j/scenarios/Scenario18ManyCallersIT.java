package org.libproc4j.scenarios;

import static org.assertj.core.api.Assertions.assertThat;
import static org.libproc4j.testing.Signals.SIGCONT;
import static org.libproc4j.testing.Signals.SIGSTOP;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.libproc4j.Errno;
import org.libproc4j.ProcessHandle;
import org.libproc4j.ProcessState;
import org.libproc4j.Tracer;
import org.libproc4j.Way;
import org.libproc4j.testing.Target;

/** 64 callers, 64 targets, one shared tracer, one endless wait among them. */
@Timeout(120)
class Scenario18ManyCallersIT {
  private static final int CALLERS = 64;
  private static final int ROUNDS = 20;

  @EachSharedWay
  void anEndlessWaitDelaysNobody(Way way) throws Exception {
    List<Target> targets = new ArrayList<>();
    try {
      for (int i = 0; i < CALLERS; i++) {
        targets.add(Target.start("threads", "2", "sleep"));
      }
      try (Tracer tracer = way.open();
          ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
        Target waitedFor = targets.getFirst();
        try (ProcessHandle process = tracer.grab(waitedFor.pid())) {
          assertThat(process.setRun()).isEqualTo(Errno.OK);
          Future<Errno> endless = callers.submit(() -> process.awaitStop());
          List<Future<Void>> others =
              targets.stream()
                  .skip(1)
                  .map(target -> callers.submit(() -> stopAndRun(tracer, target)))
                  .toList();
          for (Future<Void> other : others) {
            other.get(60, TimeUnit.SECONDS);
          }
          assertThat(endless).isNotDone();
          assertThat(process.state()).isEqualTo(ProcessState.RUN);
          waitedFor.send(SIGSTOP);
          assertThat(endless.get(10, TimeUnit.SECONDS)).isEqualTo(Errno.OK);
          assertThat(process.state()).isEqualTo(ProcessState.STOP);
          waitedFor.send(SIGCONT);
        }
      }
      targets.forEach(Target::assertComputes);
      targets.getLast().assertClean();
    } finally {
      targets.forEach(Target::close);
    }
  }

  private static Void stopAndRun(Tracer tracer, Target target) throws Exception {
    try (ProcessHandle process = tracer.grab(target.pid())) {
      for (int i = 0; i < ROUNDS; i++) {
        assertThat(process.setRun()).isEqualTo(Errno.OK);
        assertThat(process.stop()).isEqualTo(Errno.OK);
        assertThat(process.state()).isEqualTo(ProcessState.STOP);
        long[] held = target.counters();
        assertThat(process.stop()).isEqualTo(Errno.OK);
        assertThat(target.counters()).isEqualTo(held);
      }
    }
    return null;
  }
}
