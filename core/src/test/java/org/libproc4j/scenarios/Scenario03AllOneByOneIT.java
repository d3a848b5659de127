package org.libproc4j.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.libproc4j.Errno;
import org.libproc4j.LwpHandle;
import org.libproc4j.ProcessHandle;
import org.libproc4j.ProcessState;
import org.libproc4j.StopRequest;
import org.libproc4j.Tracer;
import org.libproc4j.Way;
import org.libproc4j.testing.Target;

/** All eight threads are stopped one by one: then the process is. */
@Timeout(60)
class Scenario03AllOneByOneIT {
  @EachWay
  void theProcessIsStoppedWithTheLastOfThemAndRunsWithTheFirst(Way way) throws Exception {
    try (Target target = Target.start("threads", "8", "mixed")) {
      try (Tracer tracer = way.open();
          ProcessHandle process = tracer.grab(target.pid())) {
        assertThat(process.setRun()).isEqualTo(Errno.OK);
        List<LwpHandle> lwps = new ArrayList<>();
        for (int tid : process.lwpIds()) {
          assertThat(refreshed(process)).isEqualTo(ProcessState.RUN);
          LwpHandle lwp = process.lwp(tid);
          assertThat(lwp.stop()).isEqualTo(Errno.OK);
          lwps.add(lwp);
        }
        assertThat(refreshed(process)).isEqualTo(ProcessState.STOP);
        assertThat(process.awaitStop()).isEqualTo(Errno.OK);
        target.assertStill();

        LwpHandle first = lwps.getFirst();
        int slot = target.slot(first.id());
        assertThat(first.setRun()).isEqualTo(Errno.OK);
        assertThat(refreshed(process)).isEqualTo(ProcessState.RUN);
        target.awaitCounterMoves(slot);
        target.assertStill(target.movingSlotsBut(slot));

        // Set running as a whole, those run on that were stopped one by one.
        assertThat(process.setRun()).isEqualTo(Errno.OK);
        target.awaitCounterMoves();
        assertThat(lwps).allMatch(lwp -> lwp.state() == ProcessState.RUN);
      }
      target.assertClean();
    }
  }

  private static ProcessState refreshed(ProcessHandle process) {
    assertThat(process.stop(StopRequest.PCNULL, 0)).isEqualTo(Errno.OK);
    return process.state();
  }
}
