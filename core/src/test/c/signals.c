/*
 * signals [N]: N threads (1 unless said otherwise) of a program with handlers for SIGUSR1, SIGTERM,
 * SIGCONT and SIGRTMIN … SIGRTMIN+3, which write each signal down in the shared log.
 *
 * The leader obeys: `block SIG`, `unblock SIG` (in the leader only), and the common commands. The
 * others count once a millisecond.
 */
#include "target.h"

#include <poll.h>

static void mask(int how, const char *signal_number) {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, number(signal_number, 1, 64));
  if (sigprocmask(how, &set, NULL) == -1) die("sigprocmask");
  say("%s %s", how == SIG_BLOCK ? "blocked" : "unblocked", signal_number);
}

int main(int argc, char **argv) {
  begin();
  int threads = argument(argc, argv, 1, 1, 1, MAX_SLOTS);
  const int handled[] = {SIGUSR1,      SIGTERM,      SIGCONT,     SIGRTMIN,
                         SIGRTMIN + 1, SIGRTMIN + 2, SIGRTMIN + 3};
  for (size_t i = 0; i < sizeof handled / sizeof *handled; i++) {
    on_signal(handled[i], log_signal, SA_RESTART);
  }
  atomic_store(&shared->header.liveness, ANSWERS_PING | LOGS_SIGNALS);
  struct slot *slot = take_slot(0, true);
  for (int i = 1; i < threads; i++) start_thread(count_slowly, i);
  await_counting(1, threads);
  say("ready");

  struct sum sum = {0, 0};
  char line[256];
  for (;;) {
    compute(&sum, 100);
    count(slot);
    struct pollfd input = {STDIN_FILENO, POLLIN, 0};
    if (poll(&input, 1, 1) != 1) continue;
    const char *rest;
    if (!read_line(line, sizeof line)) {
      sleep_us(1000); /* the input has ended: count on without commands */
    } else if ((rest = command(line, "block"))) {
      mask(SIG_BLOCK, rest);
    } else if ((rest = command(line, "unblock"))) {
      mask(SIG_UNBLOCK, rest);
    } else {
      common_command(line);
    }
  }
}
