package org.libproc4j.examples;

import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import org.libproc4j.Errno;
import org.libproc4j.ErrnoException;
import org.libproc4j.GrabException;
import org.libproc4j.GrabOption;
import org.libproc4j.LwpHandle;
import org.libproc4j.ProcessHandle;
import org.libproc4j.ProcessState;
import org.libproc4j.StopReason;
import org.libproc4j.StopRequest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Shows each call of the library on a process of its own. */
@Command(
    name = "demo",
    description = {
      "Starts a process with eight counting threads, and shows each call on it.",
      "It needs no privileges, touches nothing else, and cleans up."
    })
final class Demo extends Tool {
  private static final int SIGCONT = 18;

  /** What else would end a wait does not come: the demo fails instead of hanging. */
  private static final Duration LIMIT = Duration.ofSeconds(2);

  private static final Duration SOON = Duration.ofMillis(50);

  @Option(
      names = "--invisible",
      description = "Count what such a process notices of stops by kill, by gdb, and by us.")
  boolean invisible;

  Demo() {
    super("demo", "control");
  }

  @Override
  public Integer call() {
    if (invisible) {
      return showInvisible();
    }
    Stage stage = new Stage(json);
    long start = System.nanoTime();
    try (DemoProcess target = new DemoProcess(DemoTarget.class)) {
      long nanos = System.nanoTime() - start;
      stage.say("demo: process " + target.pid() + ", which has eight counting threads");
      stage.timed("create", "stopped before its first instruction", nanos, target.isUnborn());
      show(stage, target);
    } catch (IOException | GrabException | ErrnoException e) {
      cannot("its own process", String.valueOf(e.getMessage()));
      return FAILED;
    }
    return stage.verdict() ? DONE : FAILED;
  }

  private int showInvisible() {
    try {
      return InvisibleDemo.run(json) ? DONE : FAILED;
    } catch (IOException | GrabException | ErrnoException e) {
      cannot("its own process", String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return FAILED;
  }

  private static void show(Stage stage, DemoProcess target) throws IOException, GrabException {
    ProcessHandle process = target.handle();
    stage.call("setRun", "", Errno.OK, process::setRun);
    target.awaitReady();
    stage.see("all eight count", target.allCount());
    oneThread(stage, target, process);
    allThreads(stage, target, process);
    waiting(stage, target, process);
    jobControl(stage, target, process);
    refusals(stage, target, process);
    loss(stage, target, process);
    release(stage, target, process);
    end(stage, target);
  }

  private static void oneThread(Stage stage, DemoProcess target, ProcessHandle process)
      throws GrabException {
    try (LwpHandle lwp = process.lwp(target.tid(0))) {
      stage.call("lwp.stop", "thread " + lwp.id(), Errno.OK, lwp::stop);
      stage.see("one stands, seven go", target.standsAlone(0));
      stage.see("its state is STOP, its process's RUN", stopped(lwp) && !stopped(process));
      stage.call("lwp.setRun", "", Errno.OK, lwp::setRun);
      stage.see("all eight count", target.allCount());
    }
  }

  private static void allThreads(Stage stage, DemoProcess target, ProcessHandle process) {
    stage.call("stop", "all threads", Errno.OK, process::stop);
    stage.see("the state is STOP", stopped(process));
    stage.see("all eight stand", target.allStand());
    stage.call("stop", "again, at once", Errno.OK, process::stop);
    stage.call("setRun", "", Errno.OK, process::setRun);
    stage.see("all eight count", target.allCount());
    stage.timed("stop", "the same, warm: median of 200", medianOfStops(process), !stopped(process));
    stage.call("PCDSTOP", "directs, does not wait", Errno.OK, process::requestStop);
    stage.call("PCWSTOP", "waits for it", Errno.OK, () -> process.awaitStop(LIMIT));
    stage.call("PCNULL", "asks", Errno.OK, () -> process.stop(StopRequest.PCNULL, 0));
    stage.see("the state is STOP", stopped(process));
    stage.see("all eight stand", target.allStand());
    stage.call("setRun", "", Errno.OK, process::setRun);
  }

  private static long medianOfStops(ProcessHandle process) {
    long[] nanos = new long[200];
    for (int i = 0; i < nanos.length; i++) {
      long start = System.nanoTime();
      process.stop().orThrow("stop");
      nanos[i] = System.nanoTime() - start;
      process.setRun().orThrow("setRun");
    }
    Arrays.sort(nanos);
    return nanos[nanos.length / 2];
  }

  private static void waiting(Stage stage, DemoProcess target, ProcessHandle process) {
    stage.call("PCWSTOP", "nobody stops it: 50 ms expire", Errno.OK, () -> process.awaitStop(SOON));
    stage.see("the state is RUN", !stopped(process));
    stage.see("all eight count", target.allCount());
    stage.callWhile(
        "PCWSTOP",
        "this thread is interrupted",
        Errno.EINTR,
        () -> process.awaitStop(LIMIT),
        Thread.currentThread()::interrupt);
    stage.see("its interrupt flag is still set", Thread.interrupted());
  }

  private static void jobControl(Stage stage, DemoProcess target, ProcessHandle process) {
    stage.callWhile(
        "PCWSTOP",
        "a shell sends it SIGSTOP",
        Errno.OK,
        () -> process.awaitStop(LIMIT),
        () -> DemoProcess.haveShell("kill -STOP " + process.pid()));
    stage.see(
        "the state is STOP, by JOBCONTROL",
        stopped(process)
            && process.status().representative().reason().stream()
                .anyMatch(r -> r == StopReason.JOBCONTROL));
    stage.see("all eight stand", target.allStand());
    stage.call("setRun", "hands it back to job control", Errno.OK, process::setRun);
    stage.see("all eight stand", target.allStand());
    stage.call("kill", "SIGCONT", Errno.OK, () -> process.kill(SIGCONT));
    stage.see("all eight count", target.allCount());
  }

  private static void refusals(Stage stage, DemoProcess target, ProcessHandle process)
      throws GrabException {
    stage.call("stop", "an unknown request", Errno.EINVAL, () -> process.stop(4711, 0));
    stage.call("stop", "a negative time", Errno.EINVAL, () -> process.stop(StopRequest.PCSTOP, -1));
    try (ProcessHandle reader = ProcessHandle.grab(process.pid(), GrabOption.RDONLY)) {
      stage.call("stop", "grabbed RDONLY", Errno.EBADF, reader::stop);
      stage.call("PCNULL", "grabbed RDONLY", Errno.OK, () -> reader.stop(StopRequest.PCNULL, 0));
    }
    try (ProcessHandle file = ProcessHandle.grabFile(DemoProcess.program())) {
      stage.call("stop", "a file that never ran", Errno.ENOENT, file::stop);
    }
    stage.see("all eight count", target.allCount());
  }

  private static void loss(Stage stage, DemoProcess target, ProcessHandle process) {
    stage.callWhile(
        "PCWSTOP",
        "its tracer is closed",
        Errno.EAGAIN,
        () -> process.awaitStop(LIMIT),
        target::closeTracer);
    stage.call("stop", "control is lost", Errno.EAGAIN, process::stop);
    stage.see("the state is LOST", process.state() == ProcessState.LOST);
    stage.see("all eight count", target.allCount());
    stage.call("reopen", "", Errno.OK, process::reopen);
    stage.call("stop", "it is ours again", Errno.OK, process::stop);
    stage.see("the state is STOP", stopped(process));
    stage.see("all eight stand", target.allStand());
  }

  private static void release(Stage stage, DemoProcess target, ProcessHandle process) {
    stage.call(
        "release",
        "",
        Errno.OK,
        () -> {
          process.release();
          return Errno.OK;
        });
    stage.see("nobody traces it", target.isUntraced());
    stage.see("all eight count", target.allCount());
    stage.call("stop", "the handle is released", Errno.EBADF, process::stop);
  }

  private static void end(Stage stage, DemoProcess target) throws GrabException {
    try (ProcessHandle process = ProcessHandle.grab(target.pid(), GrabOption.NOSTOP)) {
      stage.callWhile(
          "PCWSTOP",
          "grabbed anew, it ends",
          Errno.ENOENT,
          () -> process.awaitStop(LIMIT),
          target::end);
      stage.call("stop", "it has ended", Errno.ENOENT, process::stop);
      stage.see("the state is UNDEAD", process.state() == ProcessState.UNDEAD);
    }
    stage.say("EPROTO is for stops that the kernel does not document: none can be shown.");
  }

  private static boolean stopped(org.libproc4j.Handle handle) {
    return handle.state() == ProcessState.STOP;
  }
}
