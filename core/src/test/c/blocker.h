/*
 * What blocker knows about a system call: how to block in it, how it ends, and what a stop does to it.
 */
#ifndef BLOCKER_H
#define BLOCKER_H

#include "target.h"

#include <poll.h>
#include <sys/uio.h>

enum { PAGE = 4096 };

/* What plain Linux does to a call when its thread is stopped by whatever means, and set running. */
enum stop {
  RESUMED,     /* goes on with it */
  INTERRUPTED, /* ends it with EINTR, as if a handler had run */
  LIMITED,     /* likewise if the call has a time limit, else goes on */
  SHORTENED,   /* ends it with what it has done so far */
};

struct outcome {
  long result;
  int error;
};

struct call {
  const char *name;
  void (*prepare)(void);    /* once */
  void (*before)(void);     /* before each call, so that it blocks */
  long (*call)(void);       /* a returned descriptor is closed, and 0 */
  void (*complete)(void);   /* in another thread: the event that the call waits for; NULL for none */
  struct outcome completed; /* how it ends then */
  bool limited;             /* whether it has a time limit */
  struct outcome late;      /* how it ends when that is over */
  enum stop stop;
};

/* The call's own time limit; 0 for none. */
static long limit_ms = 3600 * 1000;
static struct timespec limit;

static const struct timespec *limit_if_any(void) { return limit_ms == 0 ? NULL : &limit; }
static int limit_or_forever(void) { return limit_ms == 0 ? -1 : (int)limit_ms; }

/* When the limit of the present call began; 0: at the call, and not before. */
static long begun_us;

static long now_us(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

/* The thread that blocks. */
static pid_t blocked;

/* What a call waits at, and the other side of it. */
static int near = -1, far = -1;
static _Alignas(PAGE) char bytes[2 * PAGE];
static struct iovec one_byte = {bytes, 1};

static bool is_ready(int fd, short events) {
  struct pollfd descriptor = {fd, events, 0};
  return poll(&descriptor, 1, 0) == 1;
}

static void drain(int fd) {
  while (is_ready(fd, POLLIN)) {
    if (read(fd, bytes, PAGE) == -1) die("drain");
  }
}

static void send_byte(int fd) {
  if (write(fd, "x", 1) != 1) die("write");
}

/* The other thread goes through this until the blocked one waits again. */
static void pause_briefly(void) { sleep_us(200); }

#endif
