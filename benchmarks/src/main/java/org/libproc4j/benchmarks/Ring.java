package org.libproc4j.benchmarks;

import java.util.function.ToDoubleFunction;
import org.libproc4j.GrabOption;
import org.libproc4j.ProcessHandle;
import org.libproc4j.Tracer;

/** A target, and who takes control of it in turn: the C program, and our two kinds of tracer. */
final class Ring implements AutoCloseable {
  /** The C program, with the system calls that libproc4j makes. */
  static final String C = "C";

  /** The C program, with the fewest that do. */
  static final String PLAIN_C = "C, plain";

  static final String CONFINED = "confined";
  static final String SHARED = "shared";

  final Tracer confined = Tracer.ofConfined();
  final Tracer shared = Tracer.ofShared();
  private final Sleepers target;
  private final Helper c;
  private final Placement placement;

  Ring(Sleepers target, Placement placement) {
    this.target = target;
    this.placement = placement;
    c = Helper.start("tracer", target.pid());
  }

  int pid() {
    return target.pid();
  }

  /** The C program's answer to a command, while it has control. */
  Contest.Contender inC(String command, ToDoubleFunction<double[]> figure) {
    return () -> {
      c.ask("seize");
      placement.apply(c, target);
      double measured = figure.applyAsDouble(c.numbers(command));
      placement.undo(c, target.tracer());
      c.ask("release");
      return measured;
    };
  }

  /** The C program's answer to a command for which it takes control itself. */
  double[] ofC(String command) {
    return c.numbers(command);
  }

  /** What something takes while one of ours has control. */
  Contest.Contender inJava(Tracer tracer, ToDoubleFunction<ProcessHandle> figure) {
    return () -> {
      try (ProcessHandle process = tracer.grab(target.pid(), GrabOption.NOSTOP)) {
        placement.apply(c, target);
        double measured = figure.applyAsDouble(process);
        placement.undo(c, target.tracer());
        return measured;
      }
    };
  }

  @Override
  public void close() {
    shared.close();
    confined.close();
    c.close();
    target.close();
  }
}
