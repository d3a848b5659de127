package org.libproc4j.examples;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.libproc4j.Errno;
import org.libproc4j.GrabException;
import org.libproc4j.GrabOption;
import org.libproc4j.ProcessHandle;
import org.libproc4j.procfs.ProcFs;
import org.libproc4j.procfs.ProcResult;
import org.libproc4j.procfs.Stat;
import org.libproc4j.procfs.Status;
import org.libproc4j.procfs.TaskState;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Sets stopped processes running. */
@Command(
    name = "prun",
    description = {
      "Sets running what pstop, or job control, has stopped.",
      "A process that runs already is left alone."
    })
final class Prun extends Tool {
  private static final int SIGCONT = 18;
  private static final int SIGSTOP = 19;

  @Parameters(arity = "1..*", paramLabel = "PID", description = "What to set running.")
  List<String> operands = List.of();

  Prun() {
    super("prun", "control");
  }

  @Override
  public Integer call() {
    forEach(operands, operand -> run(operand.wholeProcess()));
    printOutcomes();
    return status();
  }

  /** Needs no control: a job-control stop ends by a signal, and only a tracer can end its own. */
  private static String run(int pid) throws GrabException, OperandException {
    try (ProcessHandle process = ProcessHandle.grab(pid, GrabOption.RDONLY)) {
      Set<TaskState> states = EnumSet.noneOf(TaskState.class);
      for (int tid : process.lwpIds()) {
        if (ProcFs.of().thread(pid, tid).stat() instanceof ProcResult.Present<Stat>(var stat)) {
          if (stat.isKernelThread()) {
            throw new OperandException("it is a kernel thread, which nobody can stop");
          }
          states.add(stat.state());
        }
      }
      if (states.contains(TaskState.STOPPED) || isAboutToStop(pid)) {
        Errno result = process.kill(SIGCONT);
        if (!result.isOk()) {
          throw new OperandException(
              result == Errno.ESRCH ? "it has ended" : "SIGCONT: " + result.message());
        }
      } else if (states.contains(TaskState.TRACING_STOP)) {
        throw new OperandException(tracerOf(pid));
      }
      return "running";
    }
  }

  /** Whether a stop waits for a thread to leave the kernel. */
  private static boolean isAboutToStop(int pid) {
    return ProcFs.of().process(pid).status() instanceof ProcResult.Present<Status>(var status)
        && (status.shdPnd() & (1L << (SIGSTOP - 1))) != 0;
  }

  private static String tracerOf(int pid) {
    for (int tid : ProcFs.of().process(pid).tasks().orElse(List.of())) {
      if (ProcFs.of().thread(pid, tid).status() instanceof ProcResult.Present<Status>(var status)
          && status.tracerPid() != 0) {
        return "its tracer holds it, and must let it go: " + Tracing.describe(status.tracerPid());
      }
    }
    return "its tracer holds it, and must let it go";
  }
}
