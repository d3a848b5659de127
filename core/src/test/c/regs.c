/*
 * regs [N]: N threads (3 unless said otherwise) that carry known values in their registers and check
 * that they are all still there. By slot:
 *
 *   0, 3, …    all general and xmm registers, across a loop that touches none of them
 *   1, 4, …    all that a system call preserves, and its result 0, across nanosleep
 *   2, 5, …    the same across epoll_wait, which may return 0 or -EINTR
 *
 * A counter moves with each check. On processors other than x86-64 the threads merely compute.
 */
#include "target.h"

#include <sys/epoll.h>

#if defined(__x86_64__)

/* Registers by name; the offsets below are those of this struct. */
struct registers {
  uint64_t rax, rbx, rcx, rdx, rsi, rdi, rbp, r8, r9, r10, r11, r12, r13, r14, r15, unused;
  uint64_t xmm[16][2];
};

/* Loads all registers, lets `turns` pass or makes the system call, and writes them back. */
void hold(const struct registers *in, struct registers *out, uint64_t turns);
void hold_across_call(const struct registers *in, struct registers *out);

__asm__(
    ".macro load_all\n"
    "  .irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15\n"
    "  movdqu 128+16*\\n(%rdi), %xmm\\n\n"
    "  .endr\n"
    "  movq 0(%rdi), %rax\n"
    "  movq 8(%rdi), %rbx\n"
    "  movq 16(%rdi), %rcx\n"
    "  movq 24(%rdi), %rdx\n"
    "  movq 32(%rdi), %rsi\n"
    "  movq 48(%rdi), %rbp\n"
    "  movq 56(%rdi), %r8\n"
    "  movq 64(%rdi), %r9\n"
    "  movq 72(%rdi), %r10\n"
    "  movq 80(%rdi), %r11\n"
    "  movq 88(%rdi), %r12\n"
    "  movq 96(%rdi), %r13\n"
    "  movq 104(%rdi), %r14\n"
    "  movq 112(%rdi), %r15\n"
    "  movq 40(%rdi), %rdi\n"
    ".endm\n"
    /* `out` is at the top of the stack. */
    ".macro store_all\n"
    "  xchgq %rdi, (%rsp)\n"
    "  .irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15\n"
    "  movdqu %xmm\\n, 128+16*\\n(%rdi)\n"
    "  .endr\n"
    "  movq %rax, 0(%rdi)\n"
    "  movq %rbx, 8(%rdi)\n"
    "  movq %rcx, 16(%rdi)\n"
    "  movq %rdx, 24(%rdi)\n"
    "  movq %rsi, 32(%rdi)\n"
    "  movq %rbp, 48(%rdi)\n"
    "  movq %r8, 56(%rdi)\n"
    "  movq %r9, 64(%rdi)\n"
    "  movq %r10, 72(%rdi)\n"
    "  movq %r11, 80(%rdi)\n"
    "  movq %r12, 88(%rdi)\n"
    "  movq %r13, 96(%rdi)\n"
    "  movq %r14, 104(%rdi)\n"
    "  movq %r15, 112(%rdi)\n"
    "  popq %rax\n"
    "  movq %rax, 40(%rdi)\n"
    ".endm\n"
    ".macro save\n"
    "  .irp r, rbx, rbp, r12, r13, r14, r15\n"
    "  pushq %\\r\n"
    "  .endr\n"
    ".endm\n"
    ".macro restore\n"
    "  .irp r, r15, r14, r13, r12, rbp, rbx\n"
    "  popq %\\r\n"
    "  .endr\n"
    ".endm\n"
    ".text\n"
    ".globl hold, hold_across_call\n"
    ".type hold, @function\n"
    "hold:\n"
    "  save\n"
    "  pushq %rdx\n"
    "  pushq %rsi\n"
    "  load_all\n"
    "1: decq 8(%rsp)\n" /* the turns are counted in memory */
    "  jnz 1b\n"
    "  store_all\n"
    "  popq %rdx\n"
    "  restore\n"
    "  ret\n"
    ".size hold, . - hold\n"
    ".type hold_across_call, @function\n"
    "hold_across_call:\n"
    "  save\n"
    "  pushq %rsi\n"
    "  load_all\n"
    "  syscall\n"
    "  store_all\n"
    "  restore\n"
    "  ret\n"
    ".size hold_across_call, . - hold_across_call\n");

static struct registers pattern(uint64_t seed) {
  struct registers registers;
  uint64_t *words = (uint64_t *)&registers;
  for (size_t i = 0; i < sizeof registers / sizeof *words; i++) {
    words[i] = (seed + 1) * 0x9e3779b97f4a7c15u + i * 0x0101010101010101u;
  }
  registers.unused = 0;
  return registers;
}

static void compare(const struct registers *expected, struct registers *got, const char *where) {
  got->unused = 0;
  const uint64_t *want = (const uint64_t *)expected, *have = (const uint64_t *)got;
  for (size_t i = 0; i < sizeof *got / sizeof *want; i++) {
    if (want[i] == have[i]) continue;
    self_check_failed("thread %d, %s: register %zu is %lx, should be %lx", own_tid(), where, i,
                      have[i], want[i]);
  }
}

static void check_loop(uint64_t seed) {
  struct registers in = pattern(seed), out;
  hold(&in, &out, 20000);
  compare(&in, &out, "loop");
}

static void check_call(uint64_t seed, const char *name, uint64_t number, const uint64_t *arguments,
                       bool may_be_interrupted) {
  struct registers in = pattern(seed), out;
  in.rax = number;
  in.rdi = arguments[0];
  in.rsi = arguments[1];
  in.rdx = arguments[2];
  in.r10 = arguments[3];
  hold_across_call(&in, &out);
  bool interrupted = may_be_interrupted && out.rax == (uint64_t)-EINTR;
  struct registers expected = in;
  expected.rax = interrupted ? (uint64_t)-EINTR : 0;
  expected.rcx = out.rcx; /* the processor's syscall instruction overwrites these two */
  expected.r11 = out.r11;
  compare(&expected, &out, name);
}

static void check(int i, uint64_t turn, int epoll) {
  uint64_t seed = (uint64_t)i * 1000003 + turn;
  if (i % 3 == 0) {
    check_loop(seed);
  } else if (i % 3 == 1) {
    struct timespec millisecond = {0, 1000000};
    const uint64_t arguments[] = {(uint64_t)&millisecond, 0, seed, ~seed};
    check_call(seed, "nanosleep", SYS_nanosleep, arguments, false);
  } else {
    struct epoll_event event;
    const uint64_t arguments[] = {(uint64_t)epoll, (uint64_t)&event, 1, 1};
    check_call(seed, "epoll_wait", SYS_epoll_wait, arguments, true);
  }
}

#else

static void check(int i, uint64_t turn, int epoll) {
  (void)epoll;
  struct sum sum = {(uint64_t)i, (uint64_t)i};
  compute(&sum, 20000 + (int)(turn % 2));
  if (i % 3 != 0) sleep_undisturbed_us(1000);
}

#endif

static void *run(void *number) {
  int i = (int)(intptr_t)number;
  struct slot *slot = take_slot(i, true);
  int epoll = epoll_create1(EPOLL_CLOEXEC);
  for (uint64_t turn = 0;; turn++) {
    check(i, turn, epoll);
    count(slot);
  }
  return NULL;
}

int main(int argc, char **argv) {
  begin();
  int threads = argument(argc, argv, 1, 3, 1, MAX_SLOTS);
  take_slot(0, true);
  for (int i = 1; i < threads; i++) start_thread(run, i);
  await_counting(1, threads);
  say("ready");
  run((void *)0);
}
