/*
 * idle [CALL [THREADS]]: a single thread that is blocked in one system call, pause unless said otherwise;
 * or so many that are, in slots of their own.
 *
 * CALL is pause, read (of standard input; answers `ping`), nanosleep, poll, select, futex,
 * epoll_wait, sigtimedwait, semop, recv (of a socket with SO_RCVTIMEO).
 *
 * Whenever the call returns, the thread's counter goes up, `returned RESULT ERRNO` is said, and it is
 * called again. Except for read, SIGUSR1 has a handler (without SA_RESTART), which makes it return
 * -1 with EINTR; whether it returns for another reason is for the test to
 * judge (a stop can make the last four).
 */
#include "target.h"

#include <linux/futex.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/ipc.h>
#include <sys/select.h>
#include <sys/sem.h>
#include <sys/socket.h>

/* Relative time limits that no test outlasts. */
static const struct timespec hour = {3600, 0};

static int descriptor = -1;
static int semaphore = -1;

static long do_pause(void) { return pause(); }
static long do_nanosleep(void) { return nanosleep(&hour, NULL); }
static long do_poll(void) { return poll(NULL, 0, 3600 * 1000); }

static long do_select(void) {
  struct timeval time = {3600, 0};
  return select(0, NULL, NULL, NULL, &time);
}

static long do_futex(void) {
  static uint32_t word;
  return syscall(SYS_futex, &word, FUTEX_WAIT_PRIVATE, 0, &hour, NULL, 0);
}

static long do_epoll_wait(void) {
  struct epoll_event event;
  return epoll_wait(descriptor, &event, 1, 3600 * 1000);
}

static long do_sigtimedwait(void) {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGUSR2);
  return sigtimedwait(&set, NULL, &hour);
}

static long do_semop(void) {
  struct sembuf down = {0, -1, 0};
  return semop(semaphore, &down, 1);
}

static long do_recv(void) {
  char byte;
  return recv(descriptor, &byte, 1, 0);
}

static void prepare_epoll_wait(void) {
  descriptor = epoll_create1(0);
  if (descriptor == -1) die("epoll_create1");
}

static void prepare_sigtimedwait(void) {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGUSR2);
  sigprocmask(SIG_BLOCK, &set, NULL);
}

static void prepare_semop(void) {
  semaphore = semget(IPC_PRIVATE, 1, 0600);
  if (semaphore == -1) die("semget");
  /* It would outlive us: the nest removes it. */
  atomic_store(&shared->header.semaphore, (uint64_t)semaphore + 1);
}

static void prepare_recv(void) {
  int pair[2];
  struct timeval time = {3600, 0};
  if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == -1) die("socketpair");
  descriptor = pair[0];
  if (setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &time, sizeof time) == -1) die("setsockopt");
}

static const struct call {
  const char *name;
  long (*call)(void);
  void (*prepare)(void);
} calls[] = {
    {"pause", do_pause, NULL},
    {"nanosleep", do_nanosleep, NULL},
    {"poll", do_poll, NULL},
    {"select", do_select, NULL},
    {"futex", do_futex, NULL},
    {"epoll_wait", do_epoll_wait, prepare_epoll_wait},
    {"sigtimedwait", do_sigtimedwait, prepare_sigtimedwait},
    {"semop", do_semop, prepare_semop},
    {"recv", do_recv, prepare_recv},
};

static const struct call *call;

static void *block(void *slot_number) {
  struct slot *slot = take_slot((int)(intptr_t)slot_number, false);
  for (;;) {
    errno = 0;
    long result = call->call();
    int error = errno;
    count(slot);
    say("returned %ld %d", result, error);
  }
  return NULL;
}

static void obey(const char *line) { common_command(line); }

int main(int argc, char **argv) {
  begin();
  const char *name = argc > 1 ? argv[1] : "pause";
  int threads = argument(argc, argv, 2, 1, 1, 1000);
  take_slot(0, false);
  if (strcmp(name, "read") == 0) {
    atomic_store(&shared->header.liveness, ANSWERS_PING);
    say("ready");
    serve(obey);
  }
  for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) {
    if (strcmp(name, calls[i].name) == 0) call = &calls[i];
  }
  if (call == NULL) die(name);
  if (call->prepare != NULL) call->prepare();
  on_signal(SIGUSR1, log_signal, 0);
  atomic_store(&shared->header.liveness, COUNTS_SIGUSR1);
  for (int i = 1; i < threads; i++) start_thread(block, i);
  say("ready");
  block((void *)0);
}
