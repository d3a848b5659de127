package org.libproc4j;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.libproc4j.GrabError.G_BUSY;
import static org.libproc4j.GrabError.G_INTR;
import static org.libproc4j.GrabError.G_NOFD;
import static org.libproc4j.GrabError.G_NOPROC;
import static org.libproc4j.GrabError.G_PERM;
import static org.libproc4j.GrabError.G_SELF;
import static org.libproc4j.GrabError.G_STRANGE;
import static org.libproc4j.GrabError.G_SYS;
import static org.libproc4j.GrabError.G_ZOMB;
import static org.libproc4j.testing.Signals.SIGKILL;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.libproc4j.internal.linux.Err;
import org.libproc4j.internal.linux.InterposedLibc;
import org.libproc4j.internal.linux.InterposedLibc.Function;
import org.libproc4j.internal.linux.Ptrace;
import org.libproc4j.linux.linux_h;
import org.libproc4j.procfs.ProcFs;
import org.libproc4j.testing.DescriptorLimit;
import org.libproc4j.testing.Leaks;
import org.libproc4j.testing.Target;
import org.libproc4j.testing.Unprivileged;

/** Why a grab fails: the error, a message that names the cause, and nothing left behind. */
@Timeout(60)
class GrabIT {
  private static final int SELF = (int) java.lang.ProcessHandle.current().pid();

  /** A grab that must fail; returns its message. */
  private static String refused(GrabError error, int pid, GrabOption... options) {
    Leaks leaks = Leaks.baseline();
    try (ProcessHandle process = ProcessHandle.grab(pid, options)) {
      throw new AssertionError("grabbed " + process);
    } catch (GrabException e) {
      assertThat(e.error()).as(e.getMessage()).isEqualTo(error);
      leaks.assertNone();
      return String.valueOf(e.getMessage());
    }
  }

  // ---- nobody to grab

  @ParameterizedTest
  @ValueSource(ints = {0, -1, Integer.MIN_VALUE, Integer.MAX_VALUE})
  void whatIsNoPidIsNoProcess(int pid) {
    assertThat(refused(G_NOPROC, pid)).isEqualTo("there is no process " + pid);
    assertThat(refused(G_NOPROC, pid, GrabOption.RDONLY)).contains("no process " + pid);
  }

  @Test
  void aPidBeyondPidMaxIsNoProcess() throws IOException {
    int max;
    // All at once: a second read of such a file gets nothing.
    try (InputStream in = new FileInputStream("/proc/sys/kernel/pid_max")) {
      max = Integer.parseInt(new String(in.readNBytes(32), UTF_8).strip());
    }
    assertThat(refused(G_NOPROC, max)).contains("no process " + max);
    assertThat(refused(G_NOPROC, max + 1)).contains("no process " + (max + 1));
  }

  @Test
  void aProcessThatHasEndedIsNoProcess() {
    try (Target target = Target.start("exiter")) {
      target.send(SIGKILL);
      target.assertCleanEnd();
      assertThat(refused(G_NOPROC, target.pid())).contains("no process " + target.pid());
    }
  }

  @Test
  void aThreadIsNoProcessAndTheMessageSaysWhose() {
    try (Target target = Target.start("stopper", "2")) {
      int tid = target.tid(1);
      for (GrabOption[] options :
          List.of(new GrabOption[0], new GrabOption[] {GrabOption.RDONLY})) {
        assertThat(refused(G_NOPROC, tid, options))
            .contains(tid + " is not a process but a thread of process " + target.pid())
            .contains("(stopper)")
            .contains("lwp(" + tid + ")");
      }
      target.assertClean();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "threads"})
  void aZombieIsNamedWithTheParentThatLeavesItSo(String argument) {
    try (Target target =
        argument.isEmpty() ? Target.start("zombie") : Target.start("zombie", argument)) {
      int zombie = Integer.parseInt(target.awaitLine("zombie (\\d+)").group(1));
      assertThat(refused(G_ZOMB, zombie))
          .contains("process " + zombie + " (zombie) is a zombie")
          .contains("parent " + target.pid());
      assertThat(refused(G_ZOMB, zombie, GrabOption.RDONLY)).contains("zombie");
      target.ask("reap", "reaped " + zombie);
      target.assertClean();
    }
  }

  @Test
  void aProcessWhoseLeaderIsAZombieLives() throws GrabException {
    try (Target target = Target.start("exiter", "4")) {
      target.ask("leader", "leader gone");
      try (ProcessHandle process = ProcessHandle.grab(target.pid())) {
        assertThat(process.state()).isEqualTo(ProcessState.STOP);
        assertThat(process.lwpIds()).hasSize(3).doesNotContain(target.pid());
        target.assertStill();
      }
      target.assertClean();
    }
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void aProcessThatDiesMeanwhileIsNoProcess(Way way) {
    try (Target target = Target.start("threads", "3", "sleep")) {
      InterposedLibc libc = new InterposedLibc();
      try (Tracer tracer = way.open(libc)) {
        AtomicInteger seizes = new AtomicInteger();
        libc.interpose(
            call -> {
              if (call.isPtrace(Ptrace.SEIZE) && seizes.incrementAndGet() == 2) {
                target.send(SIGKILL);
              }
              return call.proceed();
            });
        assertThatThrownBy(() -> tracer.grab(target.pid()))
            .isInstanceOfSatisfying(
                GrabException.class, e -> assertThat(e.error()).isIn(G_NOPROC, G_ZOMB));
      }
      target.assertCleanEnd();
    }
  }

  // ---- not to be had

  @Test
  void ourselvesCannotBeGrabbed() {
    assertThat(refused(G_SELF, SELF)).contains("process " + SELF + " is this JVM itself");
  }

  @Test
  void aKernelThreadCannotBeGrabbed() {
    int kthreadd = 2;
    assumeTrue(
        ProcFs.of()
            .process(kthreadd)
            .stat()
            .toOptional()
            .filter(s -> s.isKernelThread())
            .isPresent(),
        "this PID namespace shows no kernel threads");
    assertThat(refused(G_SYS, kthreadd)).contains("process 2 (kthreadd) is a kernel thread");
  }

  @Test
  void whatAnotherTracesIsBusyAndTheMessageSaysWho() {
    try (Target target = Target.start("stopper", "3")) {
      target.ask("allow", "allowed");
      try (Target tracer = Target.start("tracer", Integer.toString(target.pid()))) {
        for (GrabOption[] options :
            List.of(new GrabOption[0], new GrabOption[] {GrabOption.FORCE, GrabOption.RETAIN})) {
          assertThat(refused(G_BUSY, target.pid(), options))
              .contains("process " + target.pid() + " (stopper)")
              .contains("traced by process " + tracer.pid() + " (tracer)");
        }
        assertThat(target.tracerPid()).isEqualTo(tracer.pid());
        tracer.tell("exit");
        tracer.assertCleanEnd();
        target.awaitUntraced();
      }
      target.assertClean();
    }
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void whatWeHaveAlreadyIsBusy(Way way) throws GrabException {
    try (Target target = Target.start("threads", "3", "sleep")) {
      try (Tracer tracer = way.open();
          ProcessHandle process = tracer.grab(target.pid())) {
        assertThat(refused(G_BUSY, target.pid()))
            .contains("process " + target.pid() + " (threads) is already grabbed by this JVM");
        assertThatThrownBy(() -> tracer.grab(target.pid()))
            .hasMessageContaining("already grabbed by this JVM");
        target.assertStill();
        assertThat(process.setRun()).isEqualTo(Errno.OK);
        target.awaitCounterMoves();
      }
      target.assertClean();
    }
  }

  @Test
  void aChildOfProcessBuilderIsRefusedAndUnharmed() throws Exception {
    Leaks leaks = Leaks.baseline();
    Process child = new ProcessBuilder("/bin/sh", "-c", "read line; exit 7").start();
    try {
      int pid = (int) child.pid();
      assertThat(refused(G_BUSY, pid))
          .contains("process " + pid + " (sh) is a child of this JVM, started with ProcessBuilder")
          .contains("ProcessHandle.create()");
      try (Tracer tracer = Tracer.ofConfined()) {
        assertThatThrownBy(() -> tracer.grab(pid)).hasMessageContaining("ProcessBuilder");
      }
      assertThatThrownBy(() -> ProcessHandle.grab(child.toHandle()))
          .hasMessageContaining("ProcessBuilder");
      try (ProcessHandle process = ProcessHandle.grab(pid, GrabOption.RDONLY)) {
        assertThat(process.state()).isEqualTo(ProcessState.RUN); // looking does no harm
      }
      assertThat(child.isAlive()).isTrue();
      child.getOutputStream().write('\n');
      child.getOutputStream().close();
      assertThat(child.waitFor(10, TimeUnit.SECONDS)).isTrue();
      assertThat(child.exitValue()).isEqualTo(7);
    } finally {
      child.destroyForcibly();
      child.waitFor();
      child.getInputStream().close();
      child.getErrorStream().close();
    }
    leaks.assertNone();
  }

  // ---- not permitted

  @Test
  void anotherUsersProcessIsRefusedWithoutPrivilege() throws Exception {
    if (Unprivileged.isRoot()) {
      String[] asNobody = {
        "/usr/bin/env",
        "setpriv",
        "--reuid=65534",
        "--regid=65534",
        "--clear-groups",
        "/bin/sh",
        "-c",
        "echo here; read line"
      };
      try (Target target = Target.startProgram("here", asNobody)) {
        assertThat(grabWithoutPrivilege(target.pid()))
            .contains("G_PERM")
            .contains("process " + target.pid() + " (sh)")
            .contains("user 65534, we as 0");
        target.assertClean();
      }
    } else {
      Integer pid = anotherUsersProcess();
      assumeTrue(pid != null, "every process that is visible here is our own user's");
      int other = Objects.requireNonNull(pid);
      assertThat(refused(G_PERM, other)).contains("process " + other).contains("runs as user");
    }
  }

  @Test
  void aPrivilegedProcessOfOurOwnUserIsRefusedWithoutPrivilege() throws Exception {
    assumeTrue(Unprivileged.isRoot(), "only root can make a privileged process");
    try (Target target = Target.start("stopper")) {
      assertThat(grabWithoutPrivilege(target.pid()))
          .contains("G_PERM")
          .contains("process " + target.pid() + " (stopper)")
          .contains("privileges that we lack");
      target.assertClean();
    }
  }

  /** What another JVM says that is root by name, but has no capability. */
  private static String grabWithoutPrivilege(int pid) throws Exception {
    return Unprivileged.run(
        GrabAnother.class,
        List.of(ProcessHandle.class, ProcFs.class, linux_h.class),
        Integer.toString(pid));
  }

  private static @Nullable Integer anotherUsersProcess() throws IOException {
    String own = ProcFs.of().process(SELF).status().orElseThrow().uid().toString();
    try (Stream<java.lang.ProcessHandle> all = java.lang.ProcessHandle.allProcesses()) {
      return all.map(p -> (int) p.pid())
          .filter(
              pid ->
                  ProcFs.of()
                      .process(pid)
                      .status()
                      .toOptional()
                      .filter(status -> !status.uid().toString().equals(own))
                      .isPresent())
          .filter(
              pid ->
                  ProcFs.of()
                      .process(pid)
                      .stat()
                      .toOptional()
                      .filter(stat -> !stat.isKernelThread())
                      .isPresent())
          .findFirst()
          .orElse(null);
    }
  }

  // ---- not in time, not with what we have

  @Test
  void aThreadThatDoesNotStopIsNamedAndLetGo() {
    try (Target target = Target.start("vforker", "2")) {
      target.awaitState(target.pid(), "D");
      Leaks leaks = Leaks.baseline();
      long start = System.nanoTime();
      assertThatThrownBy(() -> ProcessHandle.grab(target.pid(), Duration.ofMillis(50)))
          .isInstanceOfSatisfying(
              GrabException.class, e -> assertThat(e.error()).isEqualTo(G_STRANGE))
          .hasMessageContaining("process " + target.pid() + " did not stop within 50 ms")
          .hasMessageContaining("thread " + target.pid() + " (vforker) in state D")
          .hasMessageNotContaining("thread " + target.tid(1));
      assertThat(System.nanoTime() - start).isGreaterThan(50_000_000);
      leaks.assertNone();
      target.awaitUntraced();
      target.awaitCounterMoves();
      target.tell("exit 0");
      target.assertClean();
    }
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void aThreadThatDoesNotStopIsLetGoWhenItWakesByATracerThatGoesOn(Way way) throws GrabException {
    try (Target target = Target.start("vforker", "2");
        Target other = Target.start("threads", "2", "sleep")) {
      target.awaitState(target.pid(), "D");
      try (Tracer tracer = way.open()) {
        assertThatThrownBy(() -> tracer.grab(target.pid(), Duration.ofMillis(20)))
            .hasMessageContaining("thread " + target.pid() + " (vforker) in state D");
        target.tell("exit 0");
        try (ProcessHandle process = tracer.grab(other.pid())) {
          assertThat(process.state()).isEqualTo(ProcessState.STOP);
          other.assertStill();
        }
      }
      target.assertClean();
      other.assertClean();
    }
  }

  @Test
  void anInterruptedGrabIsGivenUp() {
    try (Target target = Target.start("vforker", "2")) {
      target.awaitState(target.pid(), "D");
      Leaks leaks = Leaks.baseline();
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> ProcessHandle.grab(target.pid()))
          .isInstanceOfSatisfying(GrabException.class, e -> assertThat(e.error()).isEqualTo(G_INTR))
          .hasMessageContaining("interrupted");
      assertThat(Thread.interrupted()).isTrue();
      leaks.assertNone();
      target.awaitUntraced();
      target.tell("exit 0");
      target.assertClean();
    }
  }

  @Test
  void aGrabThatRunsOutOfDescriptorsHoldsNothing() throws GrabException {
    try (Target target = Target.start("threads", "3", "sleep")) {
      ProcessHandle.grab(target.pid()).close(); // loads the classes that this needs
      refused(G_NOPROC, 0);
      Leaks leaks = Leaks.baseline();
      int refusals = 0;
      try (DescriptorLimit limit = new DescriptorLimit(256)) {
        for (boolean grabbed = false; !grabbed; refusals++) {
          limit.leave(refusals);
          try (ProcessHandle process = ProcessHandle.grab(target.pid())) {
            grabbed = true;
            assertThat(process.state()).isEqualTo(ProcessState.STOP);
          } catch (GrabException e) {
            limit.leaveAll();
            assertThat(e.error()).as(e.getMessage()).isEqualTo(G_NOFD);
            assertThat(e).hasMessageContaining("ulimit -n");
          } finally {
            limit.leaveAll();
          }
          target.assertClean();
        }
      }
      assertThat(refusals).isGreaterThan(2);
      leaks.assertNone();
    }
  }

  /** A zombie leader does not show that its siblings are traced. */
  @ParameterizedTest
  @EnumSource(Way.class)
  void aThreadThatAnotherTracesAndThatEndsIsSaidToHaveBeenTraced(Way way) throws GrabException {
    try (Target target = Target.start("exiter", "3");
        Tracer other = Way.SHARED_INTERRUPT.open();
        ProcessHandle _ = other.grab(target.pid(), GrabOption.NOSTOP)) {
      target.tell("leader");
      target.awaitLine("leader gone");
      InterposedLibc libc = new InterposedLibc();
      AtomicBoolean refused = new AtomicBoolean();
      libc.interpose(
          call -> {
            if (call.function() == Function.PPOLL && refused.getAndSet(false)) {
              target.tell("worker 1");
              target.awaitLine("worker 1 gone");
            }
            long result = call.proceed();
            boolean ofWorker = call.isPtrace(Ptrace.SEIZE) && call.id() == target.tid(1);
            refused.compareAndSet(false, ofWorker && result == -Err.EPERM);
            return result;
          });
      try (Tracer tracer = way.open(libc)) {
        assertThatThrownBy(() -> tracer.grab(target.pid()))
            .isInstanceOfSatisfying(
                GrabException.class, e -> assertThat(e.error()).isEqualTo(G_BUSY));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void aGrabThatFailsInTheMiddleHoldsNothing(Way way) {
    try (Target target = Target.start("threads", "4", "sleep")) {
      InterposedLibc libc = new InterposedLibc();
      try (Tracer tracer = way.open(libc)) {
        for (int n = 1; n <= 4; n++) {
          libc.fail(call -> call.isPtrace(Ptrace.SEIZE), n, Err.EIO);
          assertThatThrownBy(() -> tracer.grab(target.pid()))
              .isInstanceOfSatisfying(
                  GrabException.class, e -> assertThat(e.error()).isEqualTo(G_STRANGE))
              .hasMessageContaining("PTRACE_SEIZE")
              .hasMessageContaining("EIO");
          assertThat(target.tracerPid()).isZero();
          libc.failAll(call -> call.isPtrace(Ptrace.SEIZE) && call.id() != target.pid(), Err.EPERM);
          assertThatThrownBy(() -> tracer.grab(target.pid(), GrabOption.NOSTOP))
              .isInstanceOfSatisfying(
                  GrabException.class, e -> assertThat(e.error()).isEqualTo(G_PERM));
          assertThat(target.tracerPid()).isZero();
          libc.interposeNothing();
        }
      }
      target.assertClean();
    }
  }

  /** What the tracer was stuck with, it lets go once it gets on, though nobody stops it. */
  @ParameterizedTest
  @EnumSource(names = {"SHARED_INTERRUPT", "SHARED_TGKILL"})
  void aGrabThatWasGivenUpHoldsNothing(Way way) throws Exception {
    try (Target target = Target.start("threads", "4", "sleep")) {
      InterposedLibc libc = new InterposedLibc();
      try (Tracer tracer = way.open(libc)) {
        for (GrabOption[] options : new GrabOption[][] {{GrabOption.NOSTOP}, {}}) {
          CountDownLatch givenUp = new CountDownLatch(1);
          libc.interpose(
              call -> {
                if (call.isPtrace(Ptrace.SEIZE)) {
                  awaitUninterruptibly(givenUp);
                }
                return call.proceed();
              });
          assertThatThrownBy(() -> tracer.grab(target.pid(), Duration.ofMillis(200), options))
              .isInstanceOfSatisfying(
                  GrabException.class, e -> assertThat(e.error()).isEqualTo(G_STRANGE));
          givenUp.countDown();
          tracer.grab(target.pid(), GrabOption.NOSTOP).close();
          assertThat(target.tracerPid()).isZero();
          target.assertComputes();
        }
      }
      target.assertClean();
    }
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    try {
      assertThat(latch.await(1, TimeUnit.MINUTES)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  // ---- arguments and options

  @Test
  void argumentsAreChecked() {
    for (Duration limit : List.of(Duration.ZERO, Duration.ofMillis(-1))) {
      assertThatThrownBy(() -> ProcessHandle.grab(SELF, limit))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining(limit.toString());
    }
  }

  @Test
  void byDefaultItIsStopped() throws GrabException {
    try (Target target = Target.start("threads", "3", "sleep")) {
      try (ProcessHandle process = ProcessHandle.grab(target.pid())) {
        assertThat(process.state()).isEqualTo(ProcessState.STOP);
        assertThat(process.pid()).isEqualTo(target.pid());
        target.assertStill();
      }
      target.assertClean();
    }
  }

  @Test
  void nostopLeavesItRunningUnderControl() throws GrabException {
    try (Target target = Target.start("threads", "3", "sleep")) {
      try (ProcessHandle process =
          ProcessHandle.grab(
              target.pid(), GrabOption.NOSTOP, GrabOption.RETAIN, GrabOption.FORCE)) {
        assertThat(process.state()).isEqualTo(ProcessState.RUN);
        assertThat(target.tracerPid()).isNotZero();
        target.awaitCounterMoves();
      }
      target.assertClean();
    }
  }

  @Test
  void aProcessThatTheJdkKnowsCanBeGrabbed() throws GrabException {
    try (Target target = Target.start("exiter")) {
      java.lang.ProcessHandle known = java.lang.ProcessHandle.of(target.pid()).orElseThrow();
      try (ProcessHandle process = ProcessHandle.grab(known)) {
        assertThat(process.pid()).isEqualTo(target.pid());
        assertThat(process.state()).isEqualTo(ProcessState.STOP);
      }
      target.assertClean();
      target.send(SIGKILL);
      target.assertCleanEnd();
      assertThatThrownBy(() -> ProcessHandle.grab(known))
          .isInstanceOfSatisfying(
              GrabException.class, e -> assertThat(e.error()).isEqualTo(G_NOPROC));
    }
  }
}
