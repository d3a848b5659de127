/*
 * storm [WIDTH]: WIDTH threads (4 unless said otherwise), each of which starts a short-lived thread,
 * waits for its end, and starts the next.
 *
 * Slot 0 is the leader, which obeys commands; slots 1 … WIDTH count the births.
 */
#include "target.h"

static void *live_shortly(void *births) {
  count(births);
  return NULL;
}

static void *give_birth(void *number) {
  struct slot *births = take_slot((int)(intptr_t)number, true);
  for (;;) {
    pthread_t child;
    int error = pthread_create(&child, NULL, live_shortly, births);
    if (error == 0) error = pthread_join(child, NULL);
    if (error == EAGAIN) {
      sleep_us(100);
    } else if (error != 0) {
      self_check_failed("thread of slot %d: %s", (int)(intptr_t)number, strerror(error));
    }
  }
  return NULL;
}

static void obey(const char *line) { common_command(line); }

int main(int argc, char **argv) {
  begin();
  int width = argument(argc, argv, 1, 4, 1, MAX_SLOTS - 1);
  atomic_store(&shared->header.liveness, ANSWERS_PING);
  take_slot(0, false);
  for (int i = 1; i <= width; i++) start_thread(give_birth, i);
  await_counting(1, width + 1);
  say("ready");
  serve(obey);
}
