/*
 * crowd N [THREADS [CGROUP]]: N processes with nothing to do, each of so many threads, all of them blocked in a system
 * call; in a control group, by its directory, of which this program itself is none.
 *
 * It prints N once all are there, and ends with them when its standard input is closed. Standard output is left to
 * this program alone, so that a reader sees its end.
 *
 *   spin    has the first thread of each use its processor without a rest; answers 0
 *   rest    has them do nothing again; answers 0
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SMALLEST_STACK = 64 * 1024 };

static atomic_bool *spinning;
static pthread_barrier_t all_here;

static void nothing(int signal) { (void)signal; }

static void *rest(void *unused) {
  (void)unused;
  pthread_barrier_wait(&all_here);
  for (;;) pause();
  return NULL;
}

static void start_threads(int threads) {
  pthread_attr_t small;
  pthread_attr_init(&small);
  pthread_attr_setstacksize(&small, SMALLEST_STACK);
  pthread_barrier_init(&all_here, NULL, (unsigned)threads);
  for (int i = 1; i < threads; i++) {
    pthread_t thread;
    if (pthread_create(&thread, &small, rest, NULL) != 0) {
      perror("pthread_create");
      _exit(1);
    }
  }
  pthread_barrier_wait(&all_here);
}

static void join(const char *cgroup) {
  char path[PATH_MAX];
  snprintf(path, sizeof path, "%s/cgroup.procs", cgroup);
  int fd = open(path, O_WRONLY | O_CLOEXEC);
  if (fd == -1 || write(fd, "0", 1) != 1) {
    perror(path);
    _exit(1);
  }
  close(fd);
}

/* Between the look at the wish and the sleep, the signal that tells of a new wish is blocked. */
static void live(pid_t parent, int threads, const char *cgroup, int ready) {
  sigset_t wakes;
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(0);
  if (cgroup != NULL) join(cgroup);
  close(STDIN_FILENO);
  close(STDOUT_FILENO);
  start_threads(threads);
  sigprocmask(SIG_BLOCK, NULL, &wakes);
  sigdelset(&wakes, SIGUSR1);
  if (write(ready, "", 1) != 1) _exit(1);
  close(ready);
  for (;;) {
    while (atomic_load_explicit(spinning, memory_order_relaxed)) {}
    sigsuspend(&wakes);
  }
}

static void obey(const char *line, const pid_t *pids, int count) {
  int spin = strcmp(line, "spin\n") == 0;
  atomic_store(spinning, spin);
  for (int i = 0; spin && i < count; i++) kill(pids[i], SIGUSR1);
  printf("0\n");
  fflush(stdout);
}

int main(int argc, char **argv) {
  int count = argc > 1 ? atoi(argv[1]) : 0;
  int threads = argc > 2 ? atoi(argv[2]) : 1;
  const char *cgroup = argc > 3 ? argv[3] : NULL;
  pid_t *pids = count > 0 && threads > 0 ? calloc((size_t)count, sizeof *pids) : NULL;
  int ready[2];
  sigset_t wake;
  if (pids == NULL) {
    fprintf(stderr, "usage: crowd N [THREADS [CGROUP]]\n");
    return 2;
  }
  spinning = mmap(NULL, sizeof *spinning, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (spinning == MAP_FAILED || pipe(ready) == -1) {
    perror("crowd");
    return 1;
  }
  signal(SIGUSR1, nothing);
  sigemptyset(&wake);
  sigaddset(&wake, SIGUSR1);
  sigprocmask(SIG_BLOCK, &wake, NULL);
  pid_t self = getpid();
  int started = 0;
  while (started < count && (pids[started] = fork()) != -1) {
    if (pids[started] == 0) live(self, threads, cgroup, ready[1]);
    started++;
  }
  close(ready[1]);
  char byte;
  int here = 0;
  while (here < started && read(ready[0], &byte, 1) == 1) here++;
  if (here < count) {
    fprintf(stderr, "crowd: only %d of %d have got ready\n", here, count);
  } else {
    printf("%d\n", count);
    fflush(stdout);
    char line[16];
    while (fgets(line, sizeof line, stdin) != NULL) obey(line, pids, count);
  }
  for (int i = 0; i < started; i++) kill(pids[i], SIGKILL);
  while (wait(NULL) > 0) {}
  return here < count;
}
