/*
 * vforker [N [block]]: vforks at once, so that the leader is in uninterruptible sleep until its child is told
 * what to do; the other N-1 threads (N is 1 unless said otherwise) count on.
 *
 * A child says `vforked PID` when it is there, the first one `ready` after that. It obeys `exec` (of
 * /bin/true), `sleep` (which executes sleep(1), for an hour) and `exit CODE`. Then the leader runs again, says `child PID ended CODE`, and obeys
 * `vfork` and the common commands until there is another child.
 *
 * With `block`, SIGUSR1 is logged, and the thread in slot 1 blocks it.
 */
#include "target.h"

/* Shares the leader's memory and stack: everything that it does must be harmless there. */
static void child(bool first) {
  say("vforked %d", (int)syscall(SYS_getpid));
  if (first) say("ready");
  static char line[64];
  const char *rest;
  while (read_line(line, sizeof line)) {
    if (command(line, "exec")) {
      static char *const arguments[] = {"true", NULL};
      execv("/bin/true", arguments);
      execv("/usr/bin/true", arguments);
      _exit(127);
    }
    if (command(line, "sleep")) {
      static char *const arguments[] = {"sleep", "3600", NULL};
      execv("/bin/sleep", arguments);
      execv("/usr/bin/sleep", arguments);
      _exit(127);
    }
    if ((rest = command(line, "exit"))) _exit(number(rest, 0, 255));
    say("unknown command to a vforked child: %s", line);
  }
  _exit(0);
}

static void vfork_once(bool first) {
  pid_t pid = vfork();
  if (pid == -1) die("vfork");
  if (pid == 0) child(first);
  /* We run again when the child has executed or exited. */
  int status;
  while (waitpid(pid, &status, 0) == -1) {
    if (errno != EINTR) die("waitpid");
  }
  count(&shared->slots[0]);
  say("child %d ended %d", pid, WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status));
}

static void mask_usr1(int how) {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGUSR1);
  if (sigprocmask(how, &set, NULL) == -1) die("sigprocmask");
}

static void obey(const char *line) {
  if (command(line, "vfork")) {
    vfork_once(false);
  } else {
    common_command(line);
  }
}

int main(int argc, char **argv) {
  begin();
  int threads = argument(argc, argv, 1, 1, 1, 100);
  take_slot(0, false);
  bool blocks = argc > 2 && strcmp(argv[2], "block") == 0;
  if (blocks) on_signal(SIGUSR1, log_signal, SA_RESTART);
  for (int i = 1; i < threads; i++) {
    if (blocks && i == 1) mask_usr1(SIG_BLOCK);
    start_thread(count_slowly, i);
    if (blocks && i == 1) mask_usr1(SIG_UNBLOCK);
  }
  await_counting(1, threads);
  atomic_store(&shared->header.liveness, ANSWERS_PING | (blocks ? LOGS_SIGNALS : 0));
  vfork_once(true);
  serve(obey);
}
