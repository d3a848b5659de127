package org.libproc4j.freezer;

import java.util.Optional;
import org.libproc4j.procfs.Comm;

/**
 * A thread that could not be frozen, or thawed, with what a person needs to act on it.
 *
 * @param pid its process
 * @param tid the thread
 * @param comm the thread's name
 * @param state its state as proc_pid_stat(5) has it: {@code D} cannot be disturbed; {@code ?} if it
 *     is not known
 * @param waitChannel the kernel function that it sleeps in; empty if it runs, or we may not know
 * @param systemCall the system call that it is in; empty if it is in none, or we may not know
 * @param kernelStack its stack in the kernel; empty unless we may read it (CAP_SYS_ADMIN)
 * @param reason what is the matter, in words
 */
public record Holdout(
    int pid,
    int tid,
    Comm comm,
    char state,
    Optional<String> waitChannel,
    Optional<String> systemCall,
    Optional<String> kernelStack,
    String reason) {

  /** In one line, without the kernel stack. */
  @Override
  public String toString() {
    StringBuilder text =
        new StringBuilder("process ").append(pid).append(" (").append(comm).append(")");
    if (tid != pid) {
      text.append(" thread ").append(tid);
    }
    text.append(": ").append(reason).append("; state ").append(state);
    waitChannel.ifPresent(channel -> text.append(", waiting in ").append(channel));
    systemCall.ifPresent(call -> text.append(", system call ").append(call));
    return text.toString();
  }
}
