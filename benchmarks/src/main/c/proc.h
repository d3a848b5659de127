/* What the C programs here read of /proc, by the system calls that libproc4j makes. */
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

/* What a stat file says of a process or thread. */
struct row {
  int pid, ppid, threads;
  char state;
  uint32_t flags;
  uint64_t start_time;
  char name[64];
};

static inline void die(const char *what) {
  perror(what);
  exit(1);
}

static inline int64_t now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * INT64_C(1000000000) + t.tv_nsec;
}

/* The numbers in an open directory; how many there are. */
static inline int list(int directory, int *numbers) {
  static _Thread_local char buffer[DIRECTORY_BUFFER];
  int count = 0;
  ssize_t length;
  while ((length = getdents64(directory, buffer, sizeof buffer)) > 0) {
    for (char *at = buffer; at < buffer + length; at += ((struct dirent64 *)at)->d_reclen) {
      const char *name = ((struct dirent64 *)at)->d_name;
      if (*name >= '1' && *name <= '9' && count < MOST) numbers[count++] = atoi(name);
    }
  }
  return count;
}

/* The number that the text begins with; moves on to the field behind it. */
static inline uint64_t next(const char **text) {
  uint64_t number = 0;
  const char *c = *text;
  while (*c == '-') c++;
  for (; *c >= '0' && *c <= '9'; c++) number = number * 10 + (uint64_t)(*c - '0');
  *text = *c == ' ' ? c + 1 : c;
  return number;
}

static inline int parse(const char *text, size_t length, struct row *row) {
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
  for (int field = 10; field < 20; field++) next(&at);
  row->threads = (int)next(&at);
  next(&at);
  row->start_time = next(&at);
  return 1;
}

/* Reads a stat file, its path seen from a directory; 0 if it has gone. */
static inline int read_stat(int directory, const char *path, struct row *row) {
  char text[LARGEST_STAT + 1];
  int fd = openat(directory, path, O_RDONLY | O_CLOEXEC);
  if (fd == -1) return 0;
  ssize_t length = read(fd, text, LARGEST_STAT);
  close(fd);
  if (length <= 0) return 0;
  text[length] = '\0';
  return parse(text, (size_t)length, row);
}
