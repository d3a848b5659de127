package org.libproc4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.libproc4j.procfs.ProcFs;
import org.libproc4j.testing.Target;

/** A process that we hold, in a control group that somebody freezes by version 1. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class HeldInFrozenGroupIT {
  private static final int SELF = (int) java.lang.ProcessHandle.current().pid();

  /** The frozen look like those that were killed in their stop. */
  @ParameterizedTest
  @EnumSource
  void itIsStillHeldAndRunsAfterBoth(Way way) throws Exception {
    Path mount = mount();
    assumeTrue(Files.isWritable(mount), "no freezer of cgroup v1 to be divided here");
    try (Target target = Target.start("threads", "3")) {
      try (Tracer tracer = way.open();
          ProcessHandle process = tracer.grab(target.pid());
          Group group = new Group(mount, target.pid())) {
        group.write("freezer.state", "FROZEN");
        target.awaitAllInState("D");
        for (int i = 0; i < 3; i++) {
          assertThat(process.stop(StopRequest.PCNULL, 0)).isEqualTo(Errno.OK);
          assertThat(process.state()).isEqualTo(ProcessState.STOP);
          assertThat(process.status().state()).isEqualTo(ProcessState.STOP);
        }
        group.write("freezer.state", "THAWED");
        target.awaitAllInState("t");
        assertThat(process.state()).isEqualTo(ProcessState.STOP);
      }
      target.assertClean();
    }
  }

  private static Path mount() {
    return ProcFs.of().process(SELF).mounts().orElseThrow().stream()
        .filter(m -> m.type().toString().equals("cgroup"))
        .filter(m -> m.superOptions().contains("freezer"))
        .map(m -> Path.of(m.mountPoint().toString()))
        .findFirst()
        .orElse(Path.of("/nowhere"));
  }

  /** One of our own, which is gone, with its process thawed, before that is killed. */
  private record Group(Path mount, int pid) implements AutoCloseable {
    Group(Path mount, int pid) {
      this.mount = mount;
      this.pid = pid;
      try {
        Files.createDirectory(directory());
        write("cgroup.procs", "" + pid);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private Path directory() {
      return mount.resolve("libproc4j-test-" + SELF);
    }

    void write(String file, String text) throws IOException {
      Files.writeString(directory().resolve(file), text);
    }

    @Override
    public void close() throws IOException {
      write("freezer.state", "THAWED");
      Files.writeString(mount.resolve("cgroup.procs"), "" + pid);
      Files.delete(directory());
    }
  }
}
