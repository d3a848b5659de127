/*
 * execstorm: executes itself again and again, each time by a thread that is not the leader, with a
 * sibling that has to die first. Slot 0 counts the executions.
 */
#include "target.h"

static char *arguments[3];

static void *sleep_for_ever(void *unused) {
  (void)unused;
  for (;;) pause();
  return NULL;
}

static void *execute(void *unused) {
  (void)unused;
  execv(arguments[0], arguments);
  die("execv");
  return NULL;
}

int main(int argc, char **argv) {
  begin();
  count(take_slot(0, true));
  if (argc == 1) say("ready");
  arguments[0] = argv[0];
  arguments[1] = "again";
  start_thread(sleep_for_ever, 0);
  start_thread(execute, 0);
  sleep_for_ever(NULL);
}
