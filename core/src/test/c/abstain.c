/*
 * abstain MODE: one thread in epoll_wait, of which a tracer has to keep its hands off, or need not.
 *
 * machine: x86_64
 *
 *   allowed      a seccomp filter looks at the call's arguments and lets it pass
 *   forbidden    one that would kill the process for another epoll_wait is put in force for all threads
 *                while the call is blocked, on the command `forbid`; answers `forbidden`
 *   strict       read of a socket in seccomp's strict mode (on a socket with SO_RCVTIMEO)
 *   dispatched   system calls are dispatched to user space, but for now let through
 *   gate         the call is io_uring_enter, made by `int $0x80` as 32-bit programs make theirs, with the same number
 *   jump         a handler of SIGUSR1, on an alternative stack, leaves the call by siglongjmp
 *
 * Slot 0 is the thread's; whenever its call returns it counts and says `returned RESULT`, and is silent
 * from then on in `forbidden`; else it calls again. In `jump` it says `jumped`. `event` makes the call
 * return 1, and `replace` puts another epoll instance in the place of the one that it waits for, and answers
 * `replaced`. Commands are obeyed by another thread, in slot 1 (in `strict` by nobody).
 */
#include "target.h"

#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/io_uring.h>
#include <linux/seccomp.h>
#include <setjmp.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

#ifndef PR_SET_SYSCALL_USER_DISPATCH
#define PR_SET_SYSCALL_USER_DISPATCH 59
#define PR_SYS_DISPATCH_ON 1
#endif

static int epoll, event, ring;
static struct epoll_event events[1];
static sigjmp_buf start;
static const char *mode;

static bool is(const char *name) { return strcmp(mode, name) == 0; }

static void filter(unsigned epoll_wait_action, unsigned flags) {
  struct sock_filter program[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AUDIT_ARCH_X86_64, 1, 0),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_epoll_wait, 0, 6),
      /* its third argument, by way of everything that a filter can do with it */
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[2])),
      BPF_STMT(BPF_MISC | BPF_TAX, 0),
      BPF_STMT(BPF_ALU | BPF_ADD | BPF_X, 0),
      BPF_STMT(BPF_ALU | BPF_RSH | BPF_K, 1),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 1, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, epoll_wait_action),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  struct sock_fprog all = {sizeof program / sizeof *program, program};
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == -1) die("PR_SET_NO_NEW_PRIVS");
  if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &all) != 0) die("seccomp");
}

static void jump(int signo, siginfo_t *info, void *context) {
  (void)signo;
  (void)info;
  (void)context;
  siglongjmp(start, 1);
}

static long call(void) {
  if (is("gate")) {
    long entered = SYS_io_uring_enter;
    __asm__ volatile("int $0x80"
                     : "+a"(entered)
                     : "b"(ring), "c"(0), "d"(1), "S"(IORING_ENTER_GETEVENTS), "D"(0)
                     : "memory", "r8", "r9", "r10", "r11");
    return entered;
  }
  long result = syscall(SYS_epoll_wait, epoll, events, 1, -1);
  return result == -1 ? -errno : result;
}

/* A new epoll instance, which is told of that file once for each event. */
static int watch(int file) {
  int instance = epoll_create1(0);
  struct epoll_event in = {.events = EPOLLIN | EPOLLET};
  if (instance == -1 || epoll_ctl(instance, EPOLL_CTL_ADD, file, &in) == -1) die("epoll");
  return instance;
}

static void obey(const char *line) {
  if (command(line, "event")) {
    uint64_t one = 1;
    if (write(event, &one, sizeof one) == -1) die("write");
  } else if (command(line, "replace")) {
    int other = watch(event);
    if (dup2(other, epoll) == -1 || close(other) == -1) die("dup2");
    say("replaced");
  } else if (command(line, "forbid")) {
    filter(SECCOMP_RET_KILL_PROCESS, SECCOMP_FILTER_FLAG_TSYNC);
    say("forbidden");
  } else {
    common_command(line);
  }
}

static void *serve_commands(void *slot_number) {
  sigset_t usr1;
  sigemptyset(&usr1);
  sigaddset(&usr1, SIGUSR1);
  pthread_sigmask(SIG_BLOCK, &usr1, NULL);
  take_slot((int)(intptr_t)slot_number, false);
  serve(obey);
  return NULL;
}

static void live_strictly(void) {
  int pair[2];
  struct timeval hour = {3600, 0};
  if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == -1 ||
      setsockopt(pair[0], SOL_SOCKET, SO_RCVTIMEO, &hour, sizeof hour) == -1) {
    die("socketpair");
  }
  struct slot *slot = take_slot(0, false);
  if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT) == -1) die("PR_SET_SECCOMP");
  say("ready");
  for (;;) {
    char byte;
    read(pair[0], &byte, 1);
    count(slot);
  }
}

int main(int argc, char **argv) {
  begin();
  mode = argc > 1 ? argv[1] : "";
  if (is("strict")) live_strictly();
  event = eventfd(0, EFD_SEMAPHORE | EFD_NONBLOCK);
  if (event == -1) die("eventfd");
  epoll = watch(event);
  atomic_store(&shared->header.liveness, ANSWERS_PING);
  struct slot *slot = take_slot(0, false);
  start_thread(serve_commands, 1);
  while (atomic_load(&shared->slots[1].tid) == 0) sleep_us(100);
  static char stack[64 * 1024];
  stack_t other = {.ss_sp = stack, .ss_size = sizeof stack};
  if (sigaltstack(&other, NULL) == -1) die("sigaltstack");
  if (is("gate")) {
    struct io_uring_params parameters = {0};
    ring = (int)syscall(SYS_io_uring_setup, 1, &parameters);
    if (ring == -1) die("io_uring_setup");
  } else if (is("allowed")) {
    filter(SECCOMP_RET_ALLOW, 0);
  } else if (is("dispatched")) {
    static char let_through; /* SYSCALL_DISPATCH_FILTER_ALLOW */
    if (prctl(PR_SET_SYSCALL_USER_DISPATCH, PR_SYS_DISPATCH_ON, 0, 0, &let_through) == -1) {
      die("PR_SET_SYSCALL_USER_DISPATCH");
    }
  } else if (is("jump")) {
    on_signal(SIGUSR1, jump, SA_ONSTACK);
  } else if (!is("forbidden")) {
    die("no such mode");
  }
  say("ready");
  for (;;) {
    if (sigsetjmp(start, 1) != 0) say("jumped");
    long result = call();
    count(slot);
    say("returned %ld", result);
    while (is("forbidden")) pause();
  }
}
