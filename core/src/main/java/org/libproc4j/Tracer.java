package org.libproc4j;

import java.io.IOException;
import java.time.Duration;
import org.libproc4j.internal.linux.FailedCallException;
import org.libproc4j.internal.linux.Libc;
import org.libproc4j.internal.ptrace.ConfinedControl;
import org.libproc4j.internal.ptrace.Control;
import org.libproc4j.internal.ptrace.Engine;
import org.libproc4j.internal.ptrace.SharedControl;

/**
 * Who has control: Linux ties a traced thread to the one thread that seized it. As with {@link
 * java.lang.foreign.Arena}, a tracer is confined to a thread or shared by all.
 *
 * <p>Closing a tracer, or the end of a confined tracer's thread, lets all its processes run on;
 * their handles become {@link ProcessState#LOST}. So does the end of this JVM, however it ends: the
 * kernel sees to it.
 *
 * @see <a href="https://man7.org/linux/man-pages/man2/ptrace.2.html">ptrace(2)</a>
 */
public final class Tracer implements AutoCloseable {
  private final Control control;

  private Tracer(Control control) {
    this.control = control;
  }

  /**
   * A tracer that is the calling thread, with {@link StopMechanism#INTERRUPT}. See {@link
   * #ofConfined(StopMechanism)}.
   *
   * @return a new tracer
   * @throws IllegalStateException if the calling thread is virtual
   * @throws ErrnoException as below
   */
  public static Tracer ofConfined() {
    return ofConfined(StopMechanism.INTERRUPT);
  }

  /**
   * A tracer that is the calling thread: no hand-over, so the lowest latency. Every other thread
   * that calls on its handles gets a {@link WrongThreadException}.
   *
   * <p>It is for <em>holding</em> a process, not for following one. Nobody listens between calls: a
   * <em>running</em> target halts at its next signal, exec or exit until the owner calls again, and
   * a SIGCONT that somebody sends it takes effect only then. A thread that could not be let go at
   * once, since it was in uninterruptible sleep, halts when it wakes, until the owner calls again
   * or, after {@link #close}, its thread ends.
   *
   * @param mechanism how single threads are stopped
   * @return a new tracer
   * @throws IllegalStateException if the calling thread is virtual: a tracer must be one kernel
   *     thread for good
   * @throws ErrnoException if the kernel has no timer left for it: EAGAIN, also where the limit of
   *     queued signals is reached (setrlimit(2), RLIMIT_SIGPENDING), or ENOMEM
   */
  public static Tracer ofConfined(StopMechanism mechanism) {
    return ofConfined(Libc.SYSTEM, mechanism);
  }

  /**
   * A tracer with a daemon thread of its own, with {@link StopMechanism#INTERRUPT}.
   *
   * @return a new tracer
   * @throws ErrnoException as {@link #ofConfined(StopMechanism)}
   */
  public static Tracer ofShared() {
    return ofShared(StopMechanism.INTERRUPT);
  }

  /**
   * A tracer with a daemon thread of its own, which always listens, and serves any thread, virtual
   * ones too.
   *
   * @param mechanism how single threads are stopped
   * @return a new tracer
   * @throws ErrnoException as {@link #ofConfined(StopMechanism)}
   */
  public static Tracer ofShared(StopMechanism mechanism) {
    return ofShared(Libc.SYSTEM, mechanism);
  }

  static Tracer ofConfined(Libc libc, StopMechanism mechanism) {
    try {
      return new Tracer(new ConfinedControl(libc, engine(mechanism)));
    } catch (FailedCallException e) {
      throw noTracer(e);
    }
  }

  static Tracer ofShared(Libc libc, StopMechanism mechanism) {
    return new Tracer(sharedControl(libc, mechanism));
  }

  static Control sharedControl(Libc libc, StopMechanism mechanism) {
    try {
      return new SharedControl(libc, engine(mechanism));
    } catch (FailedCallException e) {
      throw noTracer(e);
    }
  }

  private static ErrnoException noTracer(FailedCallException e) {
    return new ErrnoException("opening a tracer: " + e.call(), Errno.of(e.errno()));
  }

  private static Engine.Mechanism engine(StopMechanism mechanism) {
    return switch (mechanism) {
      case INTERRUPT -> Engine.Mechanism.INTERRUPT;
      case TGKILL -> Engine.Mechanism.TGKILL;
    };
  }

  Control control() {
    return control;
  }

  /**
   * As {@link ProcessHandle#grab(int, GrabOption...)}, with this tracer in control.
   *
   * @param pid the process
   * @param options how
   * @return a handle; closing it leaves this tracer open
   * @throws GrabException if it cannot be grabbed; then nothing is held
   * @throws IllegalStateException if this tracer is closed
   * @throws WrongThreadException if this tracer is confined to another thread
   */
  public ProcessHandle grab(int pid, GrabOption... options) throws GrabException {
    return grab(pid, Grabber.DEFAULT_LIMIT, options);
  }

  /**
   * As {@link ProcessHandle#grab(int, Duration, GrabOption...)}, with this tracer in control. A
   * process that this tracer is still letting go is waited for, for as long as the limit; then it
   * is G_BUSY.
   *
   * @param pid the process
   * @param limit how long the grab may take
   * @param options how
   * @return a handle; closing it leaves this tracer open
   * @throws GrabException if it cannot be grabbed; then nothing is held
   * @throws IllegalStateException if this tracer is closed
   * @throws WrongThreadException if this tracer is confined to another thread
   */
  public ProcessHandle grab(int pid, Duration limit, GrabOption... options) throws GrabException {
    checkOpen();
    return Grabber.grab(control, pid, limit, options);
  }

  /**
   * As {@link ProcessHandle#create(ProcessBuilder)}, with this tracer in control.
   *
   * @param specification what to run, and how
   * @return a handle; closing it leaves this tracer open
   * @throws IOException if it cannot be started
   * @throws IllegalStateException if this tracer is closed
   * @throws WrongThreadException if this tracer is confined to another thread
   */
  public ProcessHandle create(ProcessBuilder specification) throws IOException {
    checkOpen();
    return Creator.create(control, false, specification);
  }

  /**
   * As {@link ProcessHandle#create(String...)}, with this tracer in control.
   *
   * @param command the program and its arguments
   * @return a handle; closing it leaves this tracer open
   * @throws IOException if it cannot be started
   * @throws IllegalStateException if this tracer is closed
   * @throws WrongThreadException if this tracer is confined to another thread
   */
  public ProcessHandle create(String... command) throws IOException {
    return create(new ProcessBuilder(command).inheritIO());
  }

  /**
   * Whether the stops of this tracer are made invisible to their targets, as they are unless told
   * otherwise. Linux ends some calls that block with EINTR when their thread was stopped: see
   * {@link StopTrace}. A transparent tracer makes the kernel enter them again if no handler has
   * run, and keeps their time limits; {@link LwpStatus#trace} tells of each stop.
   *
   * <p>Only for the stops that are to come.
   *
   * @param on whether
   * @return this tracer
   * @throws IllegalStateException if this tracer is closed
   * @throws WrongThreadException if this tracer is confined to another thread
   */
  public Tracer transparent(boolean on) {
    checkOpen();
    try {
      return control.call(
          engine -> {
            engine.transparent(on);
            return this;
          });
    } catch (Control.EndedException e) {
      throw new IllegalStateException("the tracer is closed", e);
    }
  }

  private void checkOpen() {
    control.checkThread();
    if (!control.isAlive()) {
      throw new IllegalStateException("the tracer is closed");
    }
  }

  /**
   * Lets everything run on that this tracer holds, and ends it. Its handles become LOST. Closing a
   * closed tracer does nothing.
   *
   * @throws WrongThreadException if this tracer is confined to another thread
   */
  @Override
  public void close() {
    if (control.isAlive()) {
      control.checkThread();
      control.close();
    }
  }
}
