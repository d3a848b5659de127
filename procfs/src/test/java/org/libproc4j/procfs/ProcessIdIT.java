package org.libproc4j.procfs;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Which process is meant, whatever becomes of its id. */
@Timeout(60)
class ProcessIdIT {
  private static final int SELF = (int) ProcessHandle.current().pid();

  private final ProcFs proc = ProcFs.of();

  @Test
  void aProcessIsTheSameBothWaysBetweenItsHandleAndItsId() {
    ProcessId self = ProcessId.of(ProcessHandle.current()).orElseThrow();

    assertThat(self).isEqualTo(proc.process(SELF).id().orElseThrow());
    assertThat(self.isAlive()).isTrue();
    assertThat(self.toHandle()).hasValue(ProcessHandle.current());
  }

  @Test
  void anotherStartTimeIsAnotherProcess() {
    ProcessId self = proc.process(SELF).id().orElseThrow();
    ProcessId former = new ProcessId(self.pid(), self.startTime() - 1);

    assertThat(former).isNotEqualTo(self);
    assertThat(former.isAlive()).isFalse();
    assertThat(former.toHandle()).isEmpty();
  }

  @Test
  void aProcessThatEndedIsNotAliveAndHasNoHandle() throws Exception {
    Process process = new ProcessBuilder("cat").start();
    ProcessId id = ProcessId.of(process.toHandle()).orElseThrow();
    assertThat(id.isAlive()).isTrue();
    process.getOutputStream().close();
    process.waitFor();

    assertThat(id.isAlive()).isFalse();
    assertThat(id.toHandle()).isEmpty();
    assertThat(ProcessId.of(process.toHandle()).isVanished()).isTrue();
  }

  @Test
  void theTreeShowsAChildUnderUs() throws Exception {
    Process process = new ProcessBuilder("cat").start();
    try {
      int pid = (int) process.pid();
      ProcessTree tree = proc.tree();

      assertThat(tree.children(SELF)).extracting(Stat::pid).contains(pid);
      assertThat(tree.parent(pid).orElseThrow().pid()).isEqualTo(SELF);
      assertThat(proc.process(SELF).children().orElseThrow()).contains(pid);
    } finally {
      process.destroyForcibly().waitFor();
    }
  }
}
