/*
 * snapshot ROOT: the C side of the comparison of sweeps over /proc. Reads commands, answers each with a line.
 *
 *   sweep N      reads (pid, ppid, state, flags, start time, name) of all processes N times; answers the
 *                nanoseconds of each
 *   count        answers how many processes the last sweep found
 *
 * The system calls are those that libproc4j makes: one getdents64 after another, and for each process openat,
 * read and close of its stat.
 */
#include "proc.h"

static struct row rows[MOST];
static int pids[MOST];
static int found;

static void sweep(const char *path) {
  int root = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (root == -1) die(path);
  int count = list(root, pids);
  found = 0;
  for (int i = 0; i < count; i++) {
    char name[32];
    snprintf(name, sizeof name, "%d/stat", pids[i]);
    found += read_stat(root, name, &rows[found]);
  }
  close(root);
}

int main(int argc, char **argv) {
  if (argc != 2) {
    fprintf(stderr, "usage: snapshot ROOT\n");
    return 2;
  }
  char line[64];
  while (fgets(line, sizeof line, stdin) != NULL) {
    int sweeps;
    if (sscanf(line, "sweep %d", &sweeps) == 1) {
      for (int i = 0; i < sweeps; i++) {
        int64_t start = now();
        sweep(argv[1]);
        printf("%lld%c", (long long)(now() - start), i == sweeps - 1 ? '\n' : ' ');
      }
    } else {
      printf("%d\n", found);
    }
    fflush(stdout);
  }
  return 0;
}
