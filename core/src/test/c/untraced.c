/*
 * untraced: on command, starts what announces itself to no tracer. The leader, in slot 0, obeys:
 *
 *   thread         a thread created with CLONE_UNTRACED; says `thread TID SLOT`
 *   child          a process created with CLONE_UNTRACED; says `child PID SLOT`
 *   execute SLOT   that thread executes this program anew, which says `ready` again
 *
 * Each counts in a slot of its own until then.
 */
#include "target.h"

#include <sched.h>

enum { STACK_BYTES = 64 * 1024, EXECUTE = 1 };

static char *own_arguments[2];

static void count_on(int number) {
  struct slot *slot = &shared->slots[number];
  while (atomic_load(&slot->order) != EXECUTE) {
    count(slot);
    sleep_us(1000);
  }
  execv(own_arguments[0], own_arguments);
  die("execv");
}

/*
 * Not pthread_create's: it shares the leader's thread-local memory, errno among it. That is why it
 * does little but count and sleep.
 */
static int run_thread(void *number) {
  count_on((int)(intptr_t)number);
  return 0;
}

static int slot_of(const char *text) { return number(text, 1, MAX_SLOTS - 1); }

static int free_slot(void) { return (int)atomic_load(&shared->header.slots); }

/* Makes the slot the new one's from outside: its own first step may be long after we said its id. */
static void give_slot(int number, pid_t id) {
  take_slot(number, true);
  atomic_store(&shared->slots[number].tid, (uint64_t)id);
}

static void obey(const char *line) {
  int number = free_slot();
  const char *rest;
  if (command(line, "thread")) {
    char *stack = malloc(STACK_BYTES);
    if (stack == NULL) die("malloc");
    pid_t tid = clone(run_thread, stack + STACK_BYTES,
                      CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD |
                          CLONE_SYSVSEM | CLONE_UNTRACED,
                      (void *)(intptr_t)number);
    if (tid == -1) die("clone");
    give_slot(number, tid);
    await_counting(number, number + 1);
    say("thread %d %d", tid, number);
  } else if (command(line, "child")) {
    char *stack = malloc(STACK_BYTES);
    if (stack == NULL) die("malloc");
    pid_t pid =
        clone(run_thread, stack + STACK_BYTES, CLONE_UNTRACED | SIGCHLD, (void *)(intptr_t)number);
    if (pid == -1) die("clone");
    free(stack); /* the child has its own copy */
    give_slot(number, pid);
    await_counting(number, number + 1);
    say("child %d %d", pid, number);
  } else if ((rest = command(line, "execute"))) {
    atomic_store(&shared->slots[slot_of(rest)].order, EXECUTE);
  } else {
    common_command(line);
  }
}

int main(int argc, char **argv) {
  (void)argc;
  begin();
  own_arguments[0] = argv[0];
  atomic_store(&shared->header.liveness, ANSWERS_PING);
  take_slot(0, false);
  say("ready");
  serve(obey);
}
