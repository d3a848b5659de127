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
#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { MOST = 65536, LARGEST_STAT = 2048, DIRECTORY_BUFFER = 32 * 1024 };

struct row {
  int pid, ppid;
  char state;
  uint32_t flags;
  uint64_t start_time;
  char name[64];
};

static struct row rows[MOST];
static int pids[MOST];
static int found;

static void die(const char *what) {
  perror(what);
  exit(1);
}

static int64_t now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * INT64_C(1000000000) + t.tv_nsec;
}

static int list(int root) {
  static char buffer[DIRECTORY_BUFFER];
  int count = 0;
  ssize_t length;
  while ((length = getdents64(root, buffer, sizeof buffer)) > 0) {
    for (char *at = buffer; at < buffer + length; at += ((struct dirent64 *)at)->d_reclen) {
      const char *name = ((struct dirent64 *)at)->d_name;
      if (*name >= '1' && *name <= '9' && count < MOST) pids[count++] = atoi(name);
    }
  }
  return count;
}

/* The number that the text begins with; moves on to the field behind it. */
static uint64_t next(const char **text) {
  uint64_t number = 0;
  const char *c = *text;
  while (*c == '-') c++;
  for (; *c >= '0' && *c <= '9'; c++) number = number * 10 + (uint64_t)(*c - '0');
  *text = *c == ' ' ? c + 1 : c;
  return number;
}

static int parse(const char *text, size_t length, struct row *row) {
  const char *open = memchr(text, '(', length), *close = memrchr(text, ')', length);
  if (open == NULL || close == NULL || close[1] != ' ' || (size_t)(close - open) > sizeof row->name) return 0;
  row->pid = atoi(text);
  memcpy(row->name, open + 1, (size_t)(close - open - 1));
  row->name[close - open - 1] = '\0';
  row->state = close[2];
  const char *at = close + 4;
  row->ppid = (int)next(&at);
  for (int field = 5; field < 9; field++) next(&at);
  row->flags = (uint32_t)next(&at);
  for (int field = 10; field < 22; field++) next(&at);
  row->start_time = next(&at);
  return 1;
}

static void sweep(const char *path) {
  int root = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (root == -1) die(path);
  int count = list(root);
  found = 0;
  for (int i = 0; i < count; i++) {
    char name[32], text[LARGEST_STAT + 1];
    snprintf(name, sizeof name, "%d/stat", pids[i]);
    int fd = openat(root, name, O_RDONLY | O_CLOEXEC);
    if (fd == -1) continue;
    ssize_t length = read(fd, text, LARGEST_STAT);
    close(fd);
    if (length > 0) {
      text[length] = '\0';
      found += parse(text, (size_t)length, &rows[found]);
    }
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
