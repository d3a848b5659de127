/*
 * freeze_trace: freezes by ptrace, as libproc4j does and with its system calls. Each pass lists all processes, and
 * seizes and interrupts every thread that is not known; then all are awaited. The last one finds nothing new and
 * every thread stopped. See freeze.h for its commands.
 */
#include "freeze.h"

#include <sys/ptrace.h>
#include <sys/user.h>
#include <sys/wait.h>

enum { BIRTHS = PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK | PTRACE_O_TRACECLONE, LISTINGS = 8, NONE = -1 };

/* A seized thread; those of a process are linked. */
static struct {
  int pid, tid, next;
} tracees[MOST];

/* Of each process: its last tracee, how many it has, and how many threads it had when the pass began. */
static struct {
  int last, count, counted;
} known[PID_LIMIT + 1];

static int awaited;
static struct user_regs_struct registers;

static bool is_known(int pid, int tid) {
  for (int i = known[pid].count > 0 ? known[pid].last : NONE; i != NONE; i = tracees[i].next) {
    if (tracees[i].tid == tid) return true;
  }
  return false;
}

static void seize(int pid, int tid) {
  if (ptrace(PTRACE_SEIZE, tid, 0, BIRTHS) == -1) {
    if (errno == ESRCH || errno == EPERM) return; /* it has ended, or is about to */
    die("PTRACE_SEIZE");
  }
  ptrace(PTRACE_INTERRUPT, tid, 0, 0);
  if (threads == MOST) die("too many threads");
  tracees[threads].pid = pid;
  tracees[threads].tid = tid;
  tracees[threads].next = known[pid].count > 0 ? known[pid].last : NONE;
  processes += known[pid].count == 0;
  known[pid].last = threads++;
  known[pid].count++;
}

/* Until as many threads are known as there are. */
static void take(int pid) {
  static int tids[MOST];
  for (int i = 0; i < LISTINGS; i++) {
    int count = count_threads(pid);
    if (count < 0 || count == known[pid].count) return;
    if (count == 1) {
      seize(pid, pid);
      continue;
    }
    int found = list_threads(pid, tids);
    for (int t = 0; t < found; t++) {
      if (!is_known(pid, tids[t])) seize(pid, tids[t]);
    }
  }
}

/* Whether it is stopped. The stop stays with the kernel, so that a signal is not lost if we die. */
static bool is_stopped(int tid, int option) {
  siginfo_t info = {0};
  return waitid(P_PID, (id_t)tid, &info, WEXITED | __WALL | __WNOTHREAD | WNOWAIT | option) == 0 &&
         info.si_code == CLD_TRAPPED;
}

static void look_at_count(int index) {
  int pid = listed[index];
  if (known[pid].count > 0) known[pid].counted = count_threads(pid);
}

static bool stands_still(int pid) {
  if (known[pid].count == 0 || known[pid].counted != known[pid].count) return false;
  for (int i = known[pid].last; i != NONE; i = tracees[i].next) {
    if (!is_stopped(tracees[i].tid, WNOHANG)) return false;
  }
  return true;
}

static void freeze(void) {
  bool changed;
  awaited = 0;
  do {
    passes++;
    int before = last_pid();
    int count = list_processes();
    changed = last_pid() < before;
    if (passes > 1) each(count, look_at_count);
    for (int i = 0; i < count; i++) {
      if (excluded[listed[i]] || stands_still(listed[i])) continue;
      take(listed[i]);
      changed = true;
    }
    for (; awaited < threads; awaited++) {
      if (!is_stopped(tracees[awaited].tid, 0)) die("a thread does not stop");
      /* Whether the stop has to be hidden from the target. */
      if (ptrace(PTRACE_GETREGS, tracees[awaited].tid, 0, &registers) == -1) die("PTRACE_GETREGS");
    }
  } while (changed);
}

static void thaw(void) {
  for (int i = threads - 1; i >= 0; i--) {
    if (ptrace(PTRACE_DETACH, tracees[i].tid, 0, 0) == -1) die("PTRACE_DETACH");
    known[tracees[i].pid].count = 0;
  }
}

int main(void) { return serve(); }
