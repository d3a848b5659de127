/*
 * crowd N PERIOD_US [THREADS [NAME]]: N processes, the parent of all others among them, each of which has so many
 * threads that count once in PERIOD_US, or without a rest for 0. NAME is what each of them is called.
 */
#include "zoo.h"

static void live(int threads, long period_us, const char *name) {
  struct slot *slot = new_slot(ORDINARY);
  if (name != NULL) prctl(PR_SET_NAME, name);
  for (int i = 1; i < threads; i++) start_thread(tick_in_thread, period_us);
  tick(slot, period_us);
}

int main(int argc, char **argv) {
  animal();
  int processes = argument(argc, argv, 1, 1, 1, 30000);
  int period_us = argument(argc, argv, 2, 1000, 0, 1000000);
  int threads = argument(argc, argv, 3, 1, 1, 30000);
  const char *name = argc > 4 ? argv[4] : NULL;
  for (int i = 1; i < processes; i++) {
    if (fork_or_die() == 0) live(threads, period_us, name);
  }
  /* The children tell by their slots that they are there; the test counts those. */
  say("ready");
  live(threads, period_us, name);
}
