package org.libproc4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.libproc4j.procfs.Mount;
import org.libproc4j.procfs.ProcFs;
import org.libproc4j.testing.Await;
import org.libproc4j.testing.Target;

/** A process that we hold, in a control group that somebody freezes by version 1. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class HeldInFrozenGroupIT {
  private final int self = (int) java.lang.ProcessHandle.current().pid();
  private Path group = Path.of("");

  @BeforeEach
  void makeGroup() throws IOException {
    Path mount =
        ProcFs.of().process(self).mounts().orElseThrow().stream()
            .filter(m -> m.type().toString().equals("cgroup"))
            .filter(m -> m.superOptions().contains("freezer"))
            .map(Mount::mountPoint)
            .map(point -> Path.of(point.toString()))
            .findFirst()
            .orElse(Path.of("/nowhere"));
    assumeTrue(Files.isWritable(mount), "no freezer of cgroup v1 to be divided here");
    group = Files.createDirectory(mount.resolve("libproc4j-test-" + self));
  }

  @AfterEach
  void removeGroup() throws IOException {
    write("freezer.state", "THAWED");
    // The dead leave it a little later than their parents hear of their end.
    assertThat(Await.until(Target.LIMIT, () -> group.toFile().delete())).isTrue();
  }

  /** The frozen look like those that were killed in their stop. */
  @ParameterizedTest
  @EnumSource
  void itIsStillHeldAndRunsAfterBoth(Way way) throws Exception {
    try (Target target = Target.start("threads", "3")) {
      try (Tracer tracer = way.open();
          ProcessHandle process = tracer.grab(target.pid())) {
        write("cgroup.procs", "" + target.pid());
        write("freezer.state", "FROZEN");
        target.awaitAllInState("D");
        for (int i = 0; i < 3; i++) {
          assertThat(process.stop(StopRequest.PCNULL, 0)).isEqualTo(Errno.OK);
          assertThat(process.state()).isEqualTo(ProcessState.STOP);
          assertThat(process.status().state()).isEqualTo(ProcessState.STOP);
        }
        write("freezer.state", "THAWED");
        target.awaitAllInState("t");
        assertThat(process.state()).isEqualTo(ProcessState.STOP);
      }
      target.assertClean();
    }
  }

  private void write(String file, String text) throws IOException {
    Files.writeString(group.resolve(file), text);
  }
}
