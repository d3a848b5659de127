/*
 * threads N [spin|sleep|mixed]: N threads, the leader among them, each with a counter.
 *
 * Spinning threads never enter the kernel by themselves as long as there are few of them. Thousands
 * on few processors would each wait for seconds for a turn, so those pause for a microsecond, and
 * are nice to the test that wants to stop them. (sched_yield() would keep the others from their turns
 * ten times longer.) For the same reason many sleeping threads sleep longer than the usual
 * millisecond.
 */
#include "target.h"

#include <sys/resource.h>

enum kind { SPIN, SLEEP, MIXED };

static enum kind kind = SPIN;
static int threads;

static void *run(void *number) {
  int i = (int)(intptr_t)number;
  struct slot *slot = take_slot(i, true);
  struct sum sum = {(uint64_t)i, (uint64_t)i};
  bool sleeps = kind == SLEEP || (kind == MIXED && i % 2 == 1);
  bool pauses = threads > 16;
  // Each for itself, when it has been started: a nice leader would be long at starting the rest.
  if (pauses && setpriority(PRIO_PROCESS, 0, 19) == -1) die("setpriority");
  long period = (long)atomic_load(&shared->header.period_us);
  for (;;) {
    compute(&sum, 500);
    count(slot);
    if (sleeps) {
      sleep_undisturbed_us(period);
    } else if (pauses) {
      sleep_undisturbed_us(1);
    }
  }
  return NULL;
}

int main(int argc, char **argv) {
  begin();
  threads = argument(argc, argv, 1, 1, 1, MAX_SLOTS);
  if (argc > 2) {
    if (strcmp(argv[2], "sleep") == 0) {
      kind = SLEEP;
    } else if (strcmp(argv[2], "mixed") == 0) {
      kind = MIXED;
    } else if (strcmp(argv[2], "spin") != 0) {
      die("spin, sleep or mixed");
    }
  }
  long factor = threads > 5000 ? 50 : 10;
  atomic_store(&shared->header.period_us, threads > 100 ? (uint64_t)(threads * factor) : 1000);
  take_slot(0, true);
  for (int i = 1; i < threads; i++) start_thread(run, i);
  await_counting(1, threads);
  say("ready");
  run((void *)0);
}
