package org.libproc4j.procfs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ProcessTreeTest {
  @Test
  void everyProcessIsUnderItsParent() {
    ProcessTree tree =
        ProcessTree.of(List.of(stat(5, 2, 9), stat(1, 0, 0), stat(2, 1, 5), stat(3, 1, 6)));

    assertThat(pids(tree.roots())).containsExactly(1);
    assertThat(pids(tree.children(1))).containsExactly(2, 3);
    assertThat(pids(tree.descendants(1))).containsExactly(2, 5, 3);
    assertThat(pids(tree.ancestors(5))).containsExactly(2, 1);
    assertThat(tree.parent(5).orElseThrow().pid()).isEqualTo(2);
    assertThat(tree.process(3).orElseThrow().ppid()).isEqualTo(1);
  }

  @Test
  void aStrangerHasNobody() {
    ProcessTree tree = ProcessTree.of(List.of(stat(1, 0, 0)));

    assertThat(tree.process(9)).isEmpty();
    assertThat(tree.parent(9)).isEmpty();
    assertThat(tree.children(9)).isEmpty();
    assertThat(tree.descendants(9)).isEmpty();
    assertThat(tree.ancestors(9)).isEmpty();
  }

  @Test
  void aParentThatIsYoungerIsAnotherProcess() {
    ProcessTree tree = ProcessTree.of(List.of(stat(2, 3, 5), stat(3, 1, 7)));

    assertThat(pids(tree.roots())).containsExactly(2, 3);
  }

  @Test
  void thereIsNoCircle() {
    ProcessTree tree = ProcessTree.of(List.of(stat(2, 4, 5), stat(3, 2, 5), stat(4, 3, 5)));

    assertThat(tree.roots()).hasSize(1);
    assertThat(tree.descendants(tree.roots().getFirst().pid())).hasSize(2);
    assertThat(pids(ProcessTree.of(List.of(stat(2, 2, 5))).roots())).containsExactly(2);
  }

  @Test
  void aLongLineOfDescendantsIsNoProblem() {
    List<Stat> line =
        IntStream.rangeClosed(1, 50_000).mapToObj(pid -> stat(pid, pid - 1, pid)).toList();
    ProcessTree tree = ProcessTree.of(Collections.unmodifiableList(line));

    assertThat(tree.descendants(1)).hasSize(49_999);
    assertThat(tree.ancestors(50_000)).hasSize(49_999);
  }

  private static List<Integer> pids(List<Stat> stats) {
    return stats.stream().map(Stat::pid).toList();
  }

  private static Stat stat(int pid, int ppid, long startTime) {
    String text =
        pid
            + " (x) S "
            + ppid
            + " 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 "
            + startTime
            + " 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 17 0 0 0\n";
    return Fixture.of(text).parse(Stat::parse);
  }
}
