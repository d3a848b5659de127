package org.libproc4j;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.libproc4j.internal.linux.Err;
import org.libproc4j.internal.linux.Libc;
import org.libproc4j.internal.linux.Ptrace;
import org.libproc4j.internal.ptrace.Control;
import org.libproc4j.internal.ptrace.Deadline;
import org.libproc4j.internal.ptrace.Engine;
import org.libproc4j.internal.ptrace.Fate;
import org.libproc4j.internal.ptrace.LetGo;
import org.libproc4j.internal.ptrace.TraceSets;
import org.libproc4j.internal.ptrace.Tracee;

/**
 * A process under control, libproc's {@code ps_prochandle}.
 *
 * <p>It shadows {@link java.lang.ProcessHandle} on purpose: it is the field's word.
 *
 * {@snippet :
 * try (ProcessHandle process = ProcessHandle.grab(pid)) { // stopped, all threads of it
 *   System.out.println(process.status());
 *   process.setRun(0).orThrow("setRun");
 *   if (process.awaitStop(Duration.ofSeconds(5)) == Errno.OK
 *       && process.state() == ProcessState.STOP) {
 *     System.out.println("somebody stopped it: " + process.status().representative().reason());
 *   }
 * } // released as it was found
 * }
 *
 * <p>Signals that come while the process is under control are delivered, with their siginfo and in
 * their order, when the thread that they are for is set running or released, and also when this JVM
 * dies. Any thread may call, unless the handle belongs to a confined {@link Tracer}.
 *
 * @see <a href="https://illumos.org/man/3LIB/libproc">libproc(3LIB)</a>
 */
@SuppressWarnings("AvoidCommonTypeNames") // libproc's name, on purpose
public final class ProcessHandle extends Handle {
  private static final long HANG_NANOS = 1_000_000_000L;
  private static final long LOOK_AGAIN_NANOS = 100_000;

  private final Libc libc;
  private final int pid;
  private final int pidfd;

  /** Whether this JVM is the parent, by {@link #create}. */
  private final boolean created;

  private final List<LwpHandle> lwps = new ArrayList<>();
  private final AtomicBoolean released = new AtomicBoolean();
  private final Object reopening = new Object();
  private volatile Grip grip;
  private volatile @Nullable Pipes pipes;

  ProcessHandle(Libc libc, int pid, int pidfd, Grip grip, boolean created) {
    this.libc = libc;
    this.pid = pid;
    this.pidfd = pidfd;
    this.grip = grip;
    this.created = created;
  }

  // ---- grab, create

  /**
   * Takes control of a process, with a shared tracer of its own, which ends with the handle; and
   * stops it, unless {@link GrabOption#NOSTOP} or {@link GrabOption#RDONLY} is given.
   *
   * <p>A failed grab leaves no thread seized and nothing stopped. This one takes 10 seconds at
   * most.
   *
   * @param pid the process
   * @param options how
   * @return a handle; {@link #close()} releases the process as it was found
   * @throws GrabException G_NOPROC if there is none; G_ZOMB if it has ended; G_SELF for this JVM;
   *     G_SYS for a kernel thread; G_PERM if Yama, a user id or a capability forbids it; G_BUSY if
   *     somebody else traces it, or it was started by this JVM with ProcessBuilder; G_NOFD if no
   *     file descriptor is left; G_INTR if the calling thread is interrupted; G_STRANGE if it did
   *     not stop in time, or something unforeseen happened
   * @see <a href="https://illumos.org/man/3PROC/Pgrab">Pgrab(3PROC)</a>
   * @see <a href="https://man7.org/linux/man-pages/man2/ptrace.2.html">ptrace(2)</a>, PTRACE_SEIZE
   */
  public static ProcessHandle grab(int pid, GrabOption... options) throws GrabException {
    return grab(pid, Grabber.DEFAULT_LIMIT, options);
  }

  /**
   * As {@link #grab(int, GrabOption...)}, with a time limit.
   *
   * @param pid the process
   * @param limit how long the grab may take; then G_STRANGE names the threads that held out
   * @param options how
   * @return a handle
   * @throws GrabException as above
   * @throws IllegalArgumentException if the limit is zero or negative
   */
  public static ProcessHandle grab(int pid, Duration limit, GrabOption... options)
      throws GrabException {
    return Grabber.grab(Libc.SYSTEM, pid, limit, options);
  }

  /**
   * As {@link #grab(int, GrabOption...)}, for a process that the JDK knows.
   *
   * @param process the process
   * @param options how
   * @return a handle
   * @throws GrabException as above
   */
  public static ProcessHandle grab(java.lang.ProcessHandle process, GrabOption... options)
      throws GrabException {
    // The JDK knows it by its start time as well.
    return Grabber.grab(
        Libc.SYSTEM, (int) process.pid(), process::isAlive, Grabber.DEFAULT_LIMIT, options);
  }

  /**
   * A handle on a core file, in state {@link ProcessState#DEAD}.
   *
   * @param core the file
   * @return a handle
   * @throws GrabException G_NOCORE if it cannot be opened; G_FORMAT if it is no core file; G_ELF if
   *     it is damaged; G_ISAINVAL if it is another architecture's
   */
  public static ProcessHandle grabCore(Path core) throws GrabException {
    ElfFile.checkCore(core);
    return new ProcessHandle(Libc.SYSTEM, 0, -1, new Grip.OfFile(ProcessState.DEAD), false);
  }

  /**
   * A handle on an executable file, in state {@link ProcessState#IDLE}.
   *
   * @param program the file
   * @return a handle
   * @throws GrabException G_NOEXEC if it cannot be opened; G_FORMAT if it is no executable ELF
   *     file; G_ELF if it is damaged; G_ISAINVAL if it is another architecture's
   */
  public static ProcessHandle grabFile(Path program) throws GrabException {
    ElfFile.checkProgram(program);
    return new ProcessHandle(Libc.SYSTEM, 0, -1, new Grip.OfFile(ProcessState.IDLE), false);
  }

  /**
   * Starts a program (Pcreate): the new process is stopped where its execve(2) returns, before its
   * first instruction, with this JVM's environment, directory and standard streams.
   *
   * @param command the program and its arguments
   * @return a handle
   * @throws IOException if it cannot be started
   */
  public static ProcessHandle create(String... command) throws IOException {
    return create(new ProcessBuilder(command).inheritIO());
  }

  /**
   * Starts a program (Pcreate), as a {@link ProcessBuilder} describes it: the new process is
   * stopped where its execve(2) returns, before its first instruction, with exactly the
   * environment, directory and standard streams that were asked for.
   *
   * <p>The builder is only read. Its own {@link ProcessBuilder#start()} would give the process to
   * the JDK's reaper thread, which swallows stops. Streams that are left at {@link
   * ProcessBuilder.Redirect#PIPE} are {@link #standardInput()}, {@link #standardOutput()} and
   * {@link #standardError()}. Signals are as a new process expects them: none blocked, all with
   * their default action.
   *
   * <p>Its exit status is ours to report. Released alive, it is reaped by this JVM all the same.
   *
   * @param specification what to run, and how
   * @return a handle
   * @throws IOException if it cannot be started
   * @see <a href="https://illumos.org/man/3PROC/Pcreate">Pcreate(3PROC)</a>
   */
  public static ProcessHandle create(ProcessBuilder specification) throws IOException {
    return Creator.create(Libc.SYSTEM, specification);
  }

  void pipes(Pipes created) {
    pipes = created;
  }

  private Pipes pipesOrThrow() {
    Pipes p = pipes;
    if (p == null) {
      throw new IllegalStateException("process " + pid + " was not created with pipes");
    }
    return p;
  }

  /**
   * The writing end of a created process's standard input.
   *
   * @return the stream
   * @throws IllegalStateException if that is no pipe
   */
  public OutputStream standardInput() {
    return pipesOrThrow().input();
  }

  /**
   * The reading end of a created process's standard output.
   *
   * @return the stream
   * @throws IllegalStateException if that is no pipe
   */
  public InputStream standardOutput() {
    return pipesOrThrow().output();
  }

  /**
   * The reading end of a created process's standard error.
   *
   * @return the stream
   * @throws IllegalStateException if that is no pipe
   */
  public InputStream standardError() {
    return pipesOrThrow().error();
  }

  // ---- state

  /**
   * The process id.
   *
   * @return the pid; 0 for a file
   */
  public int pid() {
    return pid;
  }

  @Override
  boolean isReleased() {
    return released.get();
  }

  @Override
  StopProtocol.Subject subject() {
    return grip;
  }

  @Override
  public ProcessState state() {
    return grip.state();
  }

  /**
   * The exit code, or 128 + signal as a shell says it, once {@link ProcessState#UNDEAD}.
   *
   * @return the status; empty where it cannot be known: the process still lives, or ended when it
   *     was not under our control, or its leader had exited before the grab
   */
  public OptionalInt exitStatus() {
    return grip instanceof Grip.Controlled c && c.process.exitStatus() >= 0
        ? OptionalInt.of(c.process.exitStatus())
        : OptionalInt.empty();
  }

  /**
   * The signal that ended the process.
   *
   * @return the signal; empty if it ended otherwise, or this cannot be known
   */
  public OptionalInt endedBy() {
    return grip instanceof Grip.Controlled c && c.process.endedBy() > 0
        ? OptionalInt.of(c.process.endedBy())
        : OptionalInt.empty();
  }

  /**
   * The process as it is now (Pstatus).
   *
   * @return its status, as of one moment of its tracer
   * @throws IllegalStateException if the handle is released, or stands for a file
   * @throws ErrnoException EAGAIN if control is lost, ENOENT if the process has ended
   * @throws WrongThreadException if another thread's confined tracer has control
   */
  public ProcessStatus status() {
    checkOpen();
    return switch (grip) {
      case Grip.Controlled c -> look("status", c, e -> Statuses.of(c.process, e));
      case Grip.ReadOnly r -> Statuses.of(pid, r);
      case Grip.OfFile f -> throw new IllegalStateException("a file has no status");
    };
  }

  LwpStatus status(Tracee tracee) {
    return look("status", (Grip.Controlled) grip, e -> Statuses.of(tracee, e));
  }

  // ---- threads

  /**
   * The ids of the process's live threads, ascending.
   *
   * @return the tids
   * @throws IllegalStateException if the handle is released, or stands for a file
   * @throws ErrnoException EAGAIN if control is lost, ENOENT if the process has ended
   * @throws WrongThreadException if another thread's confined tracer has control
   */
  public List<Integer> lwpIds() {
    checkOpen();
    return switch (grip) {
      case Grip.Controlled c ->
          look("lwpIds", c, e -> e.live(c.process).stream().map(Tracee::tid).sorted().toList());
      case Grip.ReadOnly r -> r.lwpIds().stream().sorted().toList();
      case Grip.OfFile f -> throw new IllegalStateException("a file has no threads");
    };
  }

  /**
   * A handle on one thread (Lgrab).
   *
   * @param tid the thread's id
   * @return a handle; closing it leaves the thread as it is
   * @throws GrabException G_NOPROC if the process has no such live thread; G_BUSY if the thread has
   *     an open handle already; G_PERM if this process was grabbed RDONLY
   * @throws IllegalStateException if this handle is released, or stands for a file
   * @throws WrongThreadException if another thread's confined tracer has control
   */
  public LwpHandle lwp(int tid) throws GrabException {
    checkOpen();
    if (!(grip instanceof Grip.Controlled c)) {
      throw new GrabException(
          GrabError.G_PERM,
          "thread " + tid + ": its process was grabbed without control (RDONLY, or a file)");
    }
    c.checkThread();
    if (c.state() == ProcessState.LOST || c.state() == ProcessState.UNDEAD) {
      throw new GrabException(
          GrabError.G_NOPROC, "thread " + tid + ": process " + pid + " is " + c.state());
    }
    Tracee tracee =
        inControl("lwp", c, e -> e.liveThread(c.process, tid))
            .orElseThrow(
                () ->
                    new GrabException(
                        GrabError.G_NOPROC, "process " + pid + " has no live thread " + tid));
    synchronized (lwps) {
      lwps.removeIf(l -> StopProtocol.refusal(l.state()) != null); // ended, or lost for good
      if (lwps.stream().anyMatch(l -> l.id() == tid)) {
        throw new GrabException(
            GrabError.G_BUSY, "thread " + tid + " has an open handle: close that first");
      }
      LwpHandle lwp = new LwpHandle(this, c, tracee);
      lwps.add(lwp);
      return lwp;
    }
  }

  void forget(LwpHandle lwp) {
    synchronized (lwps) {
      lwps.remove(lwp);
    }
  }

  // ---- run

  /**
   * Sets the process running (Psetrun): every stopped thread runs on, those that were stopped one
   * by one too, and a directive that is still pending is withdrawn.
   *
   * <p>A job-stopped process goes back to job control: it reads {@link ProcessState#RUN}, and moves
   * when a SIGCONT says so.
   *
   * @param signal 0 delivers the current signal of each thread that is stopped on one; another
   *     signal replaces that of the {@linkplain ProcessStatus#representative() representative}
   *     thread, or is sent to it with tgkill(2) where it is not stopped on one
   * @param flags see {@link RunFlag}; with {@code PRSTEP} only the representative thread runs, for
   *     one instruction
   * @return OK; EBUSY if no thread is stopped or directed to stop; EINVAL for no signal number;
   *     EBADF, EAGAIN, ENOENT as for {@link #stop(StopRequest, int)}; where the signal has to be
   *     sent and cannot be, the errno of tgkill(2), and nothing is set running
   * @throws WrongThreadException if another thread's confined tracer has control
   * @see <a href="https://illumos.org/man/3PROC/Psetrun">Psetrun(3PROC)</a>
   */
  public Errno setRun(int signal, RunFlag... flags) {
    return SetRun.run(
        this,
        signal,
        flags,
        (clear, step) -> {
          Grip.Controlled c = (Grip.Controlled) grip;
          c.checkThread();
          return c.control.setRun(c.process, signal, clear, step);
        });
  }

  /**
   * Sets the process running, each thread with its current signal.
   *
   * @return as {@link #setRun(int, RunFlag...)}
   */
  public Errno setRun() {
    return setRun(0);
  }

  /**
   * Sends a signal to the process, through a pidfd: a process that got the same pid later is never
   * hit.
   *
   * @param signal the signal; 0 only checks
   * @return OK; EINVAL for no signal number; ESRCH or ENOENT if the process has ended or the handle
   *     stands for a file; EPERM; EBADF if the handle is released
   * @see <a href="https://man7.org/linux/man-pages/man2/pidfd_send_signal.2.html">
   *     pidfd_send_signal(2)</a>
   */
  public Errno kill(int signal) {
    if (isReleased()) {
      return Errno.EBADF;
    }
    if (!Signals.isValidOrZero(signal)) {
      return Errno.EINVAL;
    }
    if (grip instanceof Grip.OfFile) {
      return Errno.ENOENT;
    }
    return Errno.ofResult(libc.pidfdSendSignal(pidfd, signal));
  }

  /**
   * Waits for the process to end, for ever. Works without control too.
   *
   * @return OK when it has ended; EBADF if the handle is released, also during the call; EAGAIN if
   *     control is lost; EINTR if the calling thread is interrupted, its flag stays set; another
   *     errno if waiting itself failed
   * @throws WrongThreadException if another thread's confined tracer has control
   */
  public Errno awaitEnd() {
    return awaitEnd(Deadline.NEVER);
  }

  /**
   * Waits for the process to end, for a limited time.
   *
   * @param limit how long at most
   * @return as {@link #awaitEnd()}; ETIMEDOUT if it still lives
   * @throws IllegalArgumentException if the limit is zero or negative
   * @throws WrongThreadException if another thread's confined tracer has control
   */
  public Errno awaitEnd(Duration limit) {
    if (limit.isZero() || limit.isNegative()) {
      throw new IllegalArgumentException("the limit is " + limit + ": it must be positive");
    }
    return awaitEnd(Deadline.in(limit));
  }

  private Errno awaitEnd(long deadline) {
    if (isReleased()) {
      return Errno.EBADF;
    }
    return switch (grip) {
      case Grip.OfFile f -> Errno.ENOENT;
      case Grip.ReadOnly r -> {
        int waited = r.onlooker.awaitEnd(deadline);
        if (waited == 0) {
          r.refresh();
        }
        yield Errno.ofResult(waited);
      }
      case Grip.Controlled c -> {
        c.checkThread();
        int waited = c.state() == ProcessState.LOST ? 0 : c.control.awaitEnd(c.process, deadline);
        yield switch (c.state()) {
          case UNDEAD -> Errno.OK;
          case LOST -> Errno.EAGAIN;
          default -> isReleased() ? Errno.EBADF : Errno.ofResult(waited);
        };
      }
    };
  }

  // ---- what stops it besides a directive

  /**
   * Which signals stop the thread that is about to receive them (Psignal); reason {@link
   * StopReason#SIGNALLED}. The set replaces the former one; it is empty at first.
   *
   * @param signals signal numbers
   * @return OK; EINVAL for no signal number; EBADF, EAGAIN, ENOENT as for {@link #stop(StopRequest,
   *     int)}
   * @throws WrongThreadException if another thread's confined tracer has control
   */
  public Errno traceSignals(int... signals) {
    return trace(TraceSets.Kind.SIGNALS, Signals.areValid(signals), signals);
  }

  /**
   * Which faults stop the thread that incurs them (Pfault); reason {@link StopReason#FAULTED}. A
   * fault is one of SIGILL, SIGTRAP, SIGBUS, SIGFPE, SIGSEGV and SIGSYS, raised by the thread's own
   * instruction: the same signal sent by somebody is none.
   *
   * @param faults their signal numbers
   * @return OK; EINVAL for a signal that is no fault; others as above
   * @throws WrongThreadException if another thread's confined tracer has control
   */
  public Errno traceFaults(int... faults) {
    return trace(TraceSets.Kind.FAULTS, Signals.areFaults(faults), faults);
  }

  /**
   * Which system calls stop the thread that enters them (Psysentry); reason {@link
   * StopReason#SYSENTRY}.
   *
   * @param numbers this architecture's system call numbers
   * @return OK; EINVAL for a negative number; others as above
   * @throws WrongThreadException if another thread's confined tracer has control
   */
  public Errno traceSysEntry(int... numbers) {
    return trace(TraceSets.Kind.SYSCALL_ENTRIES, areSystemCalls(numbers), numbers);
  }

  /**
   * Which system calls stop the thread that returns from them (Psysexit); reason {@link
   * StopReason#SYSEXIT}.
   *
   * @param numbers this architecture's system call numbers
   * @return OK; EINVAL for a negative number; others as above
   * @throws WrongThreadException if another thread's confined tracer has control
   */
  public Errno traceSysExit(int... numbers) {
    return trace(TraceSets.Kind.SYSCALL_EXITS, areSystemCalls(numbers), numbers);
  }

  private static boolean areSystemCalls(int... numbers) {
    for (int number : numbers) {
      if (number < 0 || number > 0xffff) {
        return false;
      }
    }
    return true;
  }

  private Errno trace(TraceSets.Kind kind, boolean valid, int... members) {
    return change(valid, (c, e) -> e.trace(c.process, kind, members));
  }

  /**
   * Which of Linux's events stop the thread that they happen to.
   *
   * @param events the events
   * @return OK; EBADF, EAGAIN, ENOENT as for {@link #stop(StopRequest, int)}
   * @throws WrongThreadException if another thread's confined tracer has control
   */
  public Errno traceEvents(TraceEvent... events) {
    int options = 0;
    for (TraceEvent event : events) {
      options |=
          switch (event) {
            case EXEC -> Ptrace.O_TRACEEXEC;
            case FORK -> Ptrace.O_TRACEFORK;
            case VFORK -> Ptrace.O_TRACEVFORK;
            case CLONE -> Ptrace.O_TRACECLONE;
            case EXIT -> Ptrace.O_TRACEEXIT;
          };
    }
    int chosen = options;
    return change(true, (c, e) -> e.traceEvents(c.process, chosen));
  }

  /**
   * Sets modes (Psetflags).
   *
   * @param flags the modes
   * @return OK; EBADF, EAGAIN, ENOENT as for {@link #stop(StopRequest, int)}
   * @throws WrongThreadException if another thread's confined tracer has control
   */
  public Errno setFlags(ProcessFlag... flags) {
    return List.of(flags).contains(ProcessFlag.ASYNC)
        ? change(true, (c, e) -> e.async(c.process, true))
        : change(true, (c, e) -> {});
  }

  /**
   * Clears modes (Punsetflags).
   *
   * @param flags the modes
   * @return as {@link #setFlags}
   * @throws WrongThreadException if another thread's confined tracer has control
   */
  public Errno unsetFlags(ProcessFlag... flags) {
    return List.of(flags).contains(ProcessFlag.ASYNC)
        ? change(true, (c, e) -> e.async(c.process, false))
        : change(true, (c, e) -> {});
  }

  private Errno change(boolean valid, java.util.function.BiConsumer<Grip.Controlled, Engine> what) {
    if (isReleased()) {
      return Errno.EBADF;
    }
    if (!valid) {
      return Errno.EINVAL;
    }
    Errno refused = StopProtocol.refusal(grip.state());
    if (refused != null) {
      return refused;
    }
    if (!(grip instanceof Grip.Controlled c)) {
      return Errno.EBADF;
    }
    c.checkThread();
    try {
      c.control.call(
          e -> {
            what.accept(c, e);
            return 0;
          });
    } catch (Control.EndedException e) {
      return Errno.EAGAIN;
    }
    return Errno.OK;
  }

  // ---- reopen

  /**
   * Wins back control that was lost (Preopen). The process is then as a {@link GrabOption#NOSTOP}
   * grab leaves it; what it was traced for is forgotten, and its {@link LwpHandle}s stay lost.
   *
   * @return OK, also if control was not lost; EBADF if the handle is released or RDONLY; ENOENT if
   *     the process has ended; EPERM, EBUSY, EMFILE, EINTR or EAGAIN where {@link #grab(int,
   *     GrabOption...)} would fail with G_PERM, G_BUSY, G_NOFD, G_INTR or otherwise
   * @throws WrongThreadException if another thread's confined tracer has control
   */
  public Errno reopen() {
    Control control;
    try {
      control = Tracer.sharedControl(libc, StopMechanism.INTERRUPT);
    } catch (ErrnoException e) {
      return Errno.EAGAIN;
    }
    Errno result = reopen(control, true);
    if (!(grip instanceof Grip.Controlled c) || c.control != control) {
      control.close(); // it has nothing to do
    }
    return result;
  }

  /**
   * As {@link #reopen()}; the tracer becomes the owner.
   *
   * @param tracer who is to have control
   * @return as above
   * @throws IllegalStateException if the tracer is closed
   * @throws WrongThreadException if the tracer is confined to another thread
   */
  public Errno reopen(Tracer tracer) {
    Control control = tracer.control();
    control.checkThread();
    if (!control.isAlive()) {
      throw new IllegalStateException("the tracer is closed");
    }
    return reopen(control, false);
  }

  private Errno reopen(Control control, boolean own) {
    synchronized (reopening) {
      if (isReleased()) {
        return Errno.EBADF;
      }
      if (!(grip instanceof Grip.Controlled lost)) {
        return grip instanceof Grip.ReadOnly ? Errno.EBADF : Errno.ENOENT;
      }
      if (lost.state() != ProcessState.LOST) {
        return lost.state() == ProcessState.UNDEAD ? Errno.ENOENT : Errno.OK;
      }
      if (libc.pidfdSendSignal(pidfd, 0) == -Err.ESRCH) {
        return Errno.ENOENT;
      }
      try {
        grip = Grabber.takeControl(control, own, pid, pidfd, Grabber.DEFAULT_LIMIT, false);
        lost.control.dispose(lost.process);
        if (lost.ownControl) {
          lost.control.close();
        }
        return Errno.OK;
      } catch (GrabException e) {
        return switch (e.error()) {
          case G_PERM -> Errno.EPERM;
          case G_BUSY -> Errno.EBUSY;
          case G_NOPROC, G_ZOMB -> Errno.ENOENT;
          case G_NOFD -> Errno.EMFILE;
          case G_INTR -> Errno.EINTR;
          default -> Errno.EAGAIN;
        };
      }
    }
  }

  // ---- release

  /**
   * Gives control up (Prelease). By default the process is left as it was found: running, or
   * job-stopped. Signals that it was about to receive are delivered; every waiter gets EBADF.
   *
   * <p>A thread in uninterruptible sleep cannot be let go before it wakes; after a second this
   * returns all the same, and the tracer lets it go then. Releasing a released handle does nothing.
   *
   * @param options {@link ReleaseOption#HANG} leaves it job-stopped, which its parent is told of;
   *     {@link ReleaseOption#KILL} terminates it
   * @throws IllegalArgumentException for HANG and KILL together
   * @throws ErrnoException if HANG or KILL could not send its signal: EPERM where we may trace it
   *     but not signal it (kill(2)). Then it was released as it was found
   * @throws WrongThreadException if another thread's confined tracer has control
   * @see <a href="https://illumos.org/man/3PROC/Prelease">Prelease(3PROC)</a>
   */
  public void release(ReleaseOption... options) {
    Set<ReleaseOption> chosen = EnumSet.noneOf(ReleaseOption.class);
    chosen.addAll(List.of(options));
    if (chosen.size() > 1) {
      throw new IllegalArgumentException("HANG and KILL exclude each other");
    }
    LetGo how =
        chosen.contains(ReleaseOption.HANG)
            ? LetGo.HANG
            : chosen.contains(ReleaseOption.KILL) ? LetGo.KILL : LetGo.RUN;
    if (grip instanceof Grip.Controlled c) {
      c.checkThread();
    }
    synchronized (reopening) {
      if (!released.compareAndSet(false, true)) {
        return;
      }
      boolean reaped = !created || state() == ProcessState.UNDEAD;
      int r = 0;
      switch (grip) {
        case Grip.Controlled c -> r = release(c, how);
        case Grip.ReadOnly only -> only.onlooker.giveUp();
        case Grip.OfFile f -> {}
      }
      if (!reaped) {
        Creator.reapWhenEnded(libc, pid, pidfd); // it closes the pidfd
      } else if (pidfd >= 0) {
        if (created) {
          Creator.forget(pid);
        }
        libc.close(pidfd);
      }
      if (r < 0) {
        throw new ErrnoException("release(" + how + ") of process " + pid, Errno.ofResult(r));
      }
    }
  }

  /** 0, or −errno if it was let go in another way. */
  private int release(Grip.Controlled c, LetGo how) {
    int r = 0;
    if (c.control.isAlive()) {
      try {
        if (c.process.fate() == Fate.CONTROLLED) {
          r = c.control.call(e -> e.letGo(c.process, how));
        }
        c.control.awaitDeparture(c.process, Deadline.in(Grabber.DEPARTURE_NANOS));
      } catch (Control.EndedException e) {
        assert !c.control.isAlive(); // the kernel has let it go
      }
    }
    c.control.dispose(c.process);
    c.control.wakeWaiters(c.process);
    if (c.ownControl) {
      c.control.closeOwn();
    }
    if (c.process.leavesStopped()) {
      awaitJobStop();
    }
    return r;
  }

  /** The threads take their places in the job stop by themselves, one after the other. */
  private void awaitJobStop() {
    Onlooker onlooker = new Onlooker(libc, pid, pidfd);
    long deadline = Deadline.in(HANG_NANOS);
    while (onlooker.state() == ProcessState.RUN && System.nanoTime() < deadline) {
      LockSupport.parkNanos(LOOK_AGAIN_NANOS);
    }
  }

  /** Releases the process as it was found. */
  @Override
  public void close() {
    release();
  }

  // ---- common

  private void checkOpen() {
    if (isReleased()) {
      throw new IllegalStateException("the handle of process " + pid + " is released");
    }
  }

  /**
   * Refuses before and behind it: to look is to find out that the process has ended, or is lost.
   */
  private <R> R look(
      String operation, Grip.Controlled c, java.util.function.Function<Engine, R> what) {
    refuse(operation, c);
    c.checkThread();
    R seen = inControl(operation, c, what);
    refuse(operation, c);
    return seen;
  }

  private void refuse(String operation, Grip.Controlled c) {
    Errno refused = StopProtocol.refusal(c.state());
    if (refused != null) {
      throw new ErrnoException(operation + " of process " + pid, refused);
    }
  }

  private <R> R inControl(
      String operation, Grip.Controlled c, java.util.function.Function<Engine, R> what) {
    try {
      return c.control.call(what);
    } catch (Control.EndedException e) {
      throw new ErrnoException(operation + " of process " + pid, Errno.EAGAIN);
    }
  }

  @Override
  public String toString() {
    return "process " + pid + ": " + state();
  }
}
