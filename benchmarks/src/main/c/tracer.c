/*
 * tracer PID: the C side of the comparison. Reads commands, answers each with a line.
 *
 *   seize                  takes every thread of the process; answers their number
 *   peek CYCLES PAUSE      stops and runs all threads so often, with the system calls that libproc4j makes, and
 *                          answers the nanoseconds of each stop and each run; PAUSE ms lie before each call
 *   plain CYCLES PAUSE     the same in the shortest way that does the job: waitpid, and no look for newborns
 *   single CYCLES PAUSE    as peek, but of one thread, the last; the others run on
 *   step STEPS             stops the thread, has it execute so many single instructions, and sets it running; answers
 *                          the nanoseconds of all the steps
 *   grab TIMES             takes, stops and lets go of every thread so often; answers the nanoseconds of each
 *   await                  answers "waiting", and waits until a SIGSTOP has stopped the process; answers when that was
 *                          seen, by CLOCK_MONOTONIC; waits for a SIGCONT, and answers 0
 *   release                detaches; answers 0
 *   pin TID N              binds a thread, anybody's, to the N-th of our processors; with N -1, to none
 *
 * Peeking (WNOWAIT) leaves the stop with the kernel, so that a signal is not lost if the tracer dies; the link
 * count of /proc/PID/task tells whether a thread was born unseen. The registers tell whether the stop has to be hidden
 * from the target.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <sched.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/user.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { MAX_THREADS = 32768 };

static pid_t pid;
static pid_t tids[MAX_THREADS];
static int threads;
static int task_dir;
static cpu_set_t processors;

static void die(const char *what) {
  perror(what);
  exit(1);
}

static int64_t now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * INT64_C(1000000000) + t.tv_nsec;
}

static void seize(void) {
  char path[64];
  snprintf(path, sizeof path, "/proc/%d/task", pid);
  task_dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  DIR *dir = opendir(path);
  if (task_dir == -1 || dir == NULL) die(path);
  threads = 0;
  for (struct dirent *entry; (entry = readdir(dir)) != NULL;) {
    pid_t tid = atoi(entry->d_name);
    if (tid > 0 && threads < MAX_THREADS) {
      if (ptrace(PTRACE_SEIZE, tid, 0, PTRACE_O_TRACEEXEC | PTRACE_O_TRACESYSGOOD) == -1) die("PTRACE_SEIZE");
      tids[threads++] = tid;
    }
  }
  closedir(dir);
}

/* Each of these is for the threads from the FIRST on. */
static void interrupt(int first) {
  for (int i = first; i < threads; i++) {
    if (ptrace(PTRACE_INTERRUPT, tids[i], 0, 0) == -1) die("PTRACE_INTERRUPT");
  }
}

static void resume(int first) {
  for (int i = first; i < threads; i++) {
    if (ptrace(PTRACE_CONT, tids[i], 0, 0) == -1) die("PTRACE_CONT");
  }
}

static void expect(bool stopped) {
  if (!stopped) {
    fprintf(stderr, "tracer: a thread reports something else than its stop\n");
    exit(1);
  }
}

static int peek(pid_t tid) {
  siginfo_t info;
  if (waitid(P_PID, (id_t)tid, &info, WEXITED | __WALL | WNOWAIT) == -1) die("waitid");
  static struct user_regs_struct registers;
  if (info.si_code == CLD_TRAPPED && ptrace(PTRACE_GETREGS, tid, 0, &registers) == -1) die("PTRACE_GETREGS");
  return info.si_code == CLD_TRAPPED ? info.si_status : -1;
}

static void wait_peeking(int first) {
  for (int i = first; i < threads; i++) expect(peek(tids[i]) == (PTRACE_EVENT_STOP << 8 | SIGTRAP));
  if (first > 0) return;
  struct statx links;
  if (statx(task_dir, "", AT_EMPTY_PATH, STATX_NLINK, &links) == -1) die("statx");
  expect(links.stx_nlink == (unsigned)threads + 2);
}

static void wait_plainly(int first) {
  for (int i = first; i < threads; i++) {
    int status;
    if (waitpid(tids[i], &status, __WALL) == -1) die("waitpid");
    expect(status >> 8 == (PTRACE_EVENT_STOP << 8 | SIGTRAP));
  }
}

static void rest(long millis) {
  if (millis > 0) {
    struct timespec t = {millis / 1000, millis % 1000 * 1000000};
    nanosleep(&t, NULL);
  }
}

static void measure(void (*wait_for)(int), int first, int cycles, long pause) {
  for (int i = 0; i < cycles; i++) {
    rest(pause);
    int64_t start = now();
    interrupt(first);
    wait_for(first);
    int64_t stopped = now();
    rest(pause);
    int64_t go = now();
    resume(first);
    int64_t running = now();
    printf("%lld %lld ", (long long)(stopped - start), (long long)(running - go));
  }
  printf("\n");
}

static void detach(void) {
  for (int i = 0; i < threads; i++) {
    if (ptrace(PTRACE_DETACH, tids[i], 0, 0) == -1) die("PTRACE_DETACH");
  }
  close(task_dir);
}

static void release(void) {
  interrupt(0);
  wait_plainly(0);
  detach();
}

static void grab(int times) {
  for (int i = 0; i < times; i++) {
    int64_t start = now();
    seize();
    interrupt(0);
    wait_peeking(0);
    detach();
    printf("%lld ", (long long)(now() - start));
  }
  printf("\n");
}

static void step(int steps) {
  interrupt(0);
  wait_peeking(0);
  int64_t start = now();
  for (int i = 0; i < steps; i++) {
    if (ptrace(PTRACE_SINGLESTEP, pid, 0, 0) == -1) die("PTRACE_SINGLESTEP");
    expect(peek(pid) == SIGTRAP);
  }
  int64_t done = now();
  resume(0);
  printf("%lld\n", (long long)(done - start));
}

/* A stop by job control comes as the signal, and again once that has been let through. */
static int report(void) {
  int status;
  if (waitpid(pid, &status, __WALL) == -1) die("waitpid");
  expect(WIFSTOPPED(status));
  struct user_regs_struct registers;
  if (ptrace(PTRACE_GETREGS, pid, 0, &registers) == -1) die("PTRACE_GETREGS");
  return status >> 8;
}

static void await(void) {
  printf("waiting\n");
  fflush(stdout);
  expect(report() == SIGSTOP);
  if (ptrace(PTRACE_CONT, pid, 0, SIGSTOP) == -1) die("PTRACE_CONT");
  expect(report() == (PTRACE_EVENT_STOP << 8 | SIGSTOP));
  printf("%lld\n", (long long)now());
  fflush(stdout);
  if (ptrace(PTRACE_LISTEN, pid, 0, 0) == -1) die("PTRACE_LISTEN");
  expect(report() == (PTRACE_EVENT_STOP << 8 | SIGTRAP));
  if (ptrace(PTRACE_CONT, pid, 0, 0) == -1) die("PTRACE_CONT");
  expect(report() == SIGCONT);
  if (ptrace(PTRACE_CONT, pid, 0, SIGCONT) == -1) die("PTRACE_CONT");
  printf("0\n");
}

static void pin(pid_t tid, long n) {
  cpu_set_t chosen;
  CPU_ZERO(&chosen);
  for (int cpu = 0, i = 0; cpu < CPU_SETSIZE; cpu++) {
    if (CPU_ISSET(cpu, &processors) && (n < 0 || i++ == n)) CPU_SET(cpu, &chosen);
  }
  if (sched_setaffinity(tid, sizeof chosen, &chosen) == -1) die("sched_setaffinity");
}

int main(int argc, char **argv) {
  pid = argc == 2 ? atoi(argv[1]) : 0;
  if (pid < 1) {
    fprintf(stderr, "usage: tracer PID\n");
    return 2;
  }
  if (sched_getaffinity(0, sizeof processors, &processors) == -1) die("sched_getaffinity");
  char line[128];
  while (fgets(line, sizeof line, stdin) != NULL) {
    char verb[16] = "";
    int first = 0;
    long second = 0;
    sscanf(line, "%15s %d %ld", verb, &first, &second);
    if (strcmp(verb, "seize") == 0) {
      seize();
      printf("%d\n", threads);
    } else if (strcmp(verb, "peek") == 0) {
      measure(wait_peeking, 0, first, second);
    } else if (strcmp(verb, "plain") == 0) {
      measure(wait_plainly, 0, first, second);
    } else if (strcmp(verb, "single") == 0) {
      measure(wait_peeking, threads - 1, first, second);
    } else if (strcmp(verb, "step") == 0) {
      step(first);
    } else if (strcmp(verb, "grab") == 0) {
      grab(first);
    } else if (strcmp(verb, "await") == 0) {
      await();
    } else if (strcmp(verb, "release") == 0) {
      release();
      printf("0\n");
    } else if (strcmp(verb, "pin") == 0) {
      pin(first, second);
      printf("0\n");
    } else {
      fprintf(stderr, "tracer: unknown command: %s", line);
      return 2;
    }
    fflush(stdout);
  }
  return 0;
}
