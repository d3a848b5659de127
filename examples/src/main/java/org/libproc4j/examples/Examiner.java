package org.libproc4j.examples;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A tool that reports on processes, and controls none.
 *
 * @param <R> the report of a process, as {@code --json} prints it
 */
abstract class Examiner<R extends Record> extends Tool {
  Examiner(String name) {
    super(name, "examine");
  }

  /** Reads what there is to say. */
  abstract R report(Examinee process, Optional<LwpSet> lwps) throws OperandException;

  /** Says it to people: each line is cut or broken at the width, or may be longer on purpose. */
  abstract List<String> lines(R report, int width);

  /**
   * The process that is meant: an examiner takes whole processes only, unless it says otherwise.
   */
  int pidOf(Operand operand) throws OperandException {
    return operand.wholeProcess();
  }

  /** Examines each, and prints what there is to say. */
  final int examine(List<String> operands) {
    int width = Terminal.widthOfOutput();
    List<R> reports = new ArrayList<>();
    forEach(
        operands,
        operand -> {
          Examinee process = Examinee.of(pidOf(operand));
          R report = report(process, operand.lwps());
          process.requireSame();
          if (json) {
            reports.add(report);
          } else {
            print(String.join("\n", lines(report, width)));
          }
          return "";
        });
    if (json) {
      print(Json.of(reports));
    }
    return status();
  }

  /** The line that says which process the others are about. */
  static String heading(int pid, String command, int width) {
    return Table.cut(pid + ": " + command, width);
  }
}
