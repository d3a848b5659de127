/*
 * family [N]: N children (4 unless said otherwise) that count once in a while, each in a slot of its
 * own from 1 on. The leader, in slot 0, obeys commands.
 */
#include "target.h"

/* Many count more seldom, or two processors would have nothing else to do. */
static int period_us;

static void live(int number) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  struct slot *slot = take_slot(number, true);
  struct sum sum = {(uint64_t)number, (uint64_t)number};
  for (;;) {
    compute(&sum, 100);
    count(slot);
    sleep_undisturbed_us(period_us);
  }
}

static void obey(const char *line) { common_command(line); }

int main(int argc, char **argv) {
  begin();
  int children = argument(argc, argv, 1, 4, 1, MAX_SLOTS - 1);
  atomic_store(&shared->header.liveness, ANSWERS_PING);
  period_us = children > 100 ? 200 * children : 20000;
  atomic_store(&shared->header.period_us, (uint64_t)period_us);
  take_slot(0, false);
  for (int i = 1; i <= children; i++) {
    pid_t child = fork();
    if (child == -1) die("fork");
    if (child == 0) live(i);
  }
  await_counting(1, children + 1);
  say("ready");
  serve(obey);
}
