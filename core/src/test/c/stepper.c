/*
 * stepper: one thread in a loop of seven instructions that stays in registers but for the counter
 * that it stores, and that checks an invariant in every turn. For single-stepping.
 *
 * Says `loop START END`, the addresses of the first instruction and behind the last one, and before
 * `ready` so. The counter is in slot 0; it moves by one per turn.
 */
#include "target.h"

#if defined(__x86_64__)
void loop(_Atomic uint64_t *counter);
extern char loop_start[], loop_end[];
/* Returns only when 3 * (turns) no longer equals what was added up three by three. */
__asm__(
    ".text\n"
    ".globl loop, loop_start, loop_end\n"
    ".type loop, @function\n"
    "loop:\n"
    "  xorl %eax, %eax\n"
    "  xorl %edx, %edx\n"
    "loop_start:\n"
    "  incq %rax\n"
    "  addq $3, %rdx\n"
    "  leaq (%rax,%rax,2), %rcx\n"
    "  cmpq %rcx, %rdx\n"
    "  jne loop_end\n"
    "  movq %rax, (%rdi)\n"
    "  jmp loop_start\n"
    "loop_end:\n"
    "  ret\n"
    ".size loop, . - loop\n");
#else
static char loop_start[1], loop_end[1]; /* unknown */
__attribute__((noinline)) static void loop(_Atomic uint64_t *counter) {
  uint64_t turns = 0, sum = 0;
  while (sum == 3 * turns) {
    __asm__ volatile("" : "+r"(turns), "+r"(sum));
    turns++;
    sum += 3;
    atomic_store_explicit(counter, turns, memory_order_relaxed);
  }
}
#endif

int main(void) {
  begin();
  struct slot *slot = take_slot(0, true);
  say("loop %lu %lu", (unsigned long)(uintptr_t)loop_start, (unsigned long)(uintptr_t)loop_end);
  say("ready");
  for (;;) {
    loop(&slot->count);
    self_check_failed("the loop's registers were changed");
  }
}
