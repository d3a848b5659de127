/*
 * corpses N: a process with N dead children that it does not reap.
 * corpses headless: its leader has ended, two other threads live on.
 */
#include "zoo.h"

int main(int argc, char **argv) {
  animal();
  if (argc > 1 && strcmp(argv[1], "headless") == 0) {
    uint64_t before = atomic_load(&shared->header.slots);
    for (int i = 0; i < 2; i++) start_thread(tick_in_thread, 20000);
    while (atomic_load(&shared->header.slots) < before + 2) sleep_us(200);
    say("ready");
    pthread_exit(NULL);
  }
  int dead = argument(argc, argv, 1, 3, 1, 1000);
  for (int i = 0; i < dead; i++) {
    if (fork_or_die() == 0) _exit(5);
  }
  say("ready");
  tick(new_slot(ORDINARY), 20000);
}
