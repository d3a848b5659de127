package org.libproc4j;

import org.libproc4j.internal.ptrace.Control;
import org.libproc4j.internal.ptrace.Tracee;

/**
 * One thread of a process under control, libproc's {@code ps_lwphandle}. Stopping it leaves the
 * others running.
 *
 * <p>A thread that exits becomes {@link ProcessState#UNDEAD}; so does every thread but one when its
 * process executes another program. The handle is as good as its process's: when that is released,
 * this one is too.
 *
 * @see <a href="https://illumos.org/man/3PROC/Lgrab">Lgrab(3PROC)</a>
 */
public final class LwpHandle extends Handle {
  private final ProcessHandle owner;
  private final Subject subject;

  LwpHandle(ProcessHandle owner, Grip.Controlled grip, Tracee tracee) {
    this.owner = owner;
    this.subject = new Subject(grip, tracee);
  }

  /** One thread under control. */
  private static final class Subject extends StopProtocol.Subject {
    private final Grip.Controlled grip;
    private final Control control;
    private final Tracee tracee;
    private volatile boolean released;

    Subject(Grip.Controlled grip, Tracee tracee) {
      this.grip = grip;
      this.control = grip.control;
      this.tracee = tracee;
    }

    @Override
    ProcessState state() {
      ProcessState process = grip.state();
      if (process != ProcessState.RUN && process != ProcessState.STOP) {
        return process;
      }
      if (tracee.gone()) {
        return ProcessState.UNDEAD;
      }
      return tracee.stopped() ? ProcessState.STOP : ProcessState.RUN;
    }

    @Override
    boolean readOnly() {
      return false;
    }

    @Override
    void refresh() {
      grip.refresh();
    }

    @Override
    void direct() {
      grip.checkThread();
      control.direct(tracee);
    }

    private boolean isGivenUp() {
      return released;
    }

    @Override
    int directAndAwait(long deadline) {
      grip.checkThread();
      return control.stop(tracee, this::isGivenUp, deadline);
    }

    @Override
    int await(long deadline) {
      grip.checkThread();
      return control.await(tracee, this::isGivenUp, deadline);
    }

    @Override
    boolean takeOddity() {
      return tracee.process().takeOddity();
    }
  }

  /**
   * The thread's id.
   *
   * @return the tid
   */
  public int id() {
    return subject.tracee.tid();
  }

  /**
   * The process that it belongs to.
   *
   * @return the handle that this one came from
   */
  public ProcessHandle process() {
    return owner;
  }

  @Override
  boolean isReleased() {
    return subject.released || owner.isReleased();
  }

  @Override
  StopProtocol.Subject subject() {
    return subject;
  }

  @Override
  public ProcessState state() {
    return subject.state();
  }

  /**
   * The thread as it is now (Lstatus).
   *
   * @return its status; for one that has exited, only id and state
   * @throws IllegalStateException if the handle is released
   * @throws ErrnoException EAGAIN if control is lost, ENOENT if the process has ended
   * @throws WrongThreadException if another thread's confined tracer has control
   */
  public LwpStatus status() {
    checkOpen();
    return owner.status(subject.tracee);
  }

  /**
   * Sets the thread running (Lsetrun), or withdraws a directive that is still pending.
   *
   * @param signal 0 to deliver the current signal, if there is one; otherwise the signal to deliver
   *     instead, or to send with tgkill(2) where the thread is not stopped on one
   * @param flags see {@link RunFlag}; {@code PRSTEP} runs one instruction
   * @return OK; EBUSY if it is neither stopped nor directed to; EINVAL for no signal number; EBADF,
   *     EAGAIN, ENOENT as for {@link #stop(StopRequest, int)}
   * @throws WrongThreadException if another thread's confined tracer has control
   * @see <a href="https://illumos.org/man/3PROC/Lsetrun">Lsetrun(3PROC)</a>
   */
  public Errno setRun(int signal, RunFlag... flags) {
    return SetRun.run(
        this,
        signal,
        flags,
        (clear, step) -> subject.control.call(e -> e.setRun(subject.tracee, signal, clear, step)));
  }

  /**
   * Sets the thread running, with its current signal.
   *
   * @return as {@link #setRun(int, RunFlag...)}
   */
  public Errno setRun() {
    return setRun(0);
  }

  /**
   * Sends a signal to this thread alone, with tgkill(2). Its tracer does so, which alone lets the
   * tid become another's: a thread that got the same one later is never hit.
   *
   * @param signal the signal; 0 only checks
   * @return OK; EINVAL for no signal number; ESRCH or ENOENT if the thread has ended; EAGAIN if
   *     control is lost; EPERM; EBADF if the handle is released
   * @throws WrongThreadException if another thread's confined tracer has control
   */
  public Errno kill(int signal) {
    if (isReleased()) {
      return Errno.EBADF;
    }
    if (!Signals.isValidOrZero(signal)) {
      return Errno.EINVAL;
    }
    Errno refused = StopProtocol.refusal(state());
    if (refused != null) {
      return refused;
    }
    try {
      return subject.control.call(e -> Errno.ofResult(e.kill(subject.tracee, signal)));
    } catch (Control.EndedException e) {
      return Errno.EAGAIN;
    }
  }

  private void checkOpen() {
    if (isReleased()) {
      throw new IllegalStateException("the handle of thread " + id() + " is released");
    }
  }

  /**
   * Gives the handle up (Lfree); the thread stays as it is, stopped or running. Whoever waits on
   * the handle gets EBADF.
   */
  @Override
  public void close() {
    if (!subject.released) {
      subject.released = true;
      owner.forget(this);
      subject.control.wakeWaiters(subject.tracee.process());
    }
  }

  @Override
  public String toString() {
    return "thread " + id() + " of " + owner + ": " + state();
  }
}
