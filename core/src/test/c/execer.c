/*
 * execer [N]: N threads (4 unless said otherwise). On command it executes itself, and says
 * `executed GENERATION` and then `ready` again; its counters go on from where they were.
 *
 * The last of the N threads obeys commands (with N = 1 the leader), the others count:
 *
 *   leader             the leader executes the program again, while its siblings are running
 *   other              the obeying thread does
 *   leader PROGRAM…    the leader executes another program (split at spaces), `other PROGRAM…` too
 */
#include "target.h"

enum { GO_ON = 0, EXECUTE = 1 };

static int threads;
static char *own_arguments[4];
static char other_program[256];

static void execute(void) {
  if (other_program[0] == '\0') {
    execv(own_arguments[0], own_arguments);
    die("execv");
  }
  static char *arguments[16];
  size_t i = 0;
  for (char *word = strtok(other_program, " "); word != NULL && i < 15; word = strtok(NULL, " ")) {
    arguments[i++] = word;
  }
  execv(arguments[0], arguments);
  die(arguments[0]);
}

static void *work(void *slot_number) {
  int i = (int)(intptr_t)slot_number;
  struct slot *slot = take_slot(i, true);
  struct sum sum = {(uint64_t)i, (uint64_t)i};
  while (atomic_load(&slot->order) != EXECUTE) {
    compute(&sum, 100);
    count(slot);
    sleep_undisturbed_us(1000);
  }
  execute();
  return NULL;
}

static void obey(const char *line) {
  const char *leader = command(line, "leader");
  const char *other = command(line, "other");
  if (leader == NULL && other == NULL) {
    common_command(line);
    return;
  }
  snprintf(other_program, sizeof other_program, "%s", leader != NULL ? leader : other);
  if (other != NULL || threads == 1) {
    execute();
  } else {
    atomic_store(&shared->slots[0].order, EXECUTE);
  }
}

static void *serve_commands(void *slot_number) {
  take_slot((int)(intptr_t)slot_number, false);
  serve(obey);
  return NULL;
}

int main(int argc, char **argv) {
  begin();
  threads = argument(argc, argv, 1, 4, 1, MAX_SLOTS);
  int generation = argument(argc, argv, 2, 0, 0, 1000000);
  if (generation > 0) say("executed %d", generation);
  atomic_store(&shared->header.generation, (uint64_t)generation);
  static char n[16], next[16];
  snprintf(n, sizeof n, "%d", threads);
  snprintf(next, sizeof next, "%d", generation + 1);
  own_arguments[0] = argv[0];
  own_arguments[1] = n;
  own_arguments[2] = next;

  atomic_store(&shared->header.liveness, ANSWERS_PING);
  take_slot(0, threads > 1);
  for (int i = 1; i < threads - 1; i++) start_thread(work, i);
  for (int i = 1; i < threads - 1; i++) {
    while (atomic_load(&shared->slots[i].tid) == 0) sleep_us(100);
  }
  if (threads > 1) {
    start_thread(serve_commands, threads - 1);
    while (atomic_load(&shared->slots[threads - 1].tid) == 0) sleep_us(100);
  }
  say("ready");
  if (threads > 1) work((void *)0);
  serve_commands((void *)0);
}
