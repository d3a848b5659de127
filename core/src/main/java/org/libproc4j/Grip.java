package org.libproc4j;

import java.util.List;
import org.libproc4j.internal.ptrace.Control;
import org.libproc4j.internal.ptrace.Fate;
import org.libproc4j.internal.ptrace.TracedProcess;

/** What a {@link ProcessHandle} has of its process. */
abstract sealed class Grip extends StopProtocol.Subject {
  /** Control, through a tracer. */
  static final class Controlled extends Grip {
    final Control control;
    final TracedProcess process;

    /** Whether the tracer serves this process alone, and ends with the handle. */
    final boolean ownControl;

    Controlled(Control control, TracedProcess process, boolean ownControl) {
      this.control = control;
      this.process = process;
      this.ownControl = ownControl;
    }

    /** A tracer that has ended leaves its thread's check behind: anybody may learn of the loss. */
    void checkThread() {
      if (control.isAlive()) {
        control.checkThread();
      }
    }

    @Override
    ProcessState state() {
      return switch (process.fate()) {
        case ENDED -> ProcessState.UNDEAD;
        case LOST -> ProcessState.LOST;
        case RELEASED -> ProcessState.RUN;
        case CONTROLLED -> {
          if (!control.isAlive()) {
            yield ProcessState.LOST;
          }
          yield process.stopped() ? ProcessState.STOP : ProcessState.RUN;
        }
      };
    }

    @Override
    boolean readOnly() {
      return false;
    }

    @Override
    void refresh() {
      checkThread();
      if (state() == ProcessState.LOST) {
        process.lookForEnd(control.libc());
      } else if (process.fate() == Fate.CONTROLLED) {
        control.refresh(process);
      }
    }

    @Override
    void direct() {
      checkThread();
      control.direct(process);
    }

    @Override
    int directAndAwait(long deadline) {
      checkThread();
      return control.stop(process, deadline);
    }

    @Override
    int await(long deadline) {
      checkThread();
      return control.await(process, deadline);
    }

    @Override
    boolean takeOddity() {
      return process.takeOddity();
    }
  }

  /** No control: the stop protocol refuses before it would come to direct or to wait. */
  abstract static sealed class Uncontrolled extends Grip {
    @Override
    boolean readOnly() {
      return true;
    }

    @Override
    void direct() {
      throw new IllegalStateException("not under control");
    }

    @Override
    int directAndAwait(long deadline) {
      throw new IllegalStateException("not under control");
    }

    @Override
    int await(long deadline) {
      throw new IllegalStateException("not under control");
    }

    @Override
    boolean takeOddity() {
      return false;
    }
  }

  /** Eyes only. */
  static final class ReadOnly extends Uncontrolled {
    final Onlooker onlooker;
    private volatile ProcessState state;

    ReadOnly(Onlooker onlooker) {
      this.onlooker = onlooker;
      this.state = onlooker.state();
    }

    @Override
    ProcessState state() {
      return state;
    }

    @Override
    void refresh() {
      state = onlooker.state();
    }

    List<Integer> lwpIds() {
      return onlooker.lwpIds();
    }
  }

  /** A file: a core, or a program that was never run. */
  static final class OfFile extends Uncontrolled {
    private final ProcessState state;

    OfFile(ProcessState state) {
      this.state = state;
    }

    @Override
    ProcessState state() {
      return state;
    }

    @Override
    void refresh() {}
  }
}
