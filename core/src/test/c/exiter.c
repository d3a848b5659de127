/*
 * exiter [N]: N threads (4 unless said otherwise) that end in the way they are told to.
 *
 * The last thread of the N obeys commands (with N = 1 the leader), the others count:
 *
 *   exit CODE     the whole process exits
 *   worker I      the thread in slot I exits alone; says `worker I gone`
 *   leader        the leader exits alone, and the others count on; says `leader gone` once the
 *                 leader is a zombie
 *   last CODE     all threads exit one by one, the leader first, which leaves CODE as the status
 *   raise SIG     the process ends by that signal, its action reset to the default
 *   fault         the process ends by the SIGSEGV of a bad read
 */
#include "target.h"

#include <fcntl.h>

enum { GO_ON = 0, LEAVE = 1 };

static int threads;
static _Atomic int code;

/* Leaves without exit_group and without glibc's unwinding: for the kernel a thread is a thread. */
static void leave(int i) {
  leave_slot(&shared->slots[i]);
  atomic_store(&shared->slots[i].order, GO_ON);
  for (;;) syscall(SYS_exit, atomic_load(&code));
}

static void *work(void *number) {
  int i = (int)(intptr_t)number;
  struct slot *slot = take_slot(i, true);
  struct sum sum = {(uint64_t)i, (uint64_t)i};
  while (atomic_load(&slot->order) != LEAVE) {
    compute(&sum, 100);
    count(slot);
    sleep_undisturbed_us(1000);
  }
  leave(i);
  return NULL;
}

/* State letter of one of our threads; 0 if there is none of that number. */
static char state(pid_t tid) {
  char path[64], stat[512];
  snprintf(path, sizeof path, "/proc/self/task/%d/stat", tid);
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd == -1) return 0;
  ssize_t length = read(fd, stat, sizeof stat - 1);
  close(fd);
  if (length <= 0) return 0;
  stat[length] = '\0';
  char *parenthesis = strrchr(stat, ')');
  return parenthesis == NULL ? 0 : parenthesis[2];
}

/* Makes the thread in slot i exit and waits until the kernel says that it has. */
static void dismiss(int i) {
  pid_t tid = (pid_t)atomic_load(&shared->slots[i].tid);
  if (tid == 0) return;
  atomic_store(&shared->slots[i].order, LEAVE);
  for (;;) {
    char now = state(tid);
    if (now == 0 || now == 'Z' || now == 'X') return;
    sleep_us(100);
  }
}

static void obey(const char *line) {
  const char *rest;
  if ((rest = command(line, "worker"))) {
    int i = number(rest, 1, threads - 2);
    dismiss(i);
    say("worker %d gone", i);
  } else if (command(line, "leader") && threads > 1) {
    dismiss(0);
    say("leader gone");
  } else if ((rest = command(line, "last"))) {
    atomic_store(&code, number(rest, 0, 255));
    for (int i = 0; i < threads - 1; i++) dismiss(i);
    leave(threads - 1);
  } else if ((rest = command(line, "raise"))) {
    int signo = number(rest, 1, 64);
    signal(signo, SIG_DFL);
    kill(getpid(), signo);
  } else if (command(line, "fault")) {
    *(volatile int *)8 = 0;
  } else {
    common_command(line);
  }
}

static void *serve_commands(void *number) {
  take_slot((int)(intptr_t)number, false);
  serve(obey);
  return NULL;
}

int main(int argc, char **argv) {
  begin();
  threads = argument(argc, argv, 1, 4, 1, MAX_SLOTS);
  atomic_store(&shared->header.liveness, ANSWERS_PING);
  if (threads > 1) {
    take_slot(0, true);
    for (int i = 1; i < threads - 1; i++) start_thread(work, i);
    await_counting(1, threads - 1);
    start_thread(serve_commands, threads - 1);
    while (atomic_load(&shared->slots[threads - 1].tid) == 0) sleep_us(100);
    say("ready");
    work((void *)0);
  }
  say("ready");
  serve_commands((void *)0);
}
