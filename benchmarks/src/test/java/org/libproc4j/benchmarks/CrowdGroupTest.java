package org.libproc4j.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whose control groups are removed; directories do for them. */
class CrowdGroupTest {
  /** No process has such an id: PID_MAX_LIMIT of the kernel. */
  private static final long NOBODY = 4_194_304;

  @TempDir Path parent;

  @Test
  void whatIsOursOrOfTheDeadIsRemovedAndNoOther() throws IOException {
    CrowdGroup.make(parent, ProcessHandle.current().pid());
    CrowdGroup.make(parent, NOBODY);
    Path ofTheLiving = CrowdGroup.make(parent, 1).directory();
    Path busy = CrowdGroup.make(parent, NOBODY).directory();
    Files.createFile(busy.resolve("a process"));
    Path another = Files.createDirectory(parent.resolve("libproc4j-bench-another"));
    CrowdGroup.sweep(parent);
    try (var left = Files.list(parent)) {
      assertThat(left).containsExactlyInAnyOrder(ofTheLiving, busy, another);
    }
  }
}
