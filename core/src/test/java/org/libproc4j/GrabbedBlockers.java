package org.libproc4j;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.libproc4j.Errno.OK;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.assertj.core.api.SoftAssertions;

/** Blockers under the control of one tracer, which does the same to all of them. */
final class GrabbedBlockers implements AutoCloseable {
  /** One of them; its leader is the thread that blocks. */
  private record Grabbed(Blocker blocker, ProcessHandle process, LwpHandle leader) {}

  private final List<Grabbed> all = new ArrayList<>();

  GrabbedBlockers(Tracer tracer, List<Blocker> blockers, GrabOption... options)
      throws GrabException {
    try {
      for (Blocker blocker : blockers) {
        int pid = blocker.target.pid();
        ProcessHandle process = tracer.grab(pid, options);
        all.add(new Grabbed(blocker, process, process.lwp(pid)));
      }
    } catch (GrabException | RuntimeException e) {
      close();
      throw e;
    }
  }

  void stop() {
    all.forEach(one -> assertThat(one.process.stop()).as("stop %s", one.blocker).isEqualTo(OK));
  }

  void setRun() {
    all.forEach(one -> assertThat(one.process.setRun()).as("run %s", one.blocker).isEqualTo(OK));
  }

  /** Stops the threads alone that block. */
  void stopLeaders() {
    all.forEach(one -> assertThat(one.leader.stop()).as("stop %s", one.blocker).isEqualTo(OK));
  }

  void setLeadersRun() {
    all.forEach(one -> assertThat(one.leader.setRun()).as("run %s", one.blocker).isEqualTo(OK));
  }

  void awaitState(ProcessState state) {
    Map<Blocker, ProcessHandle> processes =
        all.stream().collect(Collectors.toMap(Grabbed::blocker, Grabbed::process));
    await(blocker -> requireNonNull(processes.get(blocker)).state() == state, state.toString());
  }

  void awaitBlocked() {
    await(Blocker::isBlocked, "blocked");
  }

  /** Looks again and again, as the owner of a confined tracer must, until it is so for each. */
  void await(Predicate<Blocker> condition, String what) {
    Blockers.await(blockers(), condition, what, this::look);
  }

  private void look() {
    all.forEach(one -> one.process.stop(StopRequest.PCNULL, 0));
  }

  private List<Blocker> blockers() {
    return all.stream().map(Grabbed::blocker).toList();
  }

  /** Asserts that each has said exactly this since it was last asked, while it runs. */
  void assertSaidExactly(String when, Function<Blocker, List<String>> expected) {
    Blockers.settle(blockers(), this::look);
    Blockers.assertSaidExactly(blockers(), when, expected);
  }

  /** Asserts what the threads that block will notice of the stop that they are in. */
  void assertTraces(Function<Blocker, StopTrace> expected) {
    SoftAssertions.assertSoftly(
        softly ->
            all.forEach(
                one ->
                    softly
                        .assertThat(one.leader.status().trace())
                        .as("what %s will notice", one.blocker)
                        .contains(expected.apply(one.blocker))));
  }

  /** Lets them go. */
  @Override
  public void close() {
    all.forEach(one -> one.process.close());
  }
}
