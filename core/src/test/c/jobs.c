/*
 * jobs: a shell with four jobs, each a group of its own: one runs; one has been stopped by SIGSTOP, one by SIGTSTP,
 * and one of two threads by SIGSTOP. What the shell is told of its jobs from then on counts as NOTICES.
 */
#include "zoo.h"

enum { PERIOD_US = 20000 };

static void *work(void *kind) {
  tick(new_slot((int)(intptr_t)kind), PERIOD_US);
  return NULL;
}

static pid_t job(int kind, int threads) {
  pid_t pid = fork_or_die();
  if (pid == 0) {
    setpgid(0, 0);
    for (int i = 1; i < threads; i++) start_thread(work, kind);
    work((void *)(intptr_t)kind);
  }
  setpgid(pid, pid);
  return pid;
}

static void stop(pid_t pid, int signo) {
  int status;
  sleep_us(2 * PERIOD_US); /* so that all of its threads are there, and have something to stop */
  kill(pid, signo);
  if (waitpid(pid, &status, WUNTRACED) != pid || !WIFSTOPPED(status)) die("a job has not stopped");
}

int main(void) {
  animal();
  job(ORDINARY, 1);
  stop(job(STOPPED, 1), SIGSTOP);
  stop(job(STOPPED, 1), SIGTSTP);
  stop(job(STOPPED, 2), SIGSTOP);
  struct slot *slot = new_slot(ORDINARY), *notices = new_slot(NOTICES);
  say("ready");
  for (;;) {
    int status;
    while (waitpid(-1, &status, WUNTRACED | WCONTINUED | WNOHANG) > 0) count(notices);
    count(slot);
    sleep_us(PERIOD_US);
  }
}
