/*
 * What all target programs have in common: the memory that they share with the test, lines on
 * standard output, commands on standard input, and counting threads.
 *
 * A target is started by `nest` (see nest.c), which hands it the shared memory as an open file whose
 * number is in the environment. Run by hand, without a nest, a target uses private memory instead.
 *
 * The layout of `struct shared` is read by SharedMemory.java: change both, and SHARED_MAGIC.
 */
#ifndef TARGET_H
#define TARGET_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define SHARED_FD_VARIABLE "LIBPROC4J_TARGET_SHARED_FD"
#define SHARED_MAGIC 0x6c70346a30303033u

enum { MAX_SLOTS = 32768, MAX_LOGGED = 4096, FAILURE_BYTES = 256 };

/*
 * How a test can see that a target is well (header.liveness): one that counts nothing by itself, and
 * one that writes down every signal that it handles.
 */
enum { ANSWERS_PING = 1, COUNTS_SIGUSR1 = 2, LOGS_SIGNALS = 4 };

/* One counting thread. A cache line each, so that two counters do not slow each other down. */
struct slot {
  _Atomic uint64_t count; /* goes up as long as its thread runs */
  _Atomic uint64_t tid;   /* 0: nobody, or nobody any more */
  _Atomic uint64_t moves; /* 1: goes up without being asked to */
  _Atomic uint64_t order; /* what another thread of the target wants this one to do */
  _Atomic uint64_t kind;  /* in a PID namespace: see zoo.h */
  uint64_t spare[3];
};

/* One run of a signal handler. */
struct logged {
  _Atomic uint64_t complete; /* 1 when the other fields are written */
  int32_t signo, code, pid, tid;
  int64_t value; /* si_value, or si_addr of a fault */
};

struct header {
  uint64_t magic;
  _Atomic uint64_t control;        /* moves of nest's control thread */
  _Atomic uint64_t parent_signals; /* SIGCHLDs that nest received */
  _Atomic uint64_t slots;          /* slots in use: 0 … slots-1 */
  _Atomic uint64_t failures;       /* failed self-checks; the first one's words are in `failure` */
  _Atomic uint64_t logged;         /* handler runs so far, in `log` */
  _Atomic uint64_t liveness;       /* ANSWERS_PING | COUNTS_SIGUSR1 | LOGS_SIGNALS */
  _Atomic uint64_t period_us;      /* longest time that a running counter may pause */
  _Atomic uint64_t nest;           /* pid of the nest */
  _Atomic uint64_t generation;     /* how often the target has executed itself */
  _Atomic uint64_t semaphore;      /* 1 + id of a System V semaphore for the nest to remove, or 0 */
  _Atomic uint64_t queue;          /* likewise of a message queue */
  char failure[FAILURE_BYTES];
};

struct shared {
  union {
    struct header header;
    char page[4096];
  };
  struct slot slots[MAX_SLOTS];
  struct logged log[MAX_LOGGED];
};

_Static_assert(sizeof(struct slot) == 64, "SharedMemory.java expects 64 bytes a slot");
_Static_assert(sizeof(struct logged) == 32, "SharedMemory.java expects 32 bytes a log entry");
_Static_assert(offsetof(struct header, failure) == 96, "SharedMemory.java expects 12 words");

static struct shared *shared;

/* Says one line with a single write, so that lines of several processes never mix. */
__attribute__((format(printf, 1, 2))) static inline void say(const char *format, ...) {
  char line[512];
  va_list arguments;
  va_start(arguments, format);
  int length = vsnprintf(line, sizeof line - 1, format, arguments);
  va_end(arguments);
  if (length < 0) return;
  if (length > (int)sizeof line - 2) length = sizeof line - 2;
  line[length++] = '\n';
  while (write(STDOUT_FILENO, line, (size_t)length) == -1 && errno == EINTR) continue;
}

/* For what cannot go wrong on a healthy machine: says why and ends the target. */
static inline void die(const char *what) {
  say("died: %s: %s", what, strerror(errno));
  _exit(99);
}

/* Records that the target found itself damaged. The target goes on; the test fails. */
__attribute__((format(printf, 1, 2))) static inline void self_check_failed(const char *format, ...) {
  if (atomic_fetch_add(&shared->header.failures, 1) != 0) return;
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(shared->header.failure, FAILURE_BYTES, format, arguments);
  va_end(arguments);
}

/* Maps the shared memory that the harness hands down; false if there is none. */
static inline bool map_shared(void) {
  const char *fd = getenv(SHARED_FD_VARIABLE);
  int flags = fd != NULL ? MAP_SHARED : MAP_SHARED | MAP_ANONYMOUS;
  shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, flags, fd != NULL ? atoi(fd) : -1, 0);
  if (shared == MAP_FAILED) die("mmap");
  return fd != NULL;
}

/* Every target calls this first, also after it has executed itself. */
static inline void begin(void) {
  if (map_shared()) {
    /* Nest's own exec has set this too, but an exec by another thread than the leader loses it. */
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) == -1) die("prctl");
  } else {
    /* Who traces it is no ancestor then, which Yama wants to be told; fails without Yama. */
    prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY);
  }
  uint64_t used = atomic_load(&shared->header.slots);
  for (uint64_t i = 0; i < used; i++) {
    atomic_store(&shared->slots[i].moves, 0);
    atomic_store(&shared->slots[i].tid, 0);
    atomic_store(&shared->slots[i].order, 0);
  }
  atomic_store(&shared->header.slots, 0);
  atomic_store(&shared->header.liveness, 0);
  atomic_store(&shared->header.period_us, 1000);
}

static inline pid_t own_tid(void) { return (pid_t)syscall(SYS_gettid); }

/* Nobody can help a target that was given nonsense. */
static inline int number(const char *text, int least, int most) {
  char *end;
  long value = strtol(text, &end, 10);
  if (end == text || *end != '\0' || value < least || value > most) {
    say("died: not a number from %d to %d: %s", least, most, text);
    _exit(99);
  }
  return (int)value;
}

static inline int argument(int argc, char **argv, int i, int otherwise, int least, int most) {
  return i < argc ? number(argv[i], least, most) : otherwise;
}

/* Makes slot i the calling thread's. */
static inline struct slot *take_slot(int i, bool moves) {
  struct slot *slot = &shared->slots[i];
  atomic_store(&slot->tid, (uint64_t)own_tid());
  atomic_store(&slot->moves, moves);
  uint64_t used = atomic_load(&shared->header.slots);
  while (used <= (uint64_t)i &&
         !atomic_compare_exchange_weak(&shared->header.slots, &used, (uint64_t)i + 1))
    continue;
  return slot;
}

static inline void leave_slot(struct slot *slot) {
  atomic_store(&slot->moves, 0);
  atomic_store(&slot->tid, 0);
}

static inline void count(struct slot *slot) {
  atomic_fetch_add_explicit(&slot->count, 1, memory_order_relaxed);
}

/* Sleeps for that long, whatever signals are handled meanwhile. */
static inline void sleep_us(long us) {
  struct timespec left = {us / 1000000, us % 1000000 * 1000};
  while (nanosleep(&left, &left) == -1 && errno == EINTR) continue;
}

/* Like sleep_us, for a thread that handles no signal: nothing may interrupt its sleep. */
static inline void sleep_undisturbed_us(long us) {
  struct timespec time = {us / 1000000, us % 1000000 * 1000};
  if (nanosleep(&time, NULL) == -1) {
    self_check_failed("nanosleep of thread %d returned errno %d without a signal", own_tid(), errno);
  }
}

/* A small computation done twice: in registers, and in memory. Both must agree for ever. */
struct sum {
  uint64_t value;
  volatile uint64_t twin;
};

static inline void compute(struct sum *sum, int rounds) {
  uint64_t value = sum->value;
  for (int i = 0; i < rounds; i++) {
    value = value * 6364136223846793005u + 1442695040888963407u;
    sum->twin = sum->twin * 6364136223846793005u + 1442695040888963407u;
  }
  sum->value = value;
  if (value != sum->twin) self_check_failed("thread %d computed nonsense", own_tid());
}

/* Starts a detached thread with a small stack, so that thousands of them are cheap. */
static inline int try_start_thread(void *(*run)(void *), intptr_t value) {
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, 64 * 1024);
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  pthread_t thread;
  int error = pthread_create(&thread, &attributes, run, (void *)value);
  pthread_attr_destroy(&attributes);
  return error;
}

static inline void start_thread(void *(*run)(void *), intptr_t value) {
  errno = try_start_thread(run, value);
  if (errno != 0) die("pthread_create");
}

/* A thread that counts once a millisecond, for targets that are about something else. */
static inline void *count_slowly(void *slot_number) {
  struct slot *slot = take_slot((int)(intptr_t)slot_number, true);
  struct sum sum = {own_tid(), own_tid()};
  for (;;) {
    compute(&sum, 100);
    count(slot);
    sleep_us(1000);
  }
  return NULL;
}

static inline void await_counting(int first, int end) {
  for (int i = first; i < end; i++) {
    while (atomic_load(&shared->slots[i].count) == 0) sleep_us(100);
  }
}

/* Writes down a signal. Use it as, or call it from, a SA_SIGINFO handler. */
static inline void log_signal(int signo, siginfo_t *info, void *context) {
  (void)context;
  uint64_t i = atomic_fetch_add(&shared->header.logged, 1);
  if (i >= MAX_LOGGED) return;
  struct logged *entry = &shared->log[i];
  bool fault = info->si_code > 0 && info->si_code != SI_KERNEL &&
               (signo == SIGSEGV || signo == SIGBUS || signo == SIGTRAP || signo == SIGILL ||
                signo == SIGFPE);
  entry->signo = signo;
  entry->code = info->si_code;
  entry->pid = fault ? 0 : info->si_pid;
  entry->tid = own_tid();
  entry->value = fault ? (int64_t)(intptr_t)info->si_addr : (int64_t)(intptr_t)info->si_value.sival_ptr;
  atomic_store(&entry->complete, 1);
}

static inline void on_signal(int signo, void (*handler)(int, siginfo_t *, void *), int flags) {
  struct sigaction action = {.sa_sigaction = handler, .sa_flags = SA_SIGINFO | flags};
  sigemptyset(&action.sa_mask);
  if (sigaction(signo, &action, NULL) == -1) die("sigaction");
}

/*
 * Reads one line byte by byte, so that a child or a program executed later finds the rest where it
 * should be. Returns false at the end of the input.
 */
static inline bool read_line(char *line, size_t size) {
  size_t length = 0;
  for (;;) {
    char c;
    ssize_t got = read(STDIN_FILENO, &c, 1);
    if (got == -1 && errno == EINTR) continue;
    if (got <= 0) return false;
    if (c == '\n') break;
    if (length < size - 1) line[length++] = c;
  }
  line[length] = '\0';
  return true;
}

/* If the line is that command, returns what follows it ("" for nothing), else NULL. */
static inline const char *command(const char *line, const char *name) {
  size_t length = strlen(name);
  if (strncmp(line, name, length) != 0) return NULL;
  if (line[length] == '\0') return line + length;
  return line[length] == ' ' ? line + length + 1 : NULL;
}

/*
 * Commands that every target with an ear understands: `ping` (answers `pong`), `fail TEXT` (plants a
 * failed self-check), `exit CODE`, `allow` (lets strangers trace it where Yama would not; answers
 * `allowed`). Anything else that nobody knows is a mistake in a test.
 */
static inline void common_command(const char *line) {
  const char *rest;
  if (command(line, "ping")) {
    say("pong");
  } else if ((rest = command(line, "fail"))) {
    self_check_failed("%s", rest);
    say("failed as told");
  } else if (command(line, "allow")) {
    prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY); /* fails without Yama, where it is not needed */
    say("allowed");
  } else if ((rest = command(line, "exit"))) {
    _exit(*rest ? number(rest, 0, 255) : 0);
  } else {
    say("unknown command: %s", line);
  }
}

/* Serves commands until the input ends; then waits for the nest to kill us. */
static inline void serve(void (*obey)(const char *line)) {
  char line[256];
  while (read_line(line, sizeof line)) obey(line);
  for (;;) pause();
}

#endif
