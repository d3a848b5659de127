package org.libproc4j.examples;

import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.libproc4j.ErrnoException;
import org.libproc4j.GrabException;
import org.libproc4j.procfs.Comm;
import org.libproc4j.procfs.MalformedProcException;
import picocli.CommandLine.Option;

/** What the tools have in common: how they speak, and how they fail. */
abstract class Tool implements Callable<Integer> {
  static final int DONE = 0;
  static final int FAILED = 1;
  static final int TIMED_OUT = 124;

  private final String name;
  private final String purpose;
  private final List<Outcome> outcomes = new ArrayList<>();
  private boolean failed;

  @Option(names = "--json", description = "Print the results as JSON.")
  boolean json;

  /** What {@code --json} says of an operand. */
  record Outcome(String operand, boolean ok, String result) {}

  /** What is done to one operand: the result in words, or an exception. */
  @FunctionalInterface
  interface Action {
    String apply(Operand operand) throws OperandException, GrabException;
  }

  /**
   * A tool.
   *
   * @param purpose what it wants with a process, for messages: "control" or "examine"
   */
  Tool(String name, String purpose) {
    this.name = name;
    this.purpose = purpose;
  }

  /**
   * Does something to each operand; those that fail are named, and the others done all the same.
   */
  final void forEach(List<String> operands, Action action) {
    for (String operand : operands) {
      attempt(operand, () -> action.apply(Operand.of(operand)));
    }
  }

  /** What a part of a tool's work ends with. */
  @FunctionalInterface
  interface Work {
    String run() throws OperandException, GrabException;
  }

  final void attempt(String operand, Work work) {
    try {
      done(operand, work.run());
    } catch (OperandException
        | GrabException
        | ErrnoException
        | MalformedProcException
        | UncheckedIOException e) {
      cannot(operand, String.valueOf(e.getMessage()));
    }
  }

  final void done(String operand, String result) {
    if (!result.isEmpty()) {
      outcomes.add(new Outcome(operand, true, result));
    }
  }

  final void cannot(String operand, String reason) {
    failed = true;
    outcomes.add(new Outcome(operand, false, reason));
    // An operand is the user's own text, and may hold what a terminal would obey.
    System.err.println(name + ": cannot " + purpose + " " + Comm.of(operand) + ": " + reason);
  }

  final void printOutcomes() {
    if (json) {
      print(Json.of(outcomes));
    }
  }

  final int status() {
    return failed ? FAILED : DONE;
  }

  /** Prints a line that is to be seen now. */
  static void print(String line) {
    System.out.println(line);
    if (System.out.checkError()) {
      throw new ClosedOutputException();
    }
  }
}
