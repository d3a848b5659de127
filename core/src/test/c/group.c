/*
 * group COMMAND…: executes a command in a process group of its own. Not in a session of its own, as
 * setsid(1) would: that is also a group of the scheduler (sched(7), autogroup), in which the command
 * starves beside busy targets, however nice those are.
 */
#include <stdio.h>
#include <unistd.h>

int main(int argc, char **argv) {
  (void)argc;
  if (setpgid(0, 0) == 0) execvp(argv[1], argv + 1);
  perror("group");
  return 127;
}
