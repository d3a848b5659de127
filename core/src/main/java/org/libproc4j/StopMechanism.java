package org.libproc4j;

/** How a tracer stops a single thread. */
public enum StopMechanism {
  /**
   * {@code PTRACE_INTERRUPT}. The thread gets no signal, its parent is told nothing, and if our
   * process dies at any moment, the kernel lets the thread run on.
   */
  INTERRUPT,
  /**
   * {@code tgkill(tgid, tid, SIGSTOP)}, which the tracer swallows before the target sees it.
   *
   * <p>Its price: if our process is killed between sending the signal and swallowing it, the target
   * stays job-stopped. 201 of 500 kills at random moments under a confined tracer, and 120 of 500
   * under a shared one, left one so that was being stopped and set running all the time, on a busy
   * machine; a SIGCONT ends it, and no signal of others was lost. The signal discards a SIGCONT,
   * SIGTSTP, SIGTTIN or SIGTTOU that is pending, and a stranger's SIGCONT discards it in turn; the
   * trap that announces the SIGCONT is then taken for the stop. A release takes back what is still
   * pending. A SIGSTOP that {@link LwpHandle#kill} sends to a thread after its first directive is
   * taken for one, and swallowed. A leader is interrupted instead while its process has threads
   * that are not ours, one of which could put itself in the leader's place by an exec, and be
   * stopped; which leaves one that is born and executes in the instant before the signal is sent.
   * And the kernel walks all threads of the process for each SIGSTOP, so that stopping thousands of
   * threads costs the square of their number.
   */
  TGKILL
}
