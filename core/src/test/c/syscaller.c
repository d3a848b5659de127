/*
 * syscaller [N]: N threads (1 unless said otherwise) that do nothing but call getppid, in slots
 * 1 … N; each checks that it gets the right answer. The leader, in slot 0, obeys:
 *
 *   call NR [ARGUMENT…]    that system call in the leader; says `called NR RESULT`, -errno if it fails
 *
 * syscaller alone: one thread in all, in slot 0, which calls getppid for ever and obeys nobody.
 */
#include "target.h"

static void *call_getppid(void *number) {
  struct slot *slot = take_slot((int)(intptr_t)number, true);
  pid_t parent = getppid();
  for (;;) {
    long answer = syscall(SYS_getppid);
    if (answer != parent) self_check_failed("getppid gave %ld instead of %d", answer, parent);
    count(slot);
  }
  return NULL;
}

static void obey(const char *line) {
  const char *rest = command(line, "call");
  if (rest == NULL) {
    common_command(line);
    return;
  }
  long values[7] = {0};
  char *text = (char *)rest;
  for (int i = 0; i < 7 && *text != '\0'; i++) values[i] = strtol(text, &text, 0);
  long result =
      syscall(values[0], values[1], values[2], values[3], values[4], values[5], values[6]);
  say("called %ld %ld", values[0], result == -1 ? -(long)errno : result);
}

int main(int argc, char **argv) {
  begin();
  if (argc > 1 && strcmp(argv[1], "alone") == 0) {
    say("ready");
    call_getppid((void *)0);
  }
  int threads = argument(argc, argv, 1, 1, 1, MAX_SLOTS - 1);
  atomic_store(&shared->header.liveness, ANSWERS_PING);
  take_slot(0, false);
  for (int i = 1; i <= threads; i++) start_thread(call_getppid, i);
  await_counting(1, threads + 1);
  say("ready");
  serve(obey);
}
