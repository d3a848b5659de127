/* nested N: a PID namespace in the PID namespace, as a container is one, with N processes and its own first one. */
#include "zoo.h"

#include <sched.h>

int main(int argc, char **argv) {
  animal();
  int processes = argument(argc, argv, 1, 3, 1, 1000);
  pid_t init = (pid_t)syscall(SYS_clone, CLONE_NEWPID | SIGCHLD, 0, 0, 0, 0);
  if (init == -1) die("clone");
  if (init == 0) {
    for (int i = 0; i < processes; i++) {
      if (fork_or_die() == 0) tick(new_slot(ORDINARY), 20000);
    }
    say("ready");
  }
  tick(new_slot(ORDINARY), 20000);
}
