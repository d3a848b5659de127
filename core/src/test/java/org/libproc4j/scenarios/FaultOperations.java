package org.libproc4j.scenarios;

import static org.assertj.core.api.Assertions.assertThat;
import static org.libproc4j.testing.Signals.SIGKILL;
import static org.libproc4j.testing.Signals.SIGSTOP;
import static org.libproc4j.testing.Signals.SIGUSR1;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.libproc4j.Errno;
import org.libproc4j.ErrnoException;
import org.libproc4j.GrabError;
import org.libproc4j.GrabException;
import org.libproc4j.GrabOption;
import org.libproc4j.Handle;
import org.libproc4j.Interposed;
import org.libproc4j.LwpStatus;
import org.libproc4j.ProcessFlag;
import org.libproc4j.ProcessHandle;
import org.libproc4j.ProcessState;
import org.libproc4j.ProcessStatus;
import org.libproc4j.ReleaseOption;
import org.libproc4j.RunFlag;
import org.libproc4j.StopReason;
import org.libproc4j.StopRequest;
import org.libproc4j.SystemCall;
import org.libproc4j.TraceEvent;
import org.libproc4j.Tracer;
import org.libproc4j.Way;

/** The operations of the API, and what each may come to when one of its calls fails. */
final class FaultOperations {
  private static final String[] FEW = {"threads", "2", "sleep"};

  /** So many that a stop gathers them one by one. */
  private static final String[] MANY = {"threads", "6", "sleep"};

  private static final String[] HANDLING = {"signals", "2"};
  private static final String[] BEARING = {"forkevents"};
  private static final int NANOSLEEP = SystemCall.number("clock_nanosleep").orElseThrow();

  private static final int UNCALLED = SystemCall.number("getppid").orElseThrow();

  private FaultOperations() {}

  static List<FaultOperation> all() {
    List<FaultOperation> all = new ArrayList<>();
    all.addAll(grabs());
    all.addAll(stops());
    all.addAll(runs());
    all.addAll(events());
    all.addAll(looks());
    all.addAll(releases());
    all.addAll(ends());
    return all;
  }

  // ---- outcomes

  /** Stopped, or the wait for it failed. */
  private static void stopped(FaultStage stage, Handle handle, @Nullable Object outcome) {
    if (outcome != Errno.EPROTO) {
      assertThat(outcome).isEqualTo(Errno.OK);
      assertThat(handle.state()).isEqualTo(ProcessState.STOP);
      if (handle instanceof ProcessHandle) {
        stage.assertHeld();
      } else {
        assertThat(stage.target.states()).containsEntry(stage.lwp().id(), 't');
      }
    }
  }

  private static void processStopped(FaultStage stage, @Nullable Object outcome, int errno) {
    stopped(stage, stage.process(), outcome);
  }

  private static void threadStopped(FaultStage stage, @Nullable Object outcome, int errno) {
    stopped(stage, stage.lwp(), outcome);
  }

  private static void ok(FaultStage stage, @Nullable Object outcome, int errno) {
    assertThat(outcome).isEqualTo(Errno.OK);
  }

  /** OK, or the errno of the call that failed: then nothing was done. */
  private static void okOrTheErrno(FaultStage stage, @Nullable Object outcome, int errno) {
    assertThat(outcome).isIn(Errno.OK, Errno.of(errno));
  }

  /** All runs on, without another call. */
  private static void runs(FaultStage stage, @Nullable Object outcome, int errno) {
    assertThat(outcome).isEqualTo(Errno.OK);
    assertThat(stage.process().state()).isEqualTo(ProcessState.RUN);
    stage.assertRuns();
  }

  /** Grabbed, or refused with a reason, and nothing held. */
  private static void grabbed(FaultStage stage, @Nullable Object outcome, int errno) {
    if (outcome instanceof ProcessHandle handle) {
      stage.put(handle);
      if (handle.state() == ProcessState.STOP) {
        stage.assertHeld();
      }
      return;
    }
    GrabError error = as(GrabException.class, outcome).error();
    switch (Errno.of(errno)) {
      case EMFILE, ENFILE -> assertThat(error).isEqualTo(GrabError.G_NOFD);
      case EPERM -> assertThat(error).isIn(GrabError.G_PERM, GrabError.G_STRANGE);
      case ESRCH, ENOENT, EINVAL -> assertThat(error).isIn(GrabError.G_NOPROC, GrabError.G_STRANGE);
      default -> assertThat(error).isEqualTo(GrabError.G_STRANGE);
    }
  }

  private static <T> T as(Class<T> type, @Nullable Object outcome) {
    if (!type.isInstance(outcome)) {
      throw new AssertionError("not a " + type.getSimpleName() + " but " + outcome);
    }
    return type.cast(outcome);
  }

  private static void isErrnoException(@Nullable Object outcome, int errno) {
    assertThat(as(ErrnoException.class, outcome).errno()).isEqualTo(Errno.of(errno));
  }

  // ---- tracers and grabs

  private static List<FaultOperation> grabs() {
    return List.of(
        FaultOperation.named("open a tracer", FEW)
            .attempt(FaultStage::openTracer)
            .expect(
                (stage, outcome, errno) -> {
                  if (!(outcome instanceof Tracer)) {
                    isErrnoException(outcome, errno);
                  }
                }),
        FaultOperation.named("grab and stop", MANY)
            .arrange(FaultStage::openTracer)
            .attempt(stage -> stage.tracer().grab(stage.target.pid()))
            .expect(
                (stage, outcome, errno) -> {
                  grabbed(stage, outcome, errno);
                  if (outcome instanceof ProcessHandle handle) {
                    assertThat(handle.state()).isEqualTo(ProcessState.STOP);
                  }
                }),
        FaultOperation.named("grab with NOSTOP", FEW)
            .arrange(FaultStage::openTracer)
            .attempt(stage -> stage.tracer().grab(stage.target.pid(), GrabOption.NOSTOP))
            .expect(FaultOperations::grabbed),
        FaultOperation.named("grab with RDONLY", FEW)
            .arrange(FaultStage::openTracer)
            .attempt(stage -> stage.tracer().grab(stage.target.pid(), GrabOption.RDONLY))
            .expect(
                (stage, outcome, errno) -> {
                  grabbed(stage, outcome, errno);
                  if (outcome instanceof ProcessHandle handle) {
                    assertThat(handle.state()).isEqualTo(ProcessState.RUN);
                    handle.close();
                  }
                }),
        FaultOperation.named("grab a job-stopped process", FEW)
            .arrange(
                stage -> {
                  stage.jobStop();
                  stage.openTracer();
                })
            .attempt(stage -> stage.tracer().grab(stage.target.pid()))
            .expect(FaultOperations::grabbed),
        FaultOperation.named("grab with a tracer of its own", FEW)
            .only(way -> way == Way.SHARED_INTERRUPT)
            .attempt(stage -> Interposed.grab(stage.libc, stage.target.pid()))
            .expect(FaultOperations::grabbed),
        FaultOperation.named("reopen with another tracer", FEW)
            .arrange(
                stage -> {
                  stage.grabRunning();
                  stage.tracer().close();
                  stage.openTracer();
                })
            .attempt(stage -> stage.process().reopen(stage.tracer()))
            .expect(FaultOperations::reopened),
        FaultOperation.named("reopen with a tracer of its own", FEW)
            .only(way -> way == Way.SHARED_INTERRUPT)
            .arrange(
                stage -> {
                  stage.grabRunning();
                  stage.tracer().close();
                })
            .attempt(stage -> stage.process().reopen())
            .expect(FaultOperations::reopened));
  }

  private static void reopened(FaultStage stage, @Nullable Object outcome, int errno) {
    if (outcome == Errno.OK) {
      assertThat(stage.process().state()).isEqualTo(ProcessState.RUN);
    } else {
      assertThat(outcome)
          .isIn(Errno.EPERM, Errno.EBUSY, Errno.ENOENT, Errno.EMFILE, Errno.EINTR, Errno.EAGAIN);
      assertThat(stage.process().state()).isEqualTo(ProcessState.LOST);
    }
  }

  // ---- stop

  private static List<FaultOperation> stops() {
    return List.of(
        FaultOperation.named("PCSTOP", MANY)
            .arrange(FaultStage::grabRunning)
            .attempt(stage -> stage.process().stop())
            .expect(FaultOperations::processStopped),
        FaultOperation.named("PCSTOP of few threads", FEW)
            .arrange(FaultStage::grabRunning)
            .attempt(stage -> stage.process().stop())
            .expect(FaultOperations::processStopped),
        FaultOperation.named("PCSTOP with a limit", MANY)
            .arrange(FaultStage::grabRunning)
            .attempt(stage -> stage.process().stop(Duration.ofMinutes(1)))
            .expect(FaultOperations::processStopped),
        FaultOperation.named("PCSTOP of a stopped process", FEW)
            .arrange(FaultStage::grab)
            .attempt(stage -> stage.process().stop())
            .expect(FaultOperations::processStopped),
        FaultOperation.named("PCDSTOP", MANY)
            .arrange(FaultStage::grabRunning)
            .attempt(stage -> stage.process().requestStop())
            .expect(FaultOperations::ok),
        FaultOperation.named("PCWSTOP of a directed process", FEW)
            .arrange(
                stage -> {
                  stage.grabRunning();
                  stage.process().requestStop().orThrow("requestStop");
                })
            .attempt(stage -> stage.process().awaitStop())
            .expect(FaultOperations::processStopped),
        FaultOperation.named("PCWSTOP of a stop by job control", FEW)
            .arrange(FaultStage::grabRunning)
            .attempt(
                stage -> {
                  stage.target.send(SIGSTOP);
                  stage.expectJobStop();
                  return stage.process().awaitStop();
                })
            .expect(FaultOperations::processStopped),
        FaultOperation.named("PCNULL of a running process", MANY)
            .arrange(FaultStage::grabRunning)
            .attempt(stage -> stage.process().stop(StopRequest.PCNULL, 0))
            .expect(FaultOperations::runs),
        FaultOperation.named("PCNULL of a stopped process", FEW)
            .arrange(FaultStage::grab)
            .attempt(stage -> stage.process().stop(StopRequest.PCNULL, 0))
            .expect(FaultOperations::processStopped),
        FaultOperation.named("PCSTOP of a thread", FEW)
            .arrange(FaultStage::grabThread)
            .attempt(stage -> stage.lwp().stop())
            .expect(FaultOperations::threadStopped),
        FaultOperation.named("PCWSTOP of a directed thread, with a limit", FEW)
            .arrange(
                stage -> {
                  stage.grabThread();
                  stage.lwp().requestStop().orThrow("requestStop");
                })
            .attempt(stage -> stage.lwp().awaitStop(Duration.ofMinutes(1)))
            .expect(FaultOperations::threadStopped));
  }

  // ---- run

  private static List<FaultOperation> runs() {
    return List.of(
        FaultOperation.named("setRun", MANY)
            .arrange(FaultStage::grab)
            .attempt(stage -> stage.process().setRun())
            .expect(FaultOperations::runs),
        FaultOperation.named("setRun of a directed process", MANY)
            .arrange(FaultStage::grabRunning)
            .attempt(
                stage -> {
                  stage.process().requestStop().orThrow("requestStop");
                  return stage.process().setRun();
                })
            .expect(FaultOperations::runs),
        FaultOperation.named("setRun of a job-stopped process", FEW)
            .arrange(
                stage -> {
                  stage.jobStop();
                  stage.grab();
                })
            .attempt(stage -> stage.process().setRun())
            .expect(FaultOperations::ok),
        FaultOperation.named("setRun with a signal", HANDLING)
            .arrange(FaultStage::grab)
            .attempt(stage -> stage.process().setRun(SIGUSR1))
            .expect(
                (stage, outcome, errno) -> {
                  okOrTheErrno(stage, outcome, errno);
                  if (outcome == Errno.OK) {
                    stage.until(
                        () -> stage.target.signals().size() > stage.handled(), "its handler runs");
                  } else {
                    assertThat(stage.process().state()).isEqualTo(ProcessState.STOP);
                    stage.assertHeld();
                  }
                }),
        FaultOperation.named("setRun for one instruction", "threads", "1")
            .arrange(FaultStage::grab)
            .attempt(
                stage -> {
                  stage.process().setRun(0, RunFlag.PRSTEP).orThrow("PRSTEP");
                  return stage.process().awaitStop();
                })
            .expect(
                (stage, outcome, errno) -> {
                  processStopped(stage, outcome, errno);
                  if (outcome == Errno.OK) {
                    assertThat(stage.process().status().representative().reason())
                        .contains(StopReason.FAULTED);
                  }
                }),
        FaultOperation.named("setRun of a thread", FEW)
            .arrange(
                stage -> {
                  stage.grabThread();
                  stage.lwp().stop().orThrow("stop");
                })
            .attempt(stage -> stage.lwp().setRun())
            .expect(FaultOperations::runs));
  }

  // ---- what stops it besides a directive

  private static List<FaultOperation> events() {
    return List.of(
        FaultOperation.named("a chosen signal", HANDLING)
            .arrange(FaultStage::grabRunning)
            .attempt(
                stage -> {
                  stage.process().traceSignals(SIGUSR1).orThrow("traceSignals");
                  stage.target.send(SIGUSR1);
                  return stage.process().awaitStop();
                })
            .expect(FaultOperations::handled),
        FaultOperation.named("a signal that is not chosen", HANDLING)
            .arrange(FaultStage::grabRunning)
            .attempt(
                stage -> {
                  stage.target.send(SIGUSR1);
                  return stage.process().stop();
                })
            .expect(FaultOperations::handled),
        FaultOperation.named("a chosen system call's entry", FEW)
            .arrange(FaultStage::grabRunning)
            .attempt(
                stage -> {
                  stage.process().traceSysEntry(NANOSLEEP).orThrow("traceSysEntry");
                  return stage.process().awaitStop();
                })
            .expect(FaultOperations::processStopped),
        FaultOperation.named("a chosen system call's exit", FEW)
            .arrange(FaultStage::grabRunning)
            .attempt(
                stage -> {
                  stage.process().traceSysExit(NANOSLEEP).orThrow("traceSysExit");
                  return stage.process().awaitStop();
                })
            .expect(FaultOperations::processStopped),
        FaultOperation.named("setRun at a chosen system call", FEW)
            .arrange(
                stage -> {
                  stage.grabRunning();
                  stage.process().traceSysEntry(NANOSLEEP).orThrow("traceSysEntry");
                  stage.process().awaitStop().orThrow("awaitStop");
                })
            .attempt(
                stage -> {
                  stage.process().traceSysEntry().orThrow("traceSysEntry");
                  return stage.process().setRun();
                })
            .expect(FaultOperations::runs),
        FaultOperation.named("to trace no system calls any more", FEW)
            .arrange(
                stage -> {
                  stage.grabRunning();
                  stage.process().setFlags(ProcessFlag.ASYNC).orThrow("setFlags");
                  stage.process().traceSysEntry(UNCALLED).orThrow("traceSysEntry");
                })
            .attempt(stage -> stage.process().traceSysEntry())
            .expect(FaultOperations::runs),
        event("fork", TraceEvent.FORK, "forked \\d+"),
        event("vfork", TraceEvent.VFORK, "vforked \\d+"),
        event("thread", TraceEvent.CLONE, "cloned \\d+"),
        event("exec", TraceEvent.EXEC, "ready"),
        passedEvent("fork", "forked \\d+"),
        passedEvent("thread", "cloned \\d+"),
        passedEvent("exec", "ready"));
  }

  /** Its handler runs, once. */
  private static void handled(FaultStage stage, @Nullable Object outcome, int errno) {
    processStopped(stage, outcome, errno);
    stage.process().traceSignals().orThrow("traceSignals");
    Errno _ = stage.process().stop();
    stage.process().setRun().orThrow("setRun");
    stage.until(() -> stage.target.signals().size() > stage.handled(), "its handler runs");
    assertThat(stage.target.signals()).hasSize(stage.handled() + 1);
  }

  /** An event that stops it. */
  private static FaultOperation event(String what, TraceEvent event, String said) {
    return FaultOperation.named("a chosen " + event, BEARING)
        .arrange(FaultStage::grabRunning)
        .attempt(
            stage -> {
              stage.process().traceEvents(event).orThrow("traceEvents");
              stage.mark();
              stage.target.tell(what);
              return stage.process().awaitStop();
            })
        .expect(
            (stage, outcome, errno) -> {
              processStopped(stage, outcome, errno);
              stage.process().traceEvents().orThrow("traceEvents");
              Errno _ = stage.process().stop();
              stage.process().setRun().orThrow("setRun");
              stage.awaitLine(said);
            });
  }

  /** An event that does not. */
  private static FaultOperation passedEvent(String what, String said) {
    return FaultOperation.named("a " + what + " that is not chosen", BEARING)
        .arrange(FaultStage::grabRunning)
        .attempt(
            stage -> {
              stage.mark();
              stage.target.tell(what);
              stage.awaitLine(said);
              return stage.process().stop();
            })
        .expect(FaultOperations::processStopped);
  }

  // ---- what only looks

  private static List<FaultOperation> looks() {
    return List.of(
        FaultOperation.named("status", FEW)
            .arrange(FaultStage::grab)
            .attempt(stage -> stage.process().status())
            .expect(
                (stage, outcome, errno) -> {
                  ProcessStatus status = as(ProcessStatus.class, outcome);
                  assertThat(status.state()).isEqualTo(ProcessState.STOP);
                  assertThat(status.lwpCount()).isEqualTo(2);
                }),
        FaultOperation.named("lwpIds", FEW)
            .arrange(FaultStage::grabRunning)
            .attempt(stage -> stage.process().lwpIds())
            .expect((stage, outcome, errno) -> assertThat(outcome).isEqualTo(stage.target.tids())),
        FaultOperation.named("lwp, and its status", FEW)
            .arrange(FaultStage::grab)
            .attempt(stage -> stage.put(stage.process().lwp(stage.target.tid(1))).status())
            .expect(
                (stage, outcome, errno) -> {
                  assertThat(as(LwpStatus.class, outcome).state()).isEqualTo(ProcessState.STOP);
                  stage.lwp().close();
                }),
        FaultOperation.named("setFlags", FEW)
            .arrange(FaultStage::grabRunning)
            .attempt(stage -> stage.process().setFlags(ProcessFlag.ASYNC))
            .expect(
                (stage, outcome, errno) -> {
                  ok(stage, outcome, errno);
                  stage.process().unsetFlags(ProcessFlag.ASYNC).orThrow("ASYNC");
                }),
        FaultOperation.named("kill", HANDLING)
            .arrange(FaultStage::grabRunning)
            .attempt(stage -> stage.process().kill(SIGUSR1))
            .expect(FaultOperations::okOrTheErrno),
        FaultOperation.named("kill of a thread", HANDLING)
            .arrange(FaultStage::grabThread)
            .attempt(stage -> stage.lwp().kill(SIGUSR1))
            .expect(FaultOperations::okOrTheErrno));
  }

  // ---- release

  private static List<FaultOperation> releases() {
    return List.of(
        release("release of a stopped process", MANY, FaultStage::grab),
        release("release of a running process", MANY, FaultStage::grabRunning),
        release(
            "release of a directed process",
            FEW,
            stage -> {
              stage.grabRunning();
              stage.process().requestStop().orThrow("requestStop");
            }),
        release(
            "release of a job-stopped process",
            FEW,
            stage -> {
              stage.jobStop();
              stage.grab();
            }),
        release(
                "release with its own tracer",
                FEW,
                stage -> stage.put(Interposed.grab(stage.libc, stage.target.pid())))
            .only(way -> way == Way.SHARED_INTERRUPT),
        FaultOperation.named("release with HANG", FEW)
            .arrange(FaultStage::grab)
            .attempt(
                stage -> {
                  stage.process().release(ReleaseOption.HANG);
                  return null;
                })
            .expect(
                (stage, outcome, errno) -> {
                  if (outcome == null) {
                    stage.expectJobStop();
                  } else {
                    isErrnoException(outcome, errno);
                  }
                }),
        FaultOperation.named("release with KILL", FEW)
            .arrange(FaultStage::grab)
            .attempt(
                stage -> {
                  stage.process().release(ReleaseOption.KILL);
                  return null;
                })
            .expect(
                (stage, outcome, errno) -> {
                  if (outcome == null) {
                    assertThat(stage.target.awaitEnd()).isEqualTo("killed 9");
                  } else {
                    isErrnoException(outcome, errno);
                  }
                })
            .endingTarget(),
        FaultOperation.named("close a tracer that holds", MANY)
            .arrange(FaultStage::grab)
            .attempt(
                stage -> {
                  stage.tracer().close();
                  return null;
                })
            .expect(
                (stage, outcome, errno) -> {
                  assertThat(outcome).isNull();
                  assertThat(stage.process().state()).isEqualTo(ProcessState.LOST);
                  stage.assertRuns();
                }));
  }

  private static FaultOperation release(
      String name, String[] program, FaultOperation.Arrangement arrangement) {
    return FaultOperation.named(name, program)
        .arrange(arrangement)
        .attempt(
            stage -> {
              stage.process().release();
              return null;
            })
        .expect((stage, outcome, errno) -> assertThat(outcome).isNull());
  }

  // ---- births and ends

  private static List<FaultOperation> ends() {
    return List.of(
        FaultOperation.named("awaitEnd of one that lives", FEW)
            .arrange(FaultStage::grabRunning)
            .attempt(stage -> stage.process().awaitEnd(Duration.ofMillis(3)))
            .expect(
                (stage, outcome, errno) ->
                    assertThat(outcome).isIn(Errno.ETIMEDOUT, Errno.of(errno))),
        FaultOperation.named("awaitEnd of one that is killed", FEW)
            .arrange(FaultStage::grabRunning)
            .attempt(
                stage -> {
                  stage.target.send(SIGKILL);
                  return stage.process().awaitEnd();
                })
            .expect(FaultOperations::ended)
            .endingTarget(),
        FaultOperation.named("awaitEnd of one that is killed where it stands", MANY)
            .arrange(FaultStage::grab)
            .attempt(
                stage -> {
                  stage.target.send(SIGKILL);
                  return stage.process().awaitEnd();
                })
            .expect(FaultOperations::ended)
            .endingTarget(),
        FaultOperation.named("PCWSTOP of one that is killed", FEW)
            .arrange(FaultStage::grabRunning)
            .attempt(
                stage -> {
                  stage.target.send(SIGKILL);
                  return stage.process().awaitStop();
                })
            .expect(
                (stage, outcome, errno) -> {
                  assertThat(outcome).isIn(Errno.ENOENT, Errno.EPROTO);
                  ended(stage, Errno.OK, errno);
                })
            .endingTarget(),
        FaultOperation.named("awaitEnd without control", FEW)
            .arrange(
                stage ->
                    stage.put(Interposed.grab(stage.libc, stage.target.pid(), GrabOption.RDONLY)))
            .only(way -> way == Way.SHARED_INTERRUPT)
            .attempt(stage -> stage.process().awaitEnd(Duration.ofMillis(3)))
            .expect(
                (stage, outcome, errno) -> {
                  assertThat(outcome).isIn(Errno.ETIMEDOUT, Errno.of(errno));
                  stage.process().close();
                }),
        FaultOperation.named("create", FEW)
            .arrange(FaultStage::openTracer)
            .attempt(stage -> stage.tracer().create(sleeping()))
            .expect(FaultOperations::created)
            .creating(),
        FaultOperation.named("create with a tracer of its own", FEW)
            .only(way -> way == Way.SHARED_INTERRUPT)
            .attempt(stage -> Interposed.create(stage.libc, sleeping()))
            .expect(FaultOperations::created)
            .creating(),
        FaultOperation.named("create and release with KILL", FEW)
            .arrange(FaultStage::openTracer)
            .attempt(
                stage -> {
                  ProcessHandle child = stage.tracer().create(sleeping());
                  FaultStage.closeStreams(child);
                  try {
                    child.release(ReleaseOption.KILL);
                  } catch (ErrnoException e) {
                    ProcessHandle grabbed = stage.tracer().grab(child.pid());
                    grabbed.release(ReleaseOption.KILL);
                    return e;
                  }
                  return null;
                })
            .expect(
                (stage, outcome, errno) -> {
                  if (outcome instanceof ErrnoException) {
                    isErrnoException(outcome, errno);
                  } else if (outcome != null) {
                    assertThat(outcome).isInstanceOf(IOException.class);
                  }
                })
            .creating());
  }

  private static void ended(FaultStage stage, @Nullable Object outcome, int errno) {
    if (outcome != Errno.OK) {
      assertThat(outcome).isEqualTo(Errno.of(errno));
      assertThat(stage.process().awaitEnd()).isEqualTo(Errno.OK);
    }
    assertThat(stage.process().awaitEnd()).isEqualTo(Errno.OK);
    assertThat(stage.process().state()).isEqualTo(ProcessState.UNDEAD);
    assertThat(stage.target.awaitEnd()).isEqualTo("killed 9");
  }

  private static ProcessBuilder sleeping() {
    return new ProcessBuilder("sleep", "1000");
  }

  private static void created(FaultStage stage, @Nullable Object outcome, int errno)
      throws IOException {
    if (outcome instanceof ProcessHandle child) {
      assertThat(child.state()).isEqualTo(ProcessState.STOP);
      FaultStage.closeStreams(child);
      child.release(ReleaseOption.KILL);
    } else {
      assertThat(outcome).isInstanceOf(IOException.class);
    }
  }
}
