/*
 * forkevents: gives birth once for each command. The leader, in slot 0, obeys:
 *
 *   fork          a child that exits with 7; says `forked PID` when it is reaped
 *   fork hold     a child that stays; says `forked PID`
 *   vfork         a vforked child that exits with 7; says `vforked PID`
 *   spawn         posix_spawn of /bin/true; says `spawned PID` when it is reaped
 *   thread        a thread that ends; says `cloned TID` when it has
 *   thread hold   a thread that stays and counts in the next free slot; says `cloned TID`
 *   exec          executes itself: says `ready` again
 *
 * Slot 0 counts what was done.
 */
#include "target.h"

#include <spawn.h>

extern char **environ;

static char *own_path;

static void reap(pid_t child, int code) {
  int status;
  while (waitpid(child, &status, 0) == -1) {
    if (errno != EINTR) die("waitpid");
  }
  if (!WIFEXITED(status) || WEXITSTATUS(status) != code) {
    self_check_failed("child %d ended with status %x", child, status);
  }
}

static void do_fork(bool hold) {
  pid_t child = fork();
  if (child == -1) die("fork");
  if (child == 0) {
    while (hold) pause();
    _exit(7);
  }
  if (!hold) reap(child, 7);
  say("forked %d", child);
}

static void do_vfork(void) {
  pid_t child = vfork();
  if (child == -1) die("vfork");
  if (child == 0) _exit(7);
  reap(child, 7);
  say("vforked %d", child);
}

static void do_spawn(void) {
  pid_t child;
  char *const arguments[] = {"true", NULL};
  errno = posix_spawnp(&child, "true", NULL, NULL, arguments, environ);
  if (errno != 0) die("posix_spawnp");
  reap(child, 0);
  say("spawned %d", child);
}

static void *tell_tid(void *tid) {
  *(pid_t *)tid = own_tid();
  return NULL;
}

static void do_thread(void) {
  pthread_t thread;
  pid_t tid;
  errno = pthread_create(&thread, NULL, tell_tid, &tid);
  if (errno != 0) die("pthread_create");
  pthread_join(thread, NULL);
  say("cloned %d", tid);
}

static void do_thread_hold(void) {
  int slot = (int)atomic_load(&shared->header.slots);
  start_thread(count_slowly, slot);
  while (atomic_load(&shared->slots[slot].tid) == 0) sleep_us(100);
  say("cloned %d", (int)atomic_load(&shared->slots[slot].tid));
}

static void obey(const char *line) {
  if (command(line, "fork")) {
    do_fork(command(line, "fork hold") != NULL);
  } else if (command(line, "vfork")) {
    do_vfork();
  } else if (command(line, "spawn")) {
    do_spawn();
  } else if (command(line, "thread hold")) {
    do_thread_hold();
  } else if (command(line, "thread")) {
    do_thread();
  } else if (command(line, "exec")) {
    execl(own_path, own_path, (char *)NULL);
    die("execl");
  } else {
    common_command(line);
    return;
  }
  count(&shared->slots[0]);
}

int main(int argc, char **argv) {
  (void)argc;
  own_path = argv[0];
  begin();
  atomic_store(&shared->header.liveness, ANSWERS_PING);
  take_slot(0, false);
  say("ready");
  serve(obey);
}
