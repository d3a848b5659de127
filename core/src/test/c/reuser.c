/*
 * reuser: has children, one at a time, and lets one take over the pid of another. The leader, in slot
 * 0, obeys:
 *
 *   child      starts a child; says `child PID`
 *   replace    kills the child and reaps it, which a tracer may delay, and starts another one that
 *              has the same pid; says `replaced PID`, or `replace failed ERRNO`: EEXIST if somebody
 *              else was quicker, EPERM without CAP_CHECKPOINT_RESTORE
 *
 * A child counts in slot 1. Slot 2 counts how often it was disturbed: its leader waits in epoll_wait,
 * which any signal and any stop interrupt. It logs all signals.
 */
#include "target.h"

#include <linux/sched.h>
#include <sys/epoll.h>

static pid_t child;

static void *count_children(void *unused) {
  (void)unused;
  struct slot *slot = take_slot(1, true);
  for (;;) {
    count(slot);
    sleep_us(1000);
  }
  return NULL;
}

static void live(void) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  for (int signo = 1; signo < 32; signo++) {
    if (signo != SIGKILL && signo != SIGSTOP && signo != SIGCHLD) on_signal(signo, log_signal, 0);
  }
  struct slot *disturbed = take_slot(2, false);
  start_thread(count_children, 0);
  int epoll = epoll_create1(EPOLL_CLOEXEC);
  struct epoll_event event;
  for (;;) {
    epoll_wait(epoll, &event, 1, -1);
    count(disturbed);
  }
}

/* Waits until the new one counts, and its leader is where it can be disturbed. */
static void await_child(void) {
  uint64_t before = atomic_load(&shared->slots[1].count);
  while (atomic_load(&shared->slots[1].count) < before + 10) sleep_us(100);
}

static pid_t clone_as(pid_t pid) {
  struct clone_args arguments = {.exit_signal = SIGCHLD};
  if (pid != 0) {
    arguments.set_tid = (uint64_t)(uintptr_t)&pid;
    arguments.set_tid_size = 1;
  }
  pid_t born = (pid_t)syscall(SYS_clone3, &arguments, sizeof arguments);
  if (born == 0) live();
  return born;
}

static void obey(const char *line) {
  if (command(line, "child")) {
    child = clone_as(0);
    if (child == -1) die("clone3");
    await_child();
    say("child %d", child);
  } else if (command(line, "replace")) {
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    sleep_us(20000); /* a start time is told in hundredths of a second: it must not be the same */
    pid_t born = clone_as(child);
    if (born == -1) {
      say("replace failed %d", errno);
      return;
    }
    await_child();
    say("replaced %d", born);
  } else {
    common_command(line);
  }
}

int main(void) {
  begin();
  atomic_store(&shared->header.liveness, ANSWERS_PING);
  take_slot(0, false);
  say("ready");
  serve(obey);
}
