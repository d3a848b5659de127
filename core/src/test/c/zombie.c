/*
 * zombie [threads]: has a child that has exited with 5 and is not reaped; says `zombie PID`.
 * With `threads`, the child had a second thread when it exited.
 *
 * `reap` reaps the child; says `reaped PID`.
 */
#include "target.h"

static pid_t child;

static void *wait_for_ever(void *unused) {
  (void)unused;
  for (;;) pause();
  return NULL;
}

static void obey(const char *line) {
  if (command(line, "reap")) {
    if (waitpid(child, NULL, 0) != child) die("waitpid");
    say("reaped %d", child);
  } else {
    common_command(line);
  }
}

int main(int argc, char **argv) {
  begin();
  take_slot(0, false);
  atomic_store(&shared->header.liveness, ANSWERS_PING);
  child = fork();
  if (child == -1) die("fork");
  if (child == 0) {
    if (argc > 1 && strcmp(argv[1], "threads") == 0) start_thread(wait_for_ever, 0);
    _exit(5);
  }
  siginfo_t info;
  if (waitid(P_PID, (id_t)child, &info, WEXITED | WNOWAIT) == -1) die("waitid");
  say("zombie %d", child);
  say("ready");
  serve(obey);
}
