package org.libproc4j.procfs;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Reads this JVM, its threads, and what else is alive. */
@Timeout(60)
class ProcFsIT {
  private static final int SELF = (int) ProcessHandle.current().pid();

  private final ProcFs proc = ProcFs.of();

  @Test
  void statAndStatusOfThisProcessAgree() {
    Stat stat = proc.process(SELF).stat().orElseThrow();
    Status status = proc.process(SELF).status().orElseThrow();

    assertThat(stat.pid()).isEqualTo(SELF).isEqualTo(status.pid()).isEqualTo(status.tgid());
    assertThat(stat.ppid()).isEqualTo(status.ppid());
    assertThat(stat.comm())
        .isEqualTo(status.name())
        .isEqualTo(proc.process(SELF).comm().orElseThrow());
    assertThat(stat.startTime()).isPositive();
    assertThat(proc.process(SELF).startTime().orElseThrow()).isEqualTo(stat.startTime());
    assertThat(stat.isKernelThread()).isFalse();
    assertThat(status.threads()).isGreaterThan(1);
    assertThat(status.nsPid().getFirst()).isEqualTo(SELF);
  }

  @Test
  void thisProcessSeesProcMountedAndItselfInIt() {
    assertThat(proc.self()).hasValue(SELF);
    assertThat(proc.process(SELF).mounts().orElseThrow())
        .anySatisfy(
            mount -> {
              assertThat(mount.mountPoint()).isEqualTo(ByteString.of("/proc"));
              assertThat(mount.type()).isEqualTo(ByteString.of("proc"));
            });
  }

  @Test
  void everythingThatRunsHereIsReadable() {
    assertThat(proc.pids()).contains(SELF);
    for (int pid : proc.pids()) {
      ProcessFiles process = proc.process(pid);
      process.stat().map(stat -> assertThat(stat.pid()).isEqualTo(pid));
      process.status().map(status -> assertThat(status.pid()).isEqualTo(pid));
      process.syscall();
      process.children();
      for (int tid : process.tasks().orElse(List.of())) {
        process.thread(tid).stat().map(stat -> assertThat(stat.pid()).isEqualTo(tid));
        process.thread(tid).wchan();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"x S 1 y", "a Txy", ") (", "a) R 1", "a\nb\\c", "\377\376\1", " a\t", ")"})
  void aThreadMayHaveAnyName(String name) throws Exception {
    byte[] bytes = name.getBytes(ISO_8859_1);
    List<Comm> names =
        inNewThread(
            () -> {
              Files.write(Path.of("/proc/thread-self/comm"), bytes);
              ThreadFiles me = proc.thread(SELF, currentTid());
              return List.of(
                  me.stat().orElseThrow().comm(),
                  me.status().orElseThrow().name(),
                  me.comm().orElseThrow());
            });

    assertThat(names).containsOnly(Comm.of(bytes));
  }

  @Test
  void aSleepingThreadShowsItsSystemCallAndARunningOneNone() throws Exception {
    SynchronousQueue<Integer> tids = new SynchronousQueue<>();
    CountDownLatch end = new CountDownLatch(1);
    Thread sleeper = reporting(tids, () -> await(end));
    ThreadFiles sleeping = proc.thread(SELF, tids.take());
    Thread spinner = reporting(tids, () -> spin(end));
    ThreadFiles running = proc.thread(SELF, tids.take());

    eventually(() -> sleeping.syscall().orElseThrow() instanceof Syscall.Blocked);
    eventually(() -> sleeping.stat().orElseThrow().state() == TaskState.SLEEPING);
    eventually(() -> running.syscall().orElseThrow() instanceof Syscall.Running);
    eventually(() -> running.stat().orElseThrow().state() == TaskState.RUNNING);
    assertThat(running.wchan().orElseThrow()).isEmpty();

    end.countDown();
    sleeper.join();
    spinner.join();
  }

  @Test
  void aThreadIsListedWhileItLivesAndThenVanishes() throws Exception {
    SynchronousQueue<Integer> tids = new SynchronousQueue<>();
    CountDownLatch end = new CountDownLatch(1);
    Thread thread = reporting(tids, () -> await(end));
    int tid = tids.take();

    assertThat(proc.process(SELF).tasks().orElseThrow()).contains(SELF, tid);

    end.countDown();
    thread.join();
    eventually(() -> proc.thread(SELF, tid).stat().isVanished());
    assertThat(proc.process(SELF).tasks().orElseThrow()).doesNotContain(tid);
  }

  @Test
  void aProcessThatWasWaitedForHasVanished() throws Exception {
    Process process = new ProcessBuilder("true").start();
    process.waitFor();
    ProcessFiles files = proc.process((int) process.pid());

    eventually(() -> files.stat().isVanished());
    assertThat(files.status().isVanished()).isTrue();
    assertThat(files.syscall().isVanished()).isTrue();
    assertThat(files.tasks().isVanished()).isTrue();
    assertThat(files.children().isVanished()).isTrue();
  }

  @Test
  void aProcessThatEndsAtAnyMomentGivesAValueOrVanishes() throws Exception {
    for (int i = 0; i < 100; i++) {
      Process process = new ProcessBuilder("true").start();
      ProcessFiles files = proc.process((int) process.pid());
      while (files.stat().isPresent()
          && files.status().isPresent()
          && files.syscall().isPresent()
          && files.wchan().isPresent()
          && files.tasks().isPresent()) {
        Thread.onSpinWait();
      }
      assertThat(process.waitFor()).isZero();
    }
  }

  @Test
  void aZombieIsReadableAndItsParentsChildUntilItIsWaitedFor() throws Exception {
    // The shell becomes a program that does not wait for the child it inherits.
    Process parent =
        new ProcessBuilder("sh", "-c", "exec 3<&0; cat <&3 & echo $!; exec sleep 60").start();
    try (BufferedReader out = parent.inputReader(US_ASCII)) {
      int pid = Integer.parseInt(out.readLine());
      ProcessFiles parentFiles = proc.process((int) parent.pid());
      eventually(() -> parentFiles.comm().orElseThrow().equals(Comm.of("sleep")));

      parent.outputWriter().close();
      ProcessFiles zombie = proc.process(pid);
      eventually(() -> zombie.stat().orElseThrow().state() == TaskState.ZOMBIE);

      assertThat(zombie.status().orElseThrow().state()).isEqualTo(TaskState.ZOMBIE);
      assertThat(zombie.syscall().orElseThrow()).isEqualTo(new Syscall.NotInSyscall(0, 0));
      assertThat(zombie.tasks().orElseThrow()).containsExactly(pid);
      assertThat(parentFiles.children().orElseThrow()).containsExactly(pid);
    } finally {
      parent.destroyForcibly().waitFor();
    }
  }

  @Test
  void anInterruptDoesNotDisturbARead() {
    Thread.currentThread().interrupt();
    try {
      assertThat(proc.process(SELF).stat().isPresent()).isTrue();
      assertThat(proc.process(SELF).tasks().isPresent()).isTrue();
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
    assertThat(proc.process(SELF).stat().isPresent()).isTrue();
  }

  private static int currentTid() throws IOException {
    Path link = Files.readSymbolicLink(Path.of("/proc/thread-self"));
    return Integer.parseInt(link.getFileName().toString());
  }

  private static <T> T inNewThread(Callable<T> task) throws Exception {
    FutureTask<T> future = new FutureTask<>(task);
    Thread.ofPlatform().daemon().start(future);
    return future.get();
  }

  /** A thread that hands over its id before it goes on. */
  private static Thread reporting(SynchronousQueue<Integer> tids, Runnable then) {
    return Thread.ofPlatform()
        .daemon()
        .start(
            () -> {
              try {
                tids.put(currentTid());
              } catch (IOException | InterruptedException e) {
                throw new AssertionError(e);
              }
              then.run();
            });
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static void spin(CountDownLatch latch) {
    while (latch.getCount() > 0) {
      Thread.onSpinWait();
    }
  }

  private static void eventually(BooleanSupplier condition) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("time limit").isLessThan(deadline);
      Thread.onSpinWait();
    }
  }
}
