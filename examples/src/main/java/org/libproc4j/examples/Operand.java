package org.libproc4j.examples;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.libproc4j.procfs.ProcFs;
import org.libproc4j.procfs.ProcResult;
import org.libproc4j.procfs.Status;

/**
 * {@code PID} or {@code /proc/PID}, either with {@code /LWPS}.
 *
 * @param pid the process
 * @param lwps threads of it; empty for the process as a whole
 */
record Operand(int pid, Optional<LwpSet> lwps) {
  static final String FORM =
      "a process is named PID or /proc/PID, threads of it PID/LWPS, as in 4711/4713,4720-4724";

  private static final Pattern PATTERN = Pattern.compile("(?:/proc/)?(\\d+)(?:/(.*))?");

  /** Parses an operand, and sees to it that it names a process and not a thread. */
  static Operand of(String text) throws OperandException {
    Operand operand = parse(text);
    operand.checkIsProcess();
    return operand;
  }

  static Operand parse(String text) throws OperandException {
    Matcher matcher = PATTERN.matcher(text);
    if (!matcher.matches()) {
      throw new OperandException(FORM);
    }
    String digits = matcher.group(1);
    int pid;
    try {
      pid = Integer.parseInt(digits);
    } catch (NumberFormatException _) {
      throw new OperandException("there is no process " + digits);
    }
    if (pid == 0) {
      throw new OperandException("there is no process 0");
    }
    String lwps = matcher.group(2);
    return new Operand(pid, lwps == null ? Optional.empty() : Optional.of(LwpSet.parse(lwps)));
  }

  private void checkIsProcess() throws OperandException {
    if (ProcFs.of().process(pid).status() instanceof ProcResult.Present<Status>(var status)
        && status.tgid() != pid) {
      throw new OperandException(
          "it is a thread of process %d (%s): say %d/%d"
              .formatted(status.tgid(), nameOf(status.tgid()), status.tgid(), pid));
    }
  }

  /** The process, for a tool that has no use for single threads. */
  int wholeProcess() throws OperandException {
    if (lwps.isPresent()) {
      throw new OperandException("this tool takes whole processes only: say " + pid);
    }
    return pid;
  }

  /** A process's name, fit for a terminal; "?" if it has gone. */
  static String nameOf(int pid) {
    return ProcFs.of().process(pid).comm().map(Object::toString).orElse("?");
  }
}
