/*
 * crowd N: N processes with nothing to do, all of them blocked in pause(2).
 *
 * It prints N once all are there, and ends with them when its standard input is closed. Standard output is
 * left to this program alone, so that a reader sees its end.
 */
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

static void rest(pid_t parent) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(0);
  close(STDIN_FILENO);
  close(STDOUT_FILENO);
  for (;;) pause();
}

int main(int argc, char **argv) {
  int count = argc == 2 ? atoi(argv[1]) : 0;
  pid_t *pids = count > 0 ? calloc((size_t)count, sizeof *pids) : NULL;
  if (pids == NULL) {
    fprintf(stderr, "usage: crowd N\n");
    return 2;
  }
  pid_t self = getpid();
  int started = 0;
  while (started < count && (pids[started] = fork()) != -1) {
    if (pids[started] == 0) rest(self);
    started++;
  }
  if (started < count) {
    perror("fork");
  } else {
    printf("%d\n", count);
    fflush(stdout);
    char byte;
    while (read(STDIN_FILENO, &byte, 1) > 0) {}
  }
  for (int i = 0; i < started; i++) kill(pids[i], SIGKILL);
  while (wait(NULL) > 0) {}
  return started < count;
}
