/*
 * sleepers N [busy | epoll | hour | sigtimedwait | recv | read]: a target with N threads, all of them blocked in pause(2); a
 * busy one's first thread computes. With epoll, they are blocked in epoll_wait(2) for ever; with hour, for an hour; with the
 * others for an hour in those, recv(2) and read(2) of a socket whose limit that is.
 *
 * The target is a child of this program, which the benchmark starts: a child of the JVM itself would have its
 * stops taken by the JDK's reaper. It prints the target's pid once all threads are there, and ends with the
 * target when its standard input is closed.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { SMALLEST_STACK = 64 * 1024, HOUR_MS = 3600 * 1000 };

static pthread_barrier_t all_here;
static const char *mode = "";
static int fd = -1;

static void die(const char *what) {
  perror(what);
  exit(1);
}

static int is(const char *name) { return strcmp(mode, name) == 0; }

static void block(void) {
  struct epoll_event event;
  char byte;
  const struct timespec hour = {HOUR_MS / 1000, 0};
  sigset_t none;
  sigemptyset(&none);
  for (;;) {
    if (is("epoll")) {
      epoll_wait(fd, &event, 1, -1);
    } else if (is("hour")) {
      epoll_wait(fd, &event, 1, HOUR_MS);
    } else if (is("sigtimedwait")) {
      sigtimedwait(&none, NULL, &hour);
    } else if (is("recv")) {
      recv(fd, &byte, 1, 0);
    } else if (is("read")) {
      if (read(fd, &byte, 1) == 1) abort();
    } else {
      pause();
    }
  }
}

static void open_fd(void) {
  if (is("epoll") || is("hour")) {
    if ((fd = epoll_create1(0)) == -1) die("epoll_create1");
  } else if (is("recv") || is("read")) {
    /* Of datagrams, whose readers all wait at once. */
    int pair[2];
    const struct timeval hour = {HOUR_MS / 1000, 0};
    if (socketpair(AF_UNIX, SOCK_DGRAM, 0, pair) == -1) die("socketpair");
    if (setsockopt(pair[0], SOL_SOCKET, SO_RCVTIMEO, &hour, sizeof hour) == -1) die("setsockopt");
    fd = pair[0];
  }
}

static void *rest(void *unused) {
  (void)unused;
  pthread_barrier_wait(&all_here);
  block();
  return NULL;
}

static void target(int threads, int ready) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY); /* fails where there is no Yama, and is not needed there */
  open_fd();
  pthread_barrier_init(&all_here, NULL, (unsigned)threads);
  pthread_attr_t small;
  pthread_attr_init(&small);
  pthread_attr_setstacksize(&small, SMALLEST_STACK);
  for (int i = 1; i < threads; i++) {
    pthread_t thread;
    if (pthread_create(&thread, &small, rest, NULL) != 0) die("pthread_create");
  }
  pthread_barrier_wait(&all_here);
  if (write(ready, "", 1) != 1) die("write");
  close(ready);
  for (volatile unsigned count = 0; is("busy");) count++;
  block();
}

int main(int argc, char **argv) {
  int threads = argc > 1 ? atoi(argv[1]) : 0;
  if (argc > 2) mode = argv[2];
  if (threads < 1) {
    fprintf(stderr, "usage: sleepers N [busy | epoll | hour | sigtimedwait | recv | read]\n");
    return 2;
  }
  int ready[2];
  if (pipe(ready) == -1) die("pipe");
  pid_t pid = fork();
  if (pid == -1) die("fork");
  if (pid == 0) {
    close(STDIN_FILENO);
    target(threads, ready[1]);
  }
  close(ready[1]);
  char byte;
  if (read(ready[0], &byte, 1) != 1) {
    fprintf(stderr, "sleepers: the target did not get ready\n");
    return 1;
  }
  printf("%d\n", pid);
  fflush(stdout);
  while (read(STDIN_FILENO, &byte, 1) > 0) {}
  kill(pid, SIGKILL);
  waitpid(pid, NULL, 0);
  return 0;
}
