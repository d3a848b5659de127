/*
 * interrupted: threads in calls that a signal handler ends with EINTR, under a hail of signals. What
 * they are told is compared with what happened.
 *
 * machine: x86_64
 *
 * Slots 0 … 4 are blocked in epoll_wait, semop, sigtimedwait, recv (of a socket with SO_RCVTIMEO) and
 * ppoll, and count the calls that have returned. A child, which nobody stops with us, sends them about a
 * thousand SIGUSR1 a second, which have a handler, and about three hundred SIGWINCH, which are ignored.
 * The leader obeys:
 *
 *   report   calls the child back, waits for it, and says for each call
 *            `NAME: N calls, N EINTR, N told, N untold`: how often it returned, and with EINTR; of those,
 *            how often a handler had run before, which saw in the thread's registers that the call was
 *            over; and how often one ran where the call had not begun, or was about to be entered again.
 *            Then `reported`
 */
#include "target.h"

#include <poll.h>
#include <sys/epoll.h>
#include <sys/ipc.h>
#include <sys/sem.h>
#include <sys/socket.h>
#include <ucontext.h>

enum { CALLS = 5 };

struct blocked {
  const char *name;
  long number, arguments[5];
  _Atomic long calls, interrupted, told, untold;
  _Atomic bool handled; /* in the present call */
};

static struct blocked blocked[CALLS];
static __thread struct blocked *own;
static pid_t child;

/* The instruction that enters the kernel, and the one behind it. */
extern const char enter[], entered[];

__asm__(
    ".text\n"
    "call_kernel:\n" /* number, then five arguments */
    "  mov %rdi, %rax\n"
    "  mov %rsi, %rdi\n"
    "  mov %rdx, %rsi\n"
    "  mov %rcx, %rdx\n"
    "  mov %r8, %r10\n"
    "  mov %r9, %r8\n"
    "enter:\n"
    "  syscall\n"
    "entered:\n"
    "  ret\n");

long call_kernel(long number, long, long, long, long, long);

static void handle(int signo, siginfo_t *info, void *context) {
  (void)signo;
  (void)info;
  ucontext_t *user = context;
  const char *at = (const char *)user->uc_mcontext.gregs[REG_RIP];
  if (at == entered && user->uc_mcontext.gregs[REG_RAX] == -EINTR) atomic_store(&own->handled, true);
  if (at == enter) atomic_fetch_add(&own->untold, 1);
}

static void *run(void *number) {
  int i = (int)(intptr_t)number;
  struct blocked *b = own = &blocked[i];
  struct slot *slot = take_slot(i, false);
  for (;;) {
    const long *a = b->arguments;
    long result = call_kernel(b->number, a[0], a[1], a[2], a[3], a[4]);
    atomic_fetch_add(&b->calls, 1);
    if (result == -EINTR) {
      atomic_fetch_add(&b->interrupted, 1);
      if (atomic_exchange(&b->handled, false)) atomic_fetch_add(&b->told, 1);
    } else {
      self_check_failed("%s returned %ld", b->name, result);
    }
    count(slot);
  }
  return NULL;
}

static void hail(pid_t target) {
  if (prctl(PR_SET_PDEATHSIG, SIGKILL) == -1) die("prctl");
  unsigned random = 1;
  for (unsigned i = 0;; i++) {
    random = random * 1103515245u + 12345u;
    pid_t tid = (pid_t)atomic_load(&shared->slots[(random >> 16) % CALLS].tid);
    syscall(SYS_tgkill, target, tid, SIGUSR1);
    if (i % 3 == 0) syscall(SYS_tgkill, target, tid, SIGWINCH);
    sleep_us(700);
  }
}

static void obey(const char *line) {
  if (command(line, "report") == NULL) {
    common_command(line);
    return;
  }
  kill(child, SIGKILL);
  waitpid(child, NULL, 0);
  for (int i = 0; i < CALLS; i++) {
    struct blocked *b = &blocked[i];
    /* What is on its way to its thread arrives. */
    long before;
    do {
      before = atomic_load(&b->calls);
      sleep_us(50000);
    } while (atomic_load(&b->calls) != before);
    say("%s: %ld calls, %ld EINTR, %ld told, %ld untold", b->name, atomic_load(&b->calls),
        atomic_load(&b->interrupted), atomic_load(&b->told), atomic_load(&b->untold));
  }
  say("reported");
}

int main(void) {
  begin();
  int epoll = epoll_create1(0);
  int semaphore = semget(IPC_PRIVATE, 1, 0600);
  int pair[2];
  struct timeval hour = {3600, 0};
  static struct sembuf down = {0, -1, 0};
  static uint64_t usr2 = 1ull << (SIGUSR2 - 1);
  static char buffer[64];
  if (epoll == -1 || semaphore == -1 || socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == -1 ||
      setsockopt(pair[0], SOL_SOCKET, SO_RCVTIMEO, &hour, sizeof hour) == -1) {
    die("set-up");
  }
  atomic_store(&shared->header.semaphore, 1 + (uint64_t)semaphore);
  blocked[0] = (struct blocked){.name = "epoll_wait", .number = SYS_epoll_wait,
                                .arguments = {epoll, (long)buffer, 1, -1}};
  blocked[1] = (struct blocked){.name = "semop", .number = SYS_semop,
                                .arguments = {semaphore, (long)&down, 1}};
  blocked[2] = (struct blocked){.name = "sigtimedwait", .number = SYS_rt_sigtimedwait,
                                .arguments = {(long)&usr2, 0, 0, 8}};
  blocked[3] = (struct blocked){.name = "recv", .number = SYS_recvfrom,
                                .arguments = {pair[0], (long)buffer, 1, 0}};
  blocked[4] = (struct blocked){.name = "ppoll", .number = SYS_ppoll};
  on_signal(SIGUSR1, handle, 0);
  for (int i = 0; i < CALLS; i++) start_thread(run, i);
  for (int i = 0; i < CALLS; i++) {
    while (atomic_load(&shared->slots[i].tid) == 0) sleep_us(100);
  }
  pid_t self = getpid();
  child = fork();
  if (child == -1) die("fork");
  if (child == 0) hail(self);
  await_counting(0, CALLS);
  say("ready");
  serve(obey);
}
