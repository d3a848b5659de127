package org.libproc4j.examples;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.libproc4j.StopReason;
import org.libproc4j.SystemCall;
import org.libproc4j.procfs.ProcFs;
import org.libproc4j.procfs.ProcResult;
import org.libproc4j.procfs.Stat;
import org.libproc4j.procfs.Status;
import org.libproc4j.procfs.Syscall;
import org.libproc4j.procfs.ThreadFiles;

/**
 * What {@code pstatus} tells of a thread.
 *
 * @param tid its id
 * @param state its state as the kernel's letter
 * @param reason why it is stopped
 * @param tracer the process that traces it
 * @param syscall the system call that it is blocked in, by name, or by number if it has none here
 * @param wchan the kernel function that it sleeps in
 * @param name its name, with what a terminal would obey shown as an escape
 * @param risks what a stop would disturb
 */
record ThreadReport(
    int tid,
    String state,
    Optional<StopReason> reason,
    OptionalInt tracer,
    Optional<String> syscall,
    Optional<String> wchan,
    String name,
    List<String> risks) {

  /** Empty if the thread has ended. */
  static Optional<ThreadReport> of(int pid, int tid) {
    ThreadFiles files = ProcFs.of().thread(pid, tid);
    if (!(files.stat() instanceof ProcResult.Present<Stat>(var stat))
        || !(files.status() instanceof ProcResult.Present<Status>(var status))) {
      return Optional.empty();
    }
    ProcResult<Syscall> call = files.syscall();
    int tracer = status.tracerPid();
    return Optional.of(
        new ThreadReport(
            tid,
            String.valueOf(stat.stateCode()),
            switch (stat.state()) {
              case STOPPED -> Optional.of(StopReason.JOBCONTROL);
              default -> Optional.empty(); // of a tracing stop, only the tracer knows
            },
            tracer == 0 ? OptionalInt.empty() : OptionalInt.of(Tracing.pidOf(tracer)),
            call instanceof ProcResult.Present<Syscall>(Syscall.Blocked blocked)
                ? Optional.of(nameOf(blocked.nr()))
                : Optional.empty(),
            files.wchan().orElse(Optional.empty()),
            stat.comm().toString(),
            Risks.of(stat, status, call, fd -> Risks.target(pid, fd))));
  }

  static String nameOf(int call) {
    return SystemCall.name(call).orElse(String.valueOf(call));
  }

  /** The cells of its row, in the order of {@link #headings()}. */
  String[] cells() {
    return new String[] {
      String.valueOf(tid),
      state,
      reason.map(StopReason::name).orElse(tracer.isPresent() ? "TRACED" : "-"),
      syscall.orElse("-"),
      wchan.orElse("-"),
      name
    };
  }

  static String[] headings() {
    return new String[] {"TID", "S", "REASON", "SYSCALL", "WCHAN", "NAME"};
  }
}
