/*
 * inside PROGRAM [ARGUMENT…]: becomes that program in a PID namespace of the tests; anywhere else it refuses,
 * with status 97. For programs that freeze the machine and are not ours to put a lock on.
 */
#include "inside.h"

int main(int argc, char **argv) {
  refuse_outside();
  if (argc < 2) return 2;
  execvp(argv[1], argv + 1);
  perror(argv[1]);
  return 127;
}
