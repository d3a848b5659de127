/*
 * births forks|fork-chain|threads|thread-chain|vforks [WIDTH]: what is born and ends all the time; the births count.
 *
 *   forks         WIDTH parents (2 unless said otherwise), each of which forks a child that lives a millisecond
 *   fork-chain    WIDTH lines of processes, each of which forks the next and exits
 *   threads       WIDTH threads, each of which starts a thread that lives 100 µs and waits for it
 *   thread-chain  WIDTH lines of threads, each of which starts the next and exits
 *   vforks        WIDTH parents, each of which vforks a child that lives five milliseconds
 */
#include "zoo.h"

enum { LIFE_US = 1000, VFORKED_LIFE_US = 5000 };

static void fork_storm(struct slot *births) {
  for (;;) {
    pid_t pid = fork_or_die();
    if (pid == 0) {
      sleep_us(LIFE_US);
      _exit(0);
    }
    while (waitpid(pid, NULL, 0) == -1) {
      if (errno != EINTR) die("waitpid");
    }
    count(births);
  }
}

static void fork_chain(struct slot *births) {
  for (;;) {
    count(births);
    pid_t pid = fork_or_die();
    if (pid != 0) _exit(0);
    sleep_us(LIFE_US);
  }
}

static void vfork_loop(struct slot *births) {
  for (;;) {
    pid_t pid = vfork();
    if (pid == -1) die("vfork");
    if (pid == 0) {
      usleep(VFORKED_LIFE_US);
      _exit(0);
    }
    while (waitpid(pid, NULL, 0) == -1) {
      if (errno != EINTR) die("waitpid");
    }
    count(births);
  }
}

static void *live_shortly(void *births) {
  count(births);
  sleep_us(LIFE_US / 10);
  return NULL;
}

static void *thread_storm(void *births) {
  for (;;) {
    pthread_t thread;
    errno = pthread_create(&thread, NULL, live_shortly, births);
    if (errno != 0) die("pthread_create");
    pthread_join(thread, NULL);
  }
  return NULL;
}

static void *link_of_chain(void *births) {
  count(births);
  sleep_us(LIFE_US / 10);
  start_thread(link_of_chain, (intptr_t)births);
  return NULL;
}

int main(int argc, char **argv) {
  animal();
  const char *what = argc > 1 ? argv[1] : "forks";
  int width = argument(argc, argv, 2, 2, 1, 100);
  if (strstr(what, "thread") != NULL) {
    struct slot *own = new_slot(ORDINARY);
    for (int i = 0; i < width; i++) {
      struct slot *births = new_slot(ORDINARY);
      start_thread(strcmp(what, "threads") == 0 ? thread_storm : link_of_chain, (intptr_t)births);
      await_count(births, 1);
    }
    say("ready");
    tick(own, 20000);
  }
  void (*bear)(struct slot *) = strcmp(what, "forks") == 0        ? fork_storm
                                : strcmp(what, "fork-chain") == 0 ? fork_chain
                                                                  : vfork_loop;
  struct slot *last = NULL;
  for (int i = 0; i < width; i++) {
    struct slot *births = last = new_slot(ORDINARY);
    if (i == width - 1) break;
    if (fork_or_die() == 0) bear(births);
    await_count(births, 1);
  }
  say("ready");
  bear(last);
}
