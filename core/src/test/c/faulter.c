/*
 * faulter [N]: faults on command and repairs itself; N-1 further threads count (N is 2 unless said
 * otherwise). Commands, to the leader:
 *
 *   segv       a bad read; the handler jumps back; says `repaired segv`
 *   trap       a breakpoint instruction; the handler returns behind it; says `repaired trap`
 *   ill        an undefined instruction, repaired as a bad read is; says `repaired ill`
 *   fpe        an integer division by zero where the processor faults on that, else a raised
 *              SIGFPE, repaired likewise; says `repaired fpe`
 *
 * Each fault counts in slot 0 and is written down in the shared log by its handler.
 */
#include "target.h"

#include <setjmp.h>
#include <ucontext.h>

static sigjmp_buf before_fault;

static void jump_back(int signo, siginfo_t *info, void *context) {
  log_signal(signo, info, context);
  siglongjmp(before_fault, 1);
}

static void step_over(int signo, siginfo_t *info, void *context) {
  log_signal(signo, info, context);
#if defined(__aarch64__)
  /* There the breakpoint reports its own address, on x86-64 the one behind it. */
  ((ucontext_t *)context)->uc_mcontext.pc += 4;
#endif
}

static void bad_read(void) {
  volatile int *nowhere = (volatile int *)(intptr_t)16;
  (void)*nowhere;
}

static void breakpoint(void) {
#if defined(__x86_64__)
  __asm__ volatile("int3");
#elif defined(__aarch64__)
  __asm__ volatile("brk #0");
#else
  raise(SIGTRAP);
#endif
}

static void undefined(void) {
#if defined(__x86_64__)
  __asm__ volatile("ud2");
#elif defined(__aarch64__)
  __asm__ volatile(".inst 0");
#else
  raise(SIGILL);
#endif
}

static void divide(void) {
#if defined(__x86_64__)
  volatile int zero = 0, one = 1;
  one = one / zero;
#else
  raise(SIGFPE);
#endif
}

static void fault(const char *name, void (*do_it)(void), bool handler_returns) {
  uint64_t logged = atomic_load(&shared->header.logged);
  if (sigsetjmp(before_fault, 1) == 0) {
    do_it();
    if (!handler_returns) self_check_failed("%s was ignored", name);
  }
  if (atomic_load(&shared->header.logged) != logged + 1) {
    self_check_failed("%s did not run its handler exactly once", name);
  }
  count(&shared->slots[0]);
  say("repaired %s", name);
}

static void obey(const char *line) {
  if (command(line, "segv")) {
    fault("segv", bad_read, false);
  } else if (command(line, "trap")) {
    fault("trap", breakpoint, true);
  } else if (command(line, "ill")) {
    fault("ill", undefined, false);
  } else if (command(line, "fpe")) {
    fault("fpe", divide, false);
  } else {
    common_command(line);
  }
}

int main(int argc, char **argv) {
  begin();
  int threads = argument(argc, argv, 1, 2, 1, MAX_SLOTS);
  on_signal(SIGSEGV, jump_back, 0);
  on_signal(SIGILL, jump_back, 0);
  on_signal(SIGFPE, jump_back, 0);
  on_signal(SIGTRAP, step_over, 0);
  atomic_store(&shared->header.liveness, ANSWERS_PING);
  take_slot(0, false);
  for (int i = 1; i < threads; i++) start_thread(count_slowly, i);
  await_counting(1, threads);
  say("ready");
  serve(obey);
}
