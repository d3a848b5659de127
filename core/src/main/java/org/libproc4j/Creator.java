package org.libproc4j;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.libproc4j.internal.linux.Libc;
import org.libproc4j.internal.linux.Open;
import org.libproc4j.internal.linux.Signal;
import org.libproc4j.internal.linux.Spawn;
import org.libproc4j.internal.ptrace.Control;
import org.libproc4j.internal.ptrace.Deadline;
import org.libproc4j.internal.ptrace.LetGo;
import org.libproc4j.internal.ptrace.Reaper;
import org.libproc4j.internal.ptrace.TracedProcess;
import org.libproc4j.procfs.ProcFs;
import org.libproc4j.procfs.internal.TaskDir;

/**
 * Starts processes that are ours from before their first instruction, and reaps them.
 *
 * <p>The child is held on its way to its program by a file action that opens a FIFO. posix_spawn
 * blocks its caller until then, so a thread of its own calls it; the tracer meanwhile seizes the
 * child and opens the other end.
 */
final class Creator {
  private static final long LIMIT_NANOS = 10_000_000_000L;
  private static final long LOOK_AGAIN_NANOS = 20_000;

  /** Our children that have not been reaped. */
  private static final Set<Integer> CHILDREN = ConcurrentHashMap.newKeySet();

  private Creator() {}

  /** Whether a child of this JVM was started here, and so is not known to the JDK. */
  static boolean isOurs(int pid) {
    return CHILDREN.contains(pid);
  }

  /** With a tracer of its own. */
  static ProcessHandle create(Libc libc, ProcessBuilder specification) throws IOException {
    Control control;
    try {
      control = Tracer.sharedControl(libc, StopMechanism.INTERRUPT);
    } catch (ErrnoException e) {
      throw new IOException("cannot create a process", e);
    }
    try {
      return create(control, true, specification);
    } catch (IOException | RuntimeException e) {
      control.close();
      throw e;
    }
  }

  static ProcessHandle create(Control control, boolean ownControl, ProcessBuilder specification)
      throws IOException {
    if (specification.command().isEmpty()) {
      throw new IOException("cannot create a process: the command is empty");
    }
    Path directory = Files.createTempDirectory("libproc4j-");
    Path fifo = directory.resolve("hold");
    Libc libc = control.libc();
    Pipes pipes = new Pipes(libc);
    int reserved = -1;
    try (Spawn spawn = new Spawn(libc)) {
      int r = libc.mkfifo(fifo.toString());
      if (r < 0) {
        throw failure(specification, "mkfifo", r);
      }
      // The number under which the child opens the FIFO must not be one of those copied later: one
      // that is open here, and stays so until the child has been started, is safe.
      reserved = libc.open("/dev/null", Open.O_RDONLY | Open.O_CLOEXEC, 0);
      if (reserved < 0) {
        throw failure(specification, "open", reserved);
      }
      spawn.open(reserved, fifo.toString(), Open.O_RDONLY);
      spawn.close(reserved);
      describe(spawn, specification, pipes);
      return launch(control, ownControl, specification, spawn, fifo, pipes);
    } catch (IOException | RuntimeException e) {
      pipes.closeOwnEnds(e);
      throw e;
    } finally {
      if (reserved >= 0) {
        libc.close(reserved);
      }
      pipes.closeChildEnds();
      Files.deleteIfExists(fifo);
      Files.delete(directory);
    }
  }

  // ---- what the child does before its exec

  private static void describe(Spawn spawn, ProcessBuilder specification, Pipes pipes)
      throws IOException {
    redirect(spawn, pipes, 0, specification.redirectInput());
    redirect(spawn, pipes, 1, specification.redirectOutput());
    if (specification.redirectErrorStream()) {
      spawn.dup(1, 2);
    } else {
      redirect(spawn, pipes, 2, specification.redirectError());
    }
    File directory = specification.directory();
    if (directory != null) {
      spawn.chdir(directory.getAbsolutePath());
    }
    spawn.closeFrom(3);
  }

  private static void redirect(Spawn spawn, Pipes pipes, int fd, ProcessBuilder.Redirect to)
      throws IOException {
    int write = Open.O_WRONLY | Open.O_CREAT;
    switch (to.type()) {
      case INHERIT -> {}
      case PIPE -> pipes.connect(spawn, fd);
      case READ -> spawn.open(fd, path(to), Open.O_RDONLY);
      case WRITE -> spawn.open(fd, path(to), write | Open.O_TRUNC);
      case APPEND -> spawn.open(fd, path(to), write | Open.O_APPEND);
    }
  }

  private static String path(ProcessBuilder.Redirect to) {
    File file = to.file();
    if (file == null) {
      throw new IllegalArgumentException("a redirection without a file: " + to);
    }
    return file.getAbsolutePath();
  }

  // ---- the launch

  /** A posix_spawn under way on a thread of its own. */
  private static final class Launch implements Runnable {
    private final Libc libc;
    private final Spawn spawn;
    private final List<String> command;
    private final List<String> environment = new ArrayList<>();
    private final Thread thread;
    private volatile int tid;
    private volatile int result;
    private volatile boolean done;

    /** The FIFO, open until the child has it open too; −errno if that failed. */
    private int held = -1;

    Launch(Libc libc, Spawn spawn, ProcessBuilder specification) {
      this.libc = libc;
      this.spawn = spawn;
      this.command = List.copyOf(specification.command());
      specification.environment().forEach((name, value) -> environment.add(name + "=" + value));
      thread = Thread.ofPlatform().daemon().name("libproc4j-spawn").unstarted(this);
    }

    @Override
    public void run() {
      tid = libc.gettid();
      result = spawn.run(command, environment);
      done = true;
    }

    /** The child, as soon as there is one; 0 if there will be none. */
    int awaitChild() {
      long deadline = Deadline.in(LIMIT_NANOS);
      ProcFs proc = ProcFs.of();
      int self = libc.getpid();
      while (!done && System.nanoTime() < deadline) {
        if (tid != 0) {
          List<Integer> children = proc.thread(self, tid).children().orElse(List.of());
          if (!children.isEmpty()) {
            return children.getFirst();
          }
        }
        LockSupport.parkNanos(LOOK_AGAIN_NANOS);
      }
      return 0;
    }

    /**
     * Opens the other end of the FIFO. Whatever happened, the child must not stay where it is:
     * where that fails, it is killed.
     *
     * @return 0 or −errno
     */
    int letGo(Path fifo, int child) {
      int hold = libc.open(fifo.toString(), Open.O_RDWR | Open.O_CLOEXEC, 0);
      if (hold < 0 && child != 0) {
        libc.tgkill(child, child, Signal.SIGKILL);
      }
      held = hold;
      return Math.min(hold, 0);
    }

    /** What posix_spawn returned. */
    int join() {
      boolean interrupted = false;
      while (thread.isAlive()) {
        try {
          thread.join();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
      if (held >= 0) {
        libc.close(held);
      }
      return result;
    }
  }

  private static ProcessHandle launch(
      Control control,
      boolean ownControl,
      ProcessBuilder specification,
      Spawn spawn,
      Path fifo,
      Pipes pipes)
      throws IOException {
    Libc libc = control.libc();
    Launch launch = new Launch(libc, spawn, specification);
    launch.thread.start();
    Child child = new Child(control, launch.awaitChild());
    int r = child.pid == 0 ? 0 : child.seize();
    int opened = launch.letGo(fifo, child.pid);
    int spawned = launch.join();
    if (spawned < 0) {
      child.abandon(false); // posix_spawn has reaped it
      throw failure(specification, "posix_spawn", spawned);
    }
    if (opened < 0 || child.process == null || r < 0) {
      child.abandon(true);
      throw failure(specification, "taking control of the new process", Math.min(opened, r));
    }
    r = Grabber.awaitStop(control, child.process, Deadline.in(LIMIT_NANOS));
    if (!child.process.stopped()) {
      child.abandon(true);
      throw r < 0
          ? failure(specification, "waiting for its exec", r)
          : new IOException(
              "cannot create " + specification.command().getFirst() + ": it ended before its exec");
    }
    Grip grip = new Grip.Controlled(control, child.process, ownControl);
    ProcessHandle handle = new ProcessHandle(libc, child.pid, child.pidfd, grip, true);
    handle.pipes(pipes);
    return handle;
  }

  /** What there is of a new process before there is a handle. */
  private static final class Child {
    private final Control control;
    private final Libc libc;
    private final int pid;
    private int pidfd = -1;
    private @Nullable TracedProcess process;

    Child(Control control, int pid) {
      this.control = control;
      this.libc = control.libc();
      this.pid = pid;
      if (pid != 0) {
        CHILDREN.add(pid);
      }
    }

    /** 0 or −errno. */
    int seize() {
      pidfd = libc.pidfdOpen(pid);
      if (pidfd < 0) {
        return pidfd;
      }
      int[] error = new int[1];
      TaskDir tasks = TaskDir.open(libc, pid, error);
      if (tasks == null) {
        return error[0];
      }
      TracedProcess seized = new TracedProcess(pid, pidfd, tasks);
      process = seized;
      return control.call(e -> e.seizeLaunching(seized));
    }

    /**
     * Leaves nothing of it.
     *
     * @param unreaped whether it has still to be killed and reaped; until then its number is its
     *     own
     */
    void abandon(boolean unreaped) {
      if (pid == 0) {
        return;
      }
      if (unreaped) {
        libc.tgkill(pid, pid, Signal.SIGKILL);
      }
      TracedProcess p = process;
      if (p != null) {
        control.call(e -> e.letGo(p, LetGo.KILL));
        control.awaitDeparture(p, Deadline.in(Grabber.DEPARTURE_NANOS));
      }
      if (unreaped) {
        reapWhenEnded(libc, pid, pidfd);
        return;
      }
      forget(pid);
      if (pidfd >= 0) {
        libc.close(pidfd);
      }
    }
  }

  private static IOException failure(ProcessBuilder specification, String call, int result) {
    Errno error = Errno.ofResult(result);
    return new IOException(
        "cannot create "
            + specification.command().getFirst()
            + ": "
            + call
            + " failed with "
            + error
            + " ("
            + error.message()
            + ")");
  }

  // ---- the end of our children

  /** A child that was reaped with its tracer's report needs nothing more. */
  static void forget(int pid) {
    CHILDREN.remove(pid);
  }

  /** Reaps a child that is under nobody's control, when it ends; its pidfd is closed then. */
  static void reapWhenEnded(Libc libc, int pid, int pidfd) {
    Reaper.reapWhenEnded(libc, pid, pidfd, () -> forget(pid));
  }
}
