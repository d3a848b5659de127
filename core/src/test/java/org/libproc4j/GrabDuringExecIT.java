package org.libproc4j;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.MatchResult;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.libproc4j.internal.linux.Libc;
import org.libproc4j.internal.linux.Ptrace;
import org.libproc4j.testing.Await;
import org.libproc4j.testing.Meanwhile;
import org.libproc4j.testing.Signals;
import org.libproc4j.testing.Target;

/** A grab that meets an exec by a thread that is not the leader: its siblings die, and it moves. */
@Timeout(60)
class GrabDuringExecIT {
  private static final int SEIZED_BEFORE_THE_EXEC = 4;
  private static final int ROUNDS = 60;
  private static final int EXECS = 20;
  private static final int STORM_ROUNDS = 200;

  /** Lets the target call exec after some of its threads are seized, and waits for them to die. */
  private static final class ExecMeanwhile extends Libc {
    private final Target target;
    private final AtomicInteger seized = new AtomicInteger();

    ExecMeanwhile(Target target) {
      this.target = target;
    }

    @Override
    public long ptrace(int request, int tid, long addr, long data) {
      if (request == Ptrace.SEIZE && seized.getAndIncrement() == SEIZED_BEFORE_THE_EXEC) {
        target.tell("other");
        awaitOneThread();
      }
      return super.ptrace(request, tid, addr, data);
    }

    /** Or until the exec is done, because the watchdog was quick. */
    private void awaitOneThread() {
      long deadline = System.nanoTime() + Target.LIMIT.toNanos();
      while (target.generation() == 0 && liveThreads() > 1) {
        assertThat(System.nanoTime()).as("the exec kills the other threads").isLessThan(deadline);
        Thread.onSpinWait();
      }
    }

    private long liveThreads() {
      return target.states().values().stream().filter(s -> s != 'Z' && s != 'X').count();
    }
  }

  @Test
  void aGrabAtAnyMomentOfAnExecHoldsTheProcessAndLetsItGoOn() throws Exception {
    for (int i = 0; i < ROUNDS; i++) {
      try (Target target = Target.start("execer", "40")) {
        target.tell("other");
        try (ProcessHandle process = ProcessHandle.grab(target.pid())) {
          assertThat(process.state()).isEqualTo(ProcessState.STOP);
          assertThat(process.lwpIds()).hasSameElementsAs(target.tids());
        }
        target.awaitUntraced();
        target.assertComputes();
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void aGrabOfAProcessThatExecutesAgainAndAgainHoldsIt(Way way) throws Exception {
    try (Target target = Target.start("execstorm");
        Tracer tracer = way.open()) {
      for (int i = 0; i < STORM_ROUNDS; i++) {
        try (ProcessHandle process = tracer.grab(target.pid())) {
          assertThat(process.state()).as("in round %d", i).isEqualTo(ProcessState.STOP);
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void aReleaseOfAProcessThatExecutesAgainAndAgainLeavesNoTracee(Way way) throws Exception {
    try (Target target = Target.start("execstorm");
        Tracer tracer = way.open()) {
      for (int i = 0; i < STORM_ROUNDS; i++) {
        ProcessHandle process = tracer.grab(target.pid());
        assertThat(process.setRun()).isEqualTo(Errno.OK);
        process.close();
        assertThat(target.tracerPid()).as("in round %d", i).isZero();
      }
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Way.class,
      names = {"SHARED_INTERRUPT", "SHARED_TGKILL"})
  void aFirstStopAfterAGrabWithoutOneHoldsItToo(Way way) throws Exception {
    try (Target target = Target.start("execstorm");
        Tracer tracer = way.open()) {
      for (int i = 0; i < STORM_ROUNDS; i++) {
        try (ProcessHandle process = tracer.grab(target.pid(), GrabOption.NOSTOP)) {
          assertThat(process.stop()).as("in round %d", i).isEqualTo(Errno.OK);
          assertThat(process.state()).as("in round %d", i).isEqualTo(ProcessState.STOP);
        }
      }
    }
  }

  /** Counts the SIGSTOPs that are sent to a leader. */
  private static final class LeaderStops extends Libc {
    private int count;

    @Override
    public int tgkill(int tgid, int tid, int signal) {
      if (tid == tgid && signal == Signals.SIGSTOP) {
        count++;
      }
      return super.tgkill(tgid, tid, signal);
    }
  }

  /**
   * Else, by an exec in the same instant, that one is stopped, and it is nobody's to set running.
   */
  @ParameterizedTest
  @EnumSource(
      value = Way.class,
      names = {"CONFINED_TGKILL", "SHARED_TGKILL"})
  void noSigstopIsSentToALeaderThatAThreadOfNobodyMayReplace(Way way) throws Exception {
    try (Target target = Target.start("untraced")) {
      LeaderStops stops = new LeaderStops();
      try (Tracer tracer = way.open(stops);
          ProcessHandle process = tracer.grab(target.pid(), GrabOption.NOSTOP)) {
        MatchResult thread = target.ask("thread", "thread (\\d+) \\d+");
        assertThat(process.stop()).isEqualTo(Errno.OK);
        assertThat(process.lwpIds()).contains(Integer.valueOf(thread.group(1)));
        assertThat(stops.count).isZero();
        assertThat(process.setRun()).isEqualTo(Errno.OK);
        assertThat(process.stop()).isEqualTo(Errno.OK);
        assertThat(stops.count).as("now that all threads are ours").isOne();
      }
      target.assertClean();
    }
  }

  /** As if all threads but the leader were just being born: no listing shows those. */
  private static final class Unborn extends Libc {
    private boolean all = true;

    @Override
    public long getdents64(int fd, MemorySegment buffer) {
      long length = super.getdents64(fd, buffer);
      return all
          ? Math.min(length, lengthOfFirst(buffer, 3))
          : length; // of ".", ".." and the leader
    }

    private static long lengthOfFirst(MemorySegment entries, int count) {
      long at = 0;
      for (int i = 0; i < count; i++) {
        at += Short.toUnsignedInt(entries.get(ValueLayout.JAVA_SHORT_UNALIGNED, at + 16));
      }
      return at;
    }

    @Override
    public int linkCount(int fd, MemorySegment statx) {
      int links = super.linkCount(fd, statx);
      return all ? Math.min(links, 3) : links;
    }
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void anExecByAThreadThatWasMissedIsHeldByTheFirstStop(Way way) throws Exception {
    Unborn libc = new Unborn();
    try (Target target = Target.start("execer");
        Tracer tracer = way.open(libc);
        ProcessHandle process = tracer.grab(target.pid(), GrabOption.NOSTOP)) {
      libc.all = false;
      int mark = target.mark();
      target.tell("other");
      target.awaitLine(mark, "ready");
      assertThat(process.stop()).isEqualTo(Errno.OK);
      assertThat(process.state()).isEqualTo(ProcessState.STOP);
      assertThat(process.lwpIds()).hasSameElementsAs(target.tids());
    }
  }

  /** What it has missed may be what its user waits for. */
  @ParameterizedTest
  @EnumSource(Way.class)
  void anExecByAThreadThatWasMissedIsALossWhereEventsWereAskedFor(Way way) throws Exception {
    Unborn libc = new Unborn();
    try (Target target = Target.start("execer");
        Tracer tracer = way.open(libc);
        ProcessHandle process = tracer.grab(target.pid(), GrabOption.NOSTOP)) {
      process.traceEvents(TraceEvent.EXEC);
      libc.all = false;
      int mark = target.mark();
      target.tell("other");
      target.awaitLine(mark, "ready");
      assertThat(process.stop()).isEqualTo(Errno.EAGAIN);
      assertThat(process.state()).isEqualTo(ProcessState.LOST);
    }
  }

  /** While a process is held on a signal, what may move is looked at, and no stop is waited for. */
  @ParameterizedTest
  @EnumSource(Way.class)
  void anExecInTheHeldLeadersPlaceIsSeenBesideAProcessThatIsHeldOnASignal(Way way)
      throws Exception {
    try (Target other = Target.start("signals", "1");
        Target target = Target.start("execer");
        Tracer tracer = way.open();
        ProcessHandle held = tracer.grab(other.pid(), GrabOption.NOSTOP);
        ProcessHandle process = tracer.grab(target.pid());
        LwpHandle leader = process.lwp(target.pid())) {
      assertThat(held.traceSignals(Signals.SIGUSR1)).isEqualTo(Errno.OK);
      other.send(Signals.SIGUSR1);
      assertThat(held.awaitStop()).isEqualTo(Errno.OK);
      assertThat(process.setRun()).isEqualTo(Errno.OK);
      assertThat(leader.stop()).isEqualTo(Errno.OK);
      int mark = target.mark();
      target.tell("other");
      assertThat(
              Await.until(
                  Target.LIMIT,
                  () -> {
                    process.stop(StopRequest.PCNULL, 0);
                    return target.events().stream().skip(mark).anyMatch("ready"::equals);
                  }))
          .as("it executes")
          .isTrue();
      assertThat(process.stop()).isEqualTo(Errno.OK);
      process.release();
      assertThat(target.tracerPid()).isZero();
    }
  }

  /** The leader dies before what is to stop it can. */
  private static final class DeafLeader extends Libc {
    private final int leader;
    private final CountDownLatch asked = new CountDownLatch(1);

    DeafLeader(int leader) {
      this.leader = leader;
    }

    @Override
    public long ptrace(int request, int tid, long addr, long data) {
      if (request == Ptrace.INTERRUPT && tid == leader && asked.getCount() > 0) {
        asked.countDown();
        return 0;
      }
      return super.ptrace(request, tid, addr, data);
    }
  }

  /** Nothing but the exec itself tells that a leader has ended in it. */
  @Test
  void aStopOfALeaderThatDiesInAnExecIsOver() throws Exception {
    try (Target target = Target.start("execer")) {
      for (int i = 0; i < EXECS; i++) {
        DeafLeader libc = new DeafLeader(target.pid());
        int mark = target.mark();
        try (Tracer tracer = Tracer.ofShared(libc, StopMechanism.INTERRUPT);
            ProcessHandle process = tracer.grab(target.pid(), GrabOption.NOSTOP);
            LwpHandle leader = process.lwp(target.pid());
            Meanwhile _ =
                Meanwhile.run(
                    () -> {
                      libc.asked.await();
                      target.tell("other");
                    })) {
          assertThat(leader.stop(StopRequest.PCSTOP, (int) Target.LIMIT.toMillis()))
              .isEqualTo(Errno.ENOENT);
        }
        target.awaitLine(mark, "ready");
      }
      target.assertClean();
    }
  }

  /** To seize the thread that executes would be to wait for it, and for ever. */
  @ParameterizedTest
  @EnumSource(Way.class)
  void aThreadOfNobodyExecutesWhenTheExitsThatItWaitsForGoOn(Way way) throws Exception {
    try (Target target = Target.start("untraced")) {
      try (Tracer tracer = way.open();
          ProcessHandle process = tracer.grab(target.pid())) {
        process.traceEvents(TraceEvent.EXIT);
        assertThat(process.setRun()).isEqualTo(Errno.OK);
        String slot = target.ask("thread", "thread \\d+ (\\d+)").group(1);
        int mark = target.mark();
        target.tell("execute " + slot);
        assertThat(process.awaitStop()).isEqualTo(Errno.OK);
        assertThat(process.status().representative().reason()).contains(StopReason.EXIT);
        assertThat(process.setRun()).isEqualTo(Errno.OK);
        target.awaitLine(mark, "ready");
        assertThat(process.awaitStop(Target.LIMIT)).isEqualTo(Errno.EAGAIN);
      }
      target.assertClean();
    }
  }

  @Test
  void aGrabDuringAnExecThatWaitsForADeadTraceeIsFreedByReaping() throws Exception {
    try (Target target = Target.start("execer", "8")) {
      int generation = target.generation();
      try (Tracer tracer = Tracer.ofShared(new ExecMeanwhile(target), StopMechanism.INTERRUPT);
          ProcessHandle process = tracer.grab(target.pid(), Duration.ofSeconds(10))) {
        assertThat(process.state()).isEqualTo(ProcessState.STOP);
        assertThat(process.lwpIds()).hasSameElementsAs(target.tids());
      }
      assertThat(target.generation()).isGreaterThanOrEqualTo(generation);
      target.assertComputes();
    }
  }
}
