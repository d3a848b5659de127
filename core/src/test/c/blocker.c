/*
 * blocker CALL [MILLIS] [restart]: a thread that is blocked in one system call, again and again.
 *
 * MILLIS is the call's own time limit where it can have one: an hour unless said otherwise, 0 for none.
 * SIGUSR1 has a handler, without SA_RESTART unless `restart` is given. Whenever the call returns,
 * `returned RESULT ERRNO` is said. The counter in slot 0 is the number of calls so far: the thread is
 * blocked if it sleeps, and that number is greater by one than the number of returns that were said.
 * A limit that ends before its time is a failed self-check.
 *
 * A second thread, in slot 1, obeys: `complete` causes the event that the call waits for, and says
 * `completed`. It takes no signals.
 *
 * blocker list: says which calls there are, a line each:
 *
 *   call NAME COMPLETED LATE STOP
 *
 * COMPLETED and LATE are RESULT/ERRNO of a call whose event has come and of one whose time is over, `-`
 * for one that has no event or no limit; STOP is what plain Linux does to it at a stop: see blocker.h.
 * For a SHORTENED one, LATE is how a stop ends it. Of one that is not to be had here, `absent NAME ERRNO`.
 *
 * machine: x86_64
 */
#include "blocker_sockets.h"
#include "blocker_waits.h"

static const struct call calls[] = {WAIT_CALLS, SOCKET_CALLS, FILE_CALLS};
enum { CALLS = sizeof calls / sizeof *calls };

static const struct call *call;

static const char *words(char *text, size_t size, bool has, struct outcome outcome) {
  snprintf(text, size, "%ld/%d", outcome.result, outcome.error);
  return has ? text : "-";
}

static void list(void) {
  static const char *const stops[] = {"RESUMED", "INTERRUPTED", "LIMITED", "SHORTENED"};
  for (const struct call *c = calls; c < calls + CALLS; c++) {
    char completed[32], late[32];
    if (c->prepare == prepare_ring && set_up(&ring, false) == -1) {
      say("absent %s %d", c->name, errno);
      continue;
    }
    say("call %s %s %s %s", c->name, words(completed, sizeof completed, c->complete != NULL, c->completed),
        words(late, sizeof late, c->limited || c->stop == SHORTENED, c->late), stops[c->stop]);
  }
}

static void block_for_ever(struct slot *slot) {
  for (;;) {
    begun_us = 0;
    if (call->before != NULL) call->before();
    long start = begun_us != 0 ? begun_us : now_us();
    count(slot);
    errno = 0;
    long result = call->call();
    int error = errno;
    long us = now_us() - start;
    if (call->limited && result == call->late.result && error == call->late.error && us < limit_ms * 1000) {
      self_check_failed("%s ended after %ld us, before its time", call->name, us);
    }
    say("returned %ld %d", result, error);
  }
}

static void obey(const char *line) {
  if (command(line, "complete") && call != NULL && call->complete != NULL) {
    call->complete();
    say("completed");
  } else {
    common_command(line);
  }
}

static void *serve_commands(void *unused) {
  (void)unused;
  take_slot(1, false);
  say("ready");
  serve(obey);
  return NULL;
}

/* The other thread inherits the mask: signals for the process are the blocked thread's. */
static void start_obeying(void) {
  sigset_t all, before;
  sigfillset(&all);
  sigprocmask(SIG_SETMASK, &all, &before);
  start_thread(serve_commands, 0);
  sigprocmask(SIG_SETMASK, &before, NULL);
}

int main(int argc, char **argv) {
  begin();
  struct slot *slot = take_slot(0, false);
  atomic_store(&shared->header.liveness, ANSWERS_PING | LOGS_SIGNALS);
  const char *name = argc > 1 ? argv[1] : "list";
  if (strcmp(name, "list") == 0) {
    list();
    say("ready");
    serve(obey);
  }
  for (const struct call *c = calls; c < calls + CALLS; c++) {
    if (strcmp(name, c->name) == 0) call = c;
  }
  if (call == NULL) die(name);
  limit_ms = argument(argc, argv, 2, (int)limit_ms, 0, 3600 * 1000);
  limit = (struct timespec){limit_ms / 1000, limit_ms % 1000 * 1000000};
  blocked = own_tid();
  if (call->prepare != NULL) call->prepare();
  on_signal(SIGUSR1, log_signal, argc > 3 && strcmp(argv[3], "restart") == 0 ? SA_RESTART : 0);
  start_obeying();
  block_for_ever(slot);
}
