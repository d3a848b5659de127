/* watched: a well-behaved tracer and its tracee, which a freezer can seize no more; both count. */
#include "zoo.h"

#include <sys/ptrace.h>

static void trace(pid_t pid) {
  if (ptrace(PTRACE_SEIZE, pid, 0, 0) == -1) die("PTRACE_SEIZE");
  for (;;) {
    int status;
    if (waitpid(pid, &status, __WALL) == -1) {
      if (errno == EINTR) continue;
      die("waitpid");
    }
    if (!WIFSTOPPED(status)) die("the tracee has ended");
    int signo = WSTOPSIG(status), event = status >> 16;
    bool group_stop = event == PTRACE_EVENT_STOP && signo != SIGTRAP;
    int request = group_stop ? PTRACE_LISTEN : PTRACE_CONT;
    if (ptrace(request, pid, 0, event == 0 ? signo : 0) == -1 && errno != ESRCH) die("ptrace");
  }
}

int main(void) {
  animal();
  struct slot *watched = new_slot(ORDINARY);
  pid_t pid = fork_or_die();
  if (pid == 0) {
    atomic_store(&watched->tid, (uint64_t)own_tid());
    tick(watched, 20000);
  }
  start_thread(tick_in_thread, 20000);
  await_count(watched, 1);
  say("ready");
  trace(pid);
}
