/*
 * chain: a chain of short-lived threads, each of which starts the next one and exits, so that a list
 * of the process's threads is out of date before it is complete.
 *
 * Slot 0 is the leader, which obeys commands; slot 1 counts births, and its tid is the last born's.
 */
#include "target.h"

static void *link_of_chain(void *unused) {
  (void)unused;
  struct slot *births = take_slot(1, true);
  count(births);
  /* EAGAIN: too many that have not quite ended yet. */
  int error;
  while ((error = try_start_thread(link_of_chain, 0)) == EAGAIN) sleep_us(100);
  if (error != 0) self_check_failed("pthread_create: %s", strerror(error));
  return NULL;
}

static void obey(const char *line) { common_command(line); }

int main(void) {
  begin();
  atomic_store(&shared->header.liveness, ANSWERS_PING);
  take_slot(0, false);
  start_thread(link_of_chain, 0);
  while (atomic_load(&shared->slots[1].count) < 10) sleep_us(100);
  say("ready");
  serve(obey);
}
