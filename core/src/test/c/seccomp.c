/*
 * seccomp filter|strict: a program that the kernel kills for every system call but a few.
 *
 *   filter   a filter, for all threads: what a counting thread and a command need, restart_syscall
 *            among them, which is how a sleep goes on that was interrupted. Slot 0 sleeps, slot 1 spins
 *   strict   strict mode: read, write, exit and sigreturn alone. Slot 0 spins, and writes a byte to
 *            itself through a pipe now and then
 *
 * It obeys no commands.
 */
#include "target.h"

#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/resource.h>

#define ALLOW(call) \
  BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_##call, 0, 1), BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)

static void put_filter(void) {
  struct sock_filter filter[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
      ALLOW(nanosleep),
      ALLOW(clock_nanosleep),
      ALLOW(restart_syscall),
      ALLOW(rt_sigreturn),
      ALLOW(write),
      ALLOW(gettid),
      ALLOW(exit_group),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
  };
  struct sock_fprog program = {sizeof filter / sizeof *filter, filter};
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == -1) die("PR_SET_NO_NEW_PRIVS");
  if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, &program) != 0) {
    die("seccomp");
  }
}

static void *spin(void *number) {
  struct slot *slot = take_slot((int)(intptr_t)number, true);
  struct sum sum = {1, 1};
  for (;;) {
    compute(&sum, 500);
    count(slot);
  }
  return NULL;
}

static void live_under_filter(void) {
  start_thread(spin, 1);
  struct slot *slot = take_slot(0, true);
  await_counting(1, 2);
  put_filter();
  struct sum sum = {2, 2};
  say("ready");
  for (;;) {
    compute(&sum, 100);
    count(slot);
    sleep_us(1000);
  }
}

static void live_strictly(void) {
  int ends[2];
  if (pipe(ends) == -1) die("pipe");
  struct slot *slot = take_slot(0, true);
  struct sum sum = {3, 3};
  pid_t tid = own_tid();
  if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT) == -1) die("PR_SET_SECCOMP");
  say("ready");
  for (uint64_t round = 0;; round++) {
    uint64_t before = sum.value;
    for (int i = 0; i < 500; i++) sum.value = sum.value * 6364136223846793005u + 1;
    for (int i = 0; i < 500; i++) before = before * 6364136223846793005u + 1;
    if (before != sum.value) self_check_failed("thread %d computed nonsense", tid);
    count(slot);
    if (round % 1000 != 0) continue;
    char sent = (char)(round / 1000), received = 0;
    if (write(ends[1], &sent, 1) != 1 || read(ends[0], &received, 1) != 1 || received != sent) {
      self_check_failed("a byte through a pipe was lost, errno %d", errno);
    }
  }
}

int main(int argc, char **argv) {
  begin();
  if (argc > 1 && strcmp(argv[1], "strict") == 0) live_strictly();
  if (argc > 1 && strcmp(argv[1], "filter") == 0) live_under_filter();
  die("seccomp filter or strict");
}
