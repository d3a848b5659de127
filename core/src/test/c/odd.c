/*
 * odd WAY [ARGUMENT]: a process that looks unusual in /proc. It prints a line once it does (the id of the
 * zombie; else its own), and ends with its standard input.
 *
 *   title       has overwritten its arguments and its environment with one text that has no NUL
 *   padded      has overwritten its arguments with a shorter title, and NULs behind it
 *   long N      was started with that many bytes of arguments
 *   environ     was started with an environment that is no text
 *   leader      lives in a second thread, after the end of its first
 *   zombie      has a child that ended and was not waited for
 *   files DIR   has files of all kinds open, from descriptor 10 on
 */
#include "target.h"

#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/timerfd.h>

extern char **environ;

enum { ONE_ARGUMENT = 100000, FIRST_FILE = 10 };

static void wait_for_end(pid_t shown) {
  say("%d", (int)shown);
  char byte;
  while (read(STDIN_FILENO, &byte, 1) > 0) continue;
  _exit(0);
}

static void *as_second_thread(void *unused) {
  (void)unused;
  char path[64], state = 0;
  snprintf(path, sizeof path, "/proc/self/task/%d/stat", (int)getpid());
  while (state != 'Z') { /* the leader has ended when it shows */
    FILE *stat = fopen(path, "r");
    if (stat == NULL || fscanf(stat, "%*d (odd) %c", &state) != 1) die(path);
    fclose(stat);
  }
  wait_for_end(getpid());
  return NULL;
}

static char *last_of(char **strings) {
  while (strings[1] != NULL) strings++;
  return *strings + strlen(*strings);
}

static void again(char **argv, char **env) {
  execve("/proc/self/exe", argv, env);
  die("execve");
}

static void long_arguments(int bytes) {
  struct rlimit stack = {256l << 20, 256l << 20};
  if (setrlimit(RLIMIT_STACK, &stack) == -1) die("setrlimit");
  static char argument[ONE_ARGUMENT];
  memset(argument, 'x', sizeof argument - 1);
  int count = bytes / ONE_ARGUMENT + 1;
  char **argv = calloc((size_t)count + 4, sizeof *argv);
  argv[0] = "odd";
  argv[1] = "wait";
  for (int i = 0; i < count; i++) argv[i + 2] = argument;
  again(argv, environ);
}

static void to_file(int fd, int number) {
  if (fd == -1 || dup2(fd, FIRST_FILE + number) == -1) die("a file");
  close(fd);
}

static int in(const char *dir, const char *name, bool unlinked) {
  char path[4096];
  snprintf(path, sizeof path, "%s/%s", dir, name);
  int fd = open(path, O_CREAT | O_RDWR | O_APPEND, 0600);
  if (unlinked && unlink(path) == -1) die(path);
  return fd;
}

static void files(const char *dir) {
  sigset_t none;
  sigemptyset(&none);
  int ends[2];
  if (pipe(ends) == -1) die("pipe");
  to_file(in(dir, "plain", false), 0);
  to_file(in(dir, "gone", true), 1);
  to_file(in(dir, "bytes \n\377", false), 2);
  to_file(ends[0], 3);
  to_file(ends[1], 4);
  to_file(socket(AF_UNIX, SOCK_STREAM, 0), 5);
  to_file(memfd_create("a memory/x", 0), 6);
  to_file(eventfd(0, 0), 7);
  to_file(epoll_create1(0), 8);
  to_file(timerfd_create(CLOCK_MONOTONIC, 0), 9);
  to_file(signalfd(-1, &none, 0), 10);
  to_file(inotify_init(), 11);
  to_file((int)syscall(SYS_pidfd_open, getpid(), 0), 12);
  to_file(open("/proc/self/ns/net", O_RDONLY), 13);
  to_file(open("/dev/null", O_WRONLY), 14);
}

int main(int argc, char **argv) {
  const char *way = argc > 1 ? argv[1] : "";
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (strcmp(way, "title") == 0) {
    memset(argv[0], 't', (size_t)(last_of(environ) - argv[0]) + 1);
  } else if (strcmp(way, "padded") == 0) {
    char *end = last_of(argv);
    memset(argv[0], 0, (size_t)(end - argv[0]));
    memcpy(argv[0], "t: x", 4);
  } else if (strcmp(way, "long") == 0) {
    long_arguments(argument(argc, argv, 2, 0, 1, 64 << 20));
  } else if (strcmp(way, "environ") == 0) {
    again((char *[]){"odd", "wait", NULL},
          (char *[]){"A=1", "\377\376=\1\n", "no sign", "", "=", "A=2", "EMPTY=", NULL});
  } else if (strcmp(way, "leader") == 0) {
    int error = try_start_thread(as_second_thread, 0);
    if (error != 0) die("pthread_create");
    pthread_exit(NULL);
  } else if (strcmp(way, "zombie") == 0) {
    pid_t child = fork();
    if (child == 0) _exit(3);
    siginfo_t info;
    if (child == -1 || waitid(P_PID, (id_t)child, &info, WEXITED | WNOWAIT) == -1) die("fork");
    wait_for_end(child);
  } else if (strcmp(way, "files") == 0 && argc > 2) {
    files(argv[2]);
  } else if (strcmp(way, "wait") != 0) {
    die("usage: odd WAY");
  }
  wait_for_end(getpid());
}
