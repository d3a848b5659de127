package org.libproc4j;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.libproc4j.internal.linux.Err;
import org.libproc4j.internal.linux.Libc;
import org.libproc4j.internal.ptrace.Control;
import org.libproc4j.internal.ptrace.Deadline;
import org.libproc4j.internal.ptrace.Fate;
import org.libproc4j.internal.ptrace.LetGo;
import org.libproc4j.internal.ptrace.TracedProcess;
import org.libproc4j.procfs.internal.TaskDir;

/** Takes control of a process, wholly or not at all. */
final class Grabber {
  static final Duration DEFAULT_LIMIT = Duration.ofSeconds(10);

  /** How long a failed grab, or a release, waits for what it lets go. */
  static final long DEPARTURE_NANOS = 1_000_000_000L;

  private static final int ATTEMPTS = 20;
  private static final int UNFINISHED = Integer.MIN_VALUE;

  private Grabber() {}

  /** With a tracer of its own. */
  static ProcessHandle grab(Libc libc, int pid, Duration limit, GrabOption... options)
      throws GrabException {
    return grab(libc, pid, () -> true, limit, options);
  }

  /**
   * Likewise, if the process is the one that is meant: asked while the pid cannot become another's
   * unnoticed any more.
   */
  static ProcessHandle grab(
      Libc libc, int pid, BooleanSupplier isMeant, Duration limit, GrabOption... options)
      throws GrabException {
    if (List.of(options).contains(GrabOption.RDONLY)) {
      return look(libc, pid, isMeant);
    }
    Control control;
    try {
      control = Tracer.sharedControl(libc, StopMechanism.INTERRUPT);
    } catch (ErrnoException e) {
      throw GrabFailure.withoutTracer(pid, e);
    }
    try {
      return grab(control, true, pid, isMeant, limit, options);
    } catch (GrabException | RuntimeException e) {
      control.close();
      throw e;
    }
  }

  static ProcessHandle grab(Control control, int pid, Duration limit, GrabOption... options)
      throws GrabException {
    return grab(control, false, pid, () -> true, limit, options);
  }

  private static ProcessHandle grab(
      Control control,
      boolean ownControl,
      int pid,
      BooleanSupplier isMeant,
      Duration limit,
      GrabOption... options)
      throws GrabException {
    Objects.requireNonNull(limit);
    Libc libc = control.libc();
    if (limit.isZero() || limit.isNegative()) {
      throw new IllegalArgumentException("the limit is " + limit + ": it must be positive");
    }
    List<GrabOption> chosen = List.of(options);
    if (chosen.contains(GrabOption.RDONLY)) {
      return look(libc, pid, isMeant);
    }
    int pidfd = open(libc, pid, isMeant);
    try {
      Grip.Controlled grip =
          takeControl(control, ownControl, pid, pidfd, limit, !chosen.contains(GrabOption.NOSTOP));
      return new ProcessHandle(libc, pid, pidfd, grip, false);
    } catch (GrabException | RuntimeException e) {
      throw refused(libc, pid, pidfd, e);
    }
  }

  private static ProcessHandle look(Libc libc, int pid, BooleanSupplier isMeant)
      throws GrabException {
    int pidfd = open(libc, pid, isMeant);
    try {
      GrabFailure.checkExaminable(libc, pid, pidfd);
      return new ProcessHandle(
          libc, pid, pidfd, new Grip.ReadOnly(new Onlooker(libc, pid, pidfd)), false);
    } catch (GrabException | RuntimeException e) {
      throw refused(libc, pid, pidfd, e);
    }
  }

  /** What to throw for a failure; the pidfd is closed. */
  private static GrabException refused(Libc libc, int pid, int pidfd, Exception failure) {
    GrabException refusal =
        switch (failure) {
          case GrabException e -> e;
          case UncheckedIOException e -> GrabFailure.ofProc(libc, pid, e);
          case RuntimeException e -> {
            libc.close(pidfd);
            throw e;
          }
          default -> throw new AssertionError(failure);
        };
    libc.close(pidfd);
    return refusal;
  }

  private static int open(Libc libc, int pid, BooleanSupplier isMeant) throws GrabException {
    if (pid <= 0) {
      throw GrabFailure.noProcess(pid);
    }
    int pidfd = libc.pidfdOpen(pid);
    if (pidfd < 0) {
      throw GrabFailure.ofOpen(pid, -pidfd);
    }
    if (!isMeant.getAsBoolean()) {
      libc.close(pidfd);
      throw GrabFailure.noProcess(pid);
    }
    return pidfd;
  }

  /**
   * Takes control, and stops where that is wanted; the pidfd stays the caller's. A process that
   * this tracer has not wholly let go yet, because a thread of it sleeps or is slow to die, is
   * waited for. One that is lost before it is stopped, to an exec by a thread that is not ours yet,
   * is seized again.
   */
  static Grip.Controlled takeControl(
      Control control, boolean ownControl, int pid, int pidfd, Duration limit, boolean stop)
      throws GrabException {
    long deadline = Deadline.in(limit);
    for (boolean again = true; ; ) {
      try {
        GrabFailure.checkControllable(control.libc(), pid, pidfd);
        Grip.Controlled grip;
        do {
          grip = seizeUnlessLost(control, ownControl, pid, pidfd, limit, deadline, stop);
        } while (grip == null);
        return grip;
      } catch (GrabException e) {
        if (e.error() != GrabError.G_BUSY || !control.isAlive()) {
          throw e;
        }
        Optional<TracedProcess> former =
            control.call(
                engine -> engine.departing(pid), deadline, Optional.<TracedProcess>empty());
        boolean left = former.isPresent() && control.awaitDeparture(former.get(), deadline) == 0;
        if (!left && !again) {
          throw e;
        }
        again = left; // it may also have left since it was found traced
      }
    }
  }

  private static Grip.@Nullable Controlled seizeUnlessLost(
      Control control,
      boolean ownControl,
      int pid,
      int pidfd,
      Duration limit,
      long deadline,
      boolean stop)
      throws GrabException {
    TracedProcess process = new TracedProcess(pid, pidfd, openTasks(control.libc(), pid, pidfd));
    int r = 0;
    try {
      r = control.call(e -> e.seize(process, stop), deadline, UNFINISHED);
      boolean seized = r == 0;
      if (seized && stop) {
        r = awaitStop(control, process, deadline);
      }
      if (r == 0 && process.fate() == Fate.CONTROLLED) {
        return new Grip.Controlled(control, process, ownControl);
      }
      if (process.fate() == Fate.LOST && control.isAlive() && !Deadline.passed(deadline)) {
        return null;
      }
      throw failure(control, process, pidfd, seized, r, limit);
    } catch (GrabException | RuntimeException e) {
      if (r == UNFINISHED) {
        control.abandon(process);
      } else if (control.isAlive()) {
        giveUp(control, process);
      }
      throw e;
    }
  }

  /** While an exec replaces its leader, a process has no directory for a moment. */
  private static TaskDir openTasks(Libc libc, int pid, int pidfd) throws GrabException {
    int[] error = new int[1];
    TaskDir tasks = null;
    for (int attempt = 0; attempt < ATTEMPTS && tasks == null; attempt++) {
      tasks = TaskDir.open(libc, pid, error);
      if (error[0] != -Err.ENOENT || libc.hasEnded(pidfd)) {
        break;
      }
    }
    if (tasks == null) {
      throw GrabFailure.ofOpen(pid, -error[0]);
    }
    if (libc.pidfdSendSignal(pidfd, 0) == -Err.ESRCH) {
      tasks.close(); // they may be those of another process, which has got the pid since
      throw GrabFailure.noProcess(pid);
    }
    return tasks;
  }

  /** As {@link Control#await}; −EPROTO also where a shared tracer's waiting has failed. */
  static int awaitStop(Control control, TracedProcess process, long deadline) {
    int r = control.await(process, deadline);
    return process.takeOddity() ? -Err.EPROTO : r;
  }

  private static void giveUp(Control control, TracedProcess process) {
    control.call(e -> e.letGo(process, LetGo.RUN));
    control.awaitDeparture(process, Deadline.in(DEPARTURE_NANOS));
  }

  private static GrabException failure(
      Control control,
      TracedProcess process,
      int pidfd,
      boolean seized,
      int result,
      Duration limit) {
    if (process.fate() == Fate.ENDED) {
      return GrabFailure.noProcess(process.pid());
    }
    if (process.fate() == Fate.LOST) {
      return GrabFailure.lost(process.pid(), control.isAlive());
    }
    if (result == -Err.EINTR) {
      return new GrabException(
          GrabError.G_INTR,
          "cannot grab process " + process.pid() + ": the calling thread was interrupted");
    }
    if (result == UNFINISHED || result == -Err.ETIMEDOUT) {
      List<Integer> holdouts =
          result == UNFINISHED ? List.of() : control.call(e -> e.running(process));
      return GrabFailure.unfinished(process.pid(), holdouts, limit);
    }
    if (seized && result != 0) {
      return GrabFailure.ofWait(process.pid(), -result);
    }
    return GrabFailure.ofSeize(control.libc(), process.pid(), pidfd, process.culprit(), -result);
  }
}
