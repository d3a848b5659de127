/*
 * forker [storm|line] [WIDTH]: processes that live for a millisecond each.
 *
 *   storm   the target forks, WIDTH (8 unless said otherwise) children at a time, and reaps them
 *   line    each process forks the next one and exits; the target itself only watches
 *
 * Slot 0 is the target; slot 1 counts births, and its tid is the last born process's id.
 */
#include "target.h"

/* A line that nobody watches would go on for ever: it ends with the nest, and after this time. */
static const time_t LONGEST_LINE_SECONDS = 120;

static void storm(int width) {
  struct slot *births = &shared->slots[1];
  bool ready = false;
  int alive = 0;
  for (;;) {
    int status;
    pid_t ended;
    while ((ended = waitpid(-1, &status, alive == width ? 0 : WNOHANG)) > 0) {
      alive--;
      if (!WIFEXITED(status) || WEXITSTATUS(status) != 7) {
        self_check_failed("child %d ended with status %x", ended, status);
      }
    }
    pid_t child = fork();
    if (child == -1) {
      sleep_us(1000);
    } else if (child == 0) {
      atomic_store(&births->tid, (uint64_t)getpid());
      count(births);
      sleep_us(1000);
      _exit(7);
    } else {
      if (!ready) say("ready");
      ready = true;
      alive++;
    }
  }
}

static void line(void) {
  struct slot *births = &shared->slots[1];
  pid_t nest = (pid_t)atomic_load(&shared->header.nest);
  time_t end = time(NULL) + LONGEST_LINE_SECONDS;
  while (time(NULL) < end && (nest == 0 || kill(nest, 0) == 0)) {
    atomic_store(&births->tid, (uint64_t)getpid());
    count(births);
    pid_t next = fork();
    if (next == -1) {
      sleep_us(1000);
    } else if (next > 0) {
      sleep_us(1000);
      _exit(7);
    }
  }
  _exit(7);
}

static void obey(const char *command_line) { common_command(command_line); }

int main(int argc, char **argv) {
  begin();
  bool in_line = argc > 1 && strcmp(argv[1], "line") == 0;
  int width = argument(argc, argv, 2, 8, 1, 1000);
  take_slot(0, false);
  take_slot(1, true);
  if (!in_line) storm(width);
  atomic_store(&shared->header.liveness, ANSWERS_PING);
  pid_t first = fork();
  if (first == -1) die("fork");
  if (first == 0) line();
  while (atomic_load(&shared->slots[1].count) < 2) sleep_us(100);
  waitpid(first, NULL, 0);
  say("ready");
  serve(obey);
}
