/*
 * stopper [N]: N threads (1 unless said otherwise) of a program that stops itself on command, as a
 * program with job control does. The leader, in slot 0, obeys; the others count.
 *
 *   stop SIG    sends the process that signal: 19 SIGSTOP, 20 SIGTSTP, 21 SIGTTIN, 22 SIGTTOU;
 *               says `continued` when it runs again
 */
#include "target.h"

static void obey(const char *line) {
  const char *rest = command(line, "stop");
  if (rest == NULL) {
    common_command(line);
    return;
  }
  /* To ourselves: in a thread that does not block it, it stops us before the call returns. */
  if (syscall(SYS_tgkill, getpid(), own_tid(), number(rest, 1, 64)) == -1) die("tgkill");
  count(&shared->slots[0]);
  say("continued");
}

int main(int argc, char **argv) {
  begin();
  int threads = argument(argc, argv, 1, 1, 1, MAX_SLOTS);
  atomic_store(&shared->header.liveness, ANSWERS_PING);
  take_slot(0, false);
  for (int i = 1; i < threads; i++) start_thread(count_slowly, i);
  await_counting(1, threads);
  say("ready");
  serve(obey);
}
