/*
 * orphan: its group became an orphaned one, and only then it stopped itself: nobody will be told, and no job
 * control will ever continue it.
 */
#include "zoo.h"

int main(void) {
  animal();
  struct slot *slot = new_slot(STOPPED);
  if (fork_or_die() != 0) {
    /* Ends when the other one is about to stop; whoever started us learns of that. */
    await_count(slot, 1);
    return 0;
  }
  setpgid(0, 0);
  signal(SIGHUP, SIG_IGN);
  atomic_store(&slot->tid, (uint64_t)own_tid());
  pid_t parent = getppid();
  count(slot);
  while (getppid() == parent) sleep_us(500);
  say("ready");
  for (;;) {
    raise(SIGSTOP);
    count(slot); /* somebody has set it running */
  }
}
