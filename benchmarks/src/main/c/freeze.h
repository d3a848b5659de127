/*
 * What the programs share that freeze all processes of a PID namespace, each by its own means.
 *
 *   exclude PID   leaves a process alone; answers 0
 *   hurry TID     gives a thread, anybody's, the precedence that this program takes while it freezes; answers 0
 *   calm TID      takes it away; answers 0
 *   freeze        freezes and thaws; answers FREEZE THAW PROCESSES THREADS PASSES, times in nanoseconds
 *
 * They run only where the first process is the benchmark's own.
 */
#include "proc.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <sys/stat.h>
#include <sys/syscall.h>

enum { PID_LIMIT = 4194304, PRIORITY = 50, MOST_HELPERS = 3, AT_ONCE = 16 };

#define INIT_NAME "libproc4j-bench-init"
#define INITIAL_NAMESPACE "pid:[4026531836]"

static int root;
static int listed[MOST];
static bool excluded[PID_LIMIT + 1];

/* What has been frozen. */
static int processes, threads, passes;

static void freeze(void);
static void thaw(void);

static inline void refuse_outside(void) {
  char words[4096] = "", namespace[64] = "";
  int fd = open("/proc/1/cmdline", O_RDONLY | O_CLOEXEC);
  ssize_t length = fd == -1 ? -1 : read(fd, words, sizeof words);
  if (fd != -1) close(fd);
  if (length <= 0 || memmem(words, (size_t)length, INIT_NAME, sizeof INIT_NAME) == NULL ||
      readlink("/proc/self/ns/pid", namespace, sizeof namespace - 1) <= 0 || strcmp(namespace, INITIAL_NAMESPACE) == 0) {
    fprintf(stderr, "refused: this freezes the machine, and may do so only in the benchmark's PID namespace\n");
    exit(97);
  }
}

/* All processes; how many there are. */
static inline int list_processes(void) {
  if (lseek(root, 0, SEEK_SET) == -1) die("lseek");
  return list(root, listed);
}

/* The process id that was given out last. */
static inline int last_pid(void) {
  char text[128];
  int fd = openat(root, "loadavg", O_RDONLY | O_CLOEXEC);
  ssize_t length = fd == -1 ? -1 : read(fd, text, sizeof text - 1);
  if (length <= 0) die("loadavg");
  close(fd);
  text[length] = '\0';
  return atoi(strrchr(text, ' ') + 1);
}

/* How many threads a process has, those that died and were not reaped included; negative if it has gone. */
static inline int count_threads(int pid) {
  char path[32];
  struct statx links;
  snprintf(path, sizeof path, "%d/task", pid);
  return statx(root, path, 0, STATX_NLINK, &links) == -1 ? -1 : (int)links.stx_nlink - 2;
}

/* The threads of a process; how many there are. */
static inline int list_threads(int pid, int *tids) {
  char path[32];
  snprintf(path, sizeof path, "%d/task", pid);
  int directory = openat(root, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  int count = directory == -1 ? 0 : list(directory, tids);
  if (directory != -1) close(directory);
  return count;
}

/* Looks for a call that would end with EINTR after the freeze. libproc4j mends those; a crowd makes none. */
static inline void look_at_call(int pid, int tid) {
  char path[64], text[256];
  if (pid == tid) {
    snprintf(path, sizeof path, "%d/syscall", pid);
  } else {
    snprintf(path, sizeof path, "%d/task/%d/syscall", pid, tid);
  }
  int fd = openat(root, path, O_RDONLY | O_CLOEXEC);
  ssize_t length = fd == -1 ? -1 : read(fd, text, sizeof text - 1);
  if (fd != -1) close(fd);
  if (length <= 0) return;
  text[length] = '\0';
  if (*text >= '0' && *text <= '9' && atoi(text) == SYS_epoll_pwait) die("a call to be mended");
}

static inline void look_at_calls(int pid, int count) {
  static _Thread_local int tids[MOST];
  if (count == 1) {
    look_at_call(pid, pid);
    return;
  }
  int found = list_threads(pid, tids);
  for (int i = 0; i < found; i++) look_at_call(pid, tids[i]);
}

/* Ahead of all that is to stop; without the right to that, as it is. */
static inline void hurry(pid_t tid) {
  sched_setscheduler(tid, SCHED_FIFO, &(struct sched_param){.sched_priority = PRIORITY});
}

static inline void calm(pid_t tid) { sched_setscheduler(tid, SCHED_OTHER, &(struct sched_param){.sched_priority = 0}); }

/* Many looks, of which each thread takes a few at a time. */
static struct {
  pthread_mutex_t lock;
  pthread_cond_t begun, left;
  bool open;
  int busy, count;
  void (*look)(int index);
  atomic_int next;
} job = {.lock = PTHREAD_MUTEX_INITIALIZER, .begun = PTHREAD_COND_INITIALIZER, .left = PTHREAD_COND_INITIALIZER};

static pid_t helper_tids[MOST_HELPERS];
static int helpers;

static inline void look_at_some(void) {
  for (int from; (from = atomic_fetch_add(&job.next, AT_ONCE)) < job.count;) {
    for (int i = from; i < from + AT_ONCE && i < job.count; i++) job.look(i);
  }
}

static inline void *help(void *unused) {
  pthread_mutex_lock(&job.lock);
  helper_tids[helpers++] = gettid();
  pthread_cond_broadcast(&job.left);
  for (;; pthread_cond_wait(&job.begun, &job.lock)) {
    if (!job.open) continue;
    job.busy++;
    pthread_mutex_unlock(&job.lock);
    look_at_some();
    pthread_mutex_lock(&job.lock);
    job.busy--;
    job.open = false;
    pthread_cond_broadcast(&job.left);
  }
  return unused;
}

/* Looks at each of so many, on as many processors as libproc4j does. */
static inline void each(int count, void (*look)(int index)) {
  pthread_mutex_lock(&job.lock);
  job.look = look;
  job.count = count;
  atomic_store(&job.next, 0);
  job.open = true;
  pthread_cond_broadcast(&job.begun);
  pthread_mutex_unlock(&job.lock);
  look_at_some();
  pthread_mutex_lock(&job.lock);
  job.open = false;
  while (job.busy > 0) pthread_cond_wait(&job.left, &job.lock);
  pthread_mutex_unlock(&job.lock);
}

/* One for each other processor. */
static inline void gather_helpers(void) {
  cpu_set_t processors;
  if (sched_getaffinity(0, sizeof processors, &processors) == -1) die("sched_getaffinity");
  int wanted = CPU_COUNT(&processors) - 1;
  if (wanted > MOST_HELPERS) wanted = MOST_HELPERS;
  pthread_mutex_lock(&job.lock);
  for (int i = 0; i < wanted; i++) {
    pthread_t thread;
    if (pthread_create(&thread, NULL, help, NULL) != 0) die("pthread_create");
  }
  while (helpers < wanted) pthread_cond_wait(&job.left, &job.lock);
  pthread_mutex_unlock(&job.lock);
}

static inline int serve(void) {
  refuse_outside();
  root = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (root == -1) die("/proc");
  excluded[1] = excluded[getpid()] = true;
  gather_helpers();
  char line[64];
  while (fgets(line, sizeof line, stdin) != NULL) {
    int pid;
    if (sscanf(line, "exclude %d", &pid) == 1 && pid > 0 && pid <= PID_LIMIT) {
      excluded[pid] = true;
      printf("0\n");
    } else if (sscanf(line, "hurry %d", &pid) == 1) {
      hurry(pid);
      printf("0\n");
    } else if (sscanf(line, "calm %d", &pid) == 1) {
      calm(pid);
      printf("0\n");
    } else {
      processes = threads = passes = 0;
      int64_t start = now();
      hurry(0);
      for (int i = 0; i < helpers; i++) hurry(helper_tids[i]);
      freeze();
      int64_t frozen = now();
      thaw();
      int64_t thawed = now();
      for (int i = 0; i < helpers; i++) calm(helper_tids[i]);
      calm(0);
      printf("%lld %lld %d %d %d\n", (long long)(frozen - start), (long long)(thawed - frozen), processes, threads,
             passes);
    }
    fflush(stdout);
  }
  return 0;
}
