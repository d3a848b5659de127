/*
 * nest PROGRAM [ARGUMENT…]: a living parent between the test's JVM and one target program.
 *
 * A JVM cannot trace its own children undisturbed (its process reaper takes their stops), and Yama
 * lets it trace descendants only. So the JVM starts a nest, and the nest starts the target.
 *
 * The nest is also an ordinary parent, and tells on standard output what a parent gets to know:
 *
 *   nest: target PID shared FD        the target runs; FD is the nest's number of the shared memory
 *   parent: stopped SIGNAL | continued | exited CODE | killed SIGNAL
 *
 * It obeys commands on standard input, `ID COMMAND`, and answers each by `nest: ID ok` or
 * `nest: ID failed ERRNO WHY` once it is done, after everything that the parent knew by then:
 *
 *   kill SIG              tgkill TID SIG         sigqueue SIG VALUE     tgsigqueue TID SIG VALUE
 *   killmember PID SIG    a process that the target has started and that is still in its group
 *   line TEXT             one line for the target's standard input;  eof closes that
 *   control N             N more moves of the control thread (see below)
 *   reap on|off           off: a dead target stays a zombie until `reap on`
 *   sync                  nothing: only the answer
 *
 * When its input ends, which it does if the JVM dies in whatever way, the nest kills the target and
 * all that it left behind, reaps them and ends: 0, or 3 if something could not be reaped in time.
 */
#include "target.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/msg.h>
#include <sys/resource.h>
#include <sys/sem.h>
#include <sys/signalfd.h>

static pid_t target;
static bool reaped;             /* the target's pid is no longer ours to signal */
static bool dead;               /* its end has been told */
static bool reaping = true;
static int target_input = -1;
static int signals;             /* a signalfd for SIGCHLD */

/*
 * The control thread: does what a target's thread would do, a little work and a little sleep, so
 * that "this counter stood still" can mean "while the control counter moved N times".
 */
static pthread_mutex_t control_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t control_wanted = PTHREAD_COND_INITIALIZER;
static uint64_t control_until;

static void *control(void *unused) {
  (void)unused;
  struct sum sum = {1, 1};
  for (;;) {
    pthread_mutex_lock(&control_lock);
    while (atomic_load(&shared->header.control) >= control_until) {
      pthread_cond_wait(&control_wanted, &control_lock);
    }
    pthread_mutex_unlock(&control_lock);
    compute(&sum, 20000);
    sleep_us(900);
    atomic_fetch_add(&shared->header.control, 1);
  }
  return NULL;
}

static void move_control(int moves) {
  static bool started;
  pthread_mutex_lock(&control_lock);
  control_until = atomic_load(&shared->header.control) + (uint64_t)moves;
  pthread_cond_signal(&control_wanted);
  pthread_mutex_unlock(&control_lock);
  if (!started) start_thread(control, 0);
  started = true;
}

/* Tells everything that waitid has to say about the target, and reaps what it left to us. */
static void look(void) {
  struct signalfd_siginfo sent;
  while (read(signals, &sent, sizeof sent) == sizeof sent) {
    if ((pid_t)sent.ssi_pid == target) atomic_fetch_add(&shared->header.parent_signals, 1);
  }
  while (!reaped) {
    siginfo_t info = {0};
    int news = dead ? 0 : WSTOPPED | WCONTINUED;
    /* Peeking first: whether the end may be taken is `reaping`'s to say. */
    if (waitid(P_PID, (id_t)target, &info, news | WEXITED | WNOHANG | WNOWAIT) == -1) break;
    if (info.si_pid == 0) break;
    bool end = info.si_code != CLD_STOPPED && info.si_code != CLD_CONTINUED;
    if (end && !dead) {
      dead = true;
      say("parent: %s %d", info.si_code == CLD_EXITED ? "exited" : "killed", info.si_status);
    }
    if (end && !reaping) break;
    siginfo_t taken = {0};
    if (waitid(P_PID, (id_t)target, &taken, (end ? WEXITED : news) | WNOHANG) == -1) break;
    if (end) {
      reaped = true;
    } else if (taken.si_code == CLD_STOPPED) {
      say("parent: stopped %d", taken.si_status);
    } else if (taken.si_code == CLD_CONTINUED) {
      say("parent: continued");
    }
  }
  /* Children of the target that outlived their parents are ours, as a subreaper's. */
  while (reaped && waitpid(-1, NULL, WNOHANG | __WALL) > 0) continue;
  while (!dead) {
    siginfo_t info = {0};
    if (waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) == -1) break;
    if (info.si_pid == 0 || info.si_pid == target) break;
    waitpid(info.si_pid, NULL, WNOHANG);
  }
}

static int fail(int error) {
  errno = error;
  return -1;
}

/* Never signals a pid that may be somebody else's by now. */
static int signal_target(pid_t tid, int signo, bool queued, long value) {
  look();
  if (reaped) return fail(ESRCH);
  siginfo_t info = {.si_code = SI_QUEUE};
  info.si_signo = signo;
  info.si_pid = getpid();
  info.si_uid = getuid();
  info.si_value.sival_ptr = (void *)(intptr_t)value;
  if (tid != 0 && queued) {
    return (int)syscall(SYS_rt_tgsigqueueinfo, target, tid, signo, &info);
  }
  if (tid != 0) return (int)syscall(SYS_tgkill, target, tid, signo);
  if (queued) return (int)syscall(SYS_rt_sigqueueinfo, target, signo, &info);
  return kill(target, signo);
}

static int send_line(const char *text) {
  char line[512];
  int length = snprintf(line, sizeof line, "%s\n", text);
  if (target_input == -1) return fail(EPIPE);
  return write(target_input, line, (size_t)length) == length ? 0 : -1;
}

static int obey(const char *line) {
  int a, b;
  long value;
  const char *rest;
  if (command(line, "sync")) return 0;
  if ((rest = command(line, "line"))) return send_line(rest);
  if (command(line, "eof")) {
    int closed = close(target_input);
    target_input = -1;
    return closed;
  }
  if (sscanf(line, "kill %d", &a) == 1) return signal_target(0, a, false, 0);
  if (sscanf(line, "tgkill %d %d", &a, &b) == 2) return signal_target(a, b, false, 0);
  if (sscanf(line, "sigqueue %d %ld", &a, &value) == 2) return signal_target(0, a, true, value);
  if (sscanf(line, "tgsigqueue %d %d %ld", &a, &b, &value) == 3) {
    return signal_target(a, b, true, value);
  }
  if (sscanf(line, "killmember %d %d", &a, &b) == 2) {
    return getpgid(a) == target ? kill(a, b) : fail(ESRCH);
  }
  if (sscanf(line, "control %d", &a) == 1) {
    move_control(a);
    return 0;
  }
  if (command(line, "reap on") || command(line, "reap off")) {
    reaping = command(line, "reap on") != NULL;
    return 0;
  }
  return fail(EINVAL);
}

static void answer(char *line) {
  char *text;
  long id = strtol(line, &text, 10);
  if (*text == ' ') text++;
  int done = obey(text);
  int error = errno;
  look();
  if (done == -1) {
    say("nest: %ld failed %d %s", id, error, strerror(error));
  } else {
    say("nest: %ld ok", id);
  }
}

/* Whether somebody traces the target, a dead one too. */
static bool is_traced(void) {
  char name[64], text[4096];
  snprintf(name, sizeof name, "/proc/%d/status", target);
  int fd = open(name, O_RDONLY | O_CLOEXEC);
  ssize_t length = fd == -1 ? 0 : read(fd, text, sizeof text - 1);
  if (fd != -1) close(fd);
  text[length > 0 ? length : 0] = '\0';
  const char *tracer = strstr(text, "TracerPid:\t");
  return tracer != NULL && atoi(tracer + strlen("TracerPid:\t")) != 0;
}

/*
 * Kills everything below us. As long as we have children, the target or what it left behind is in its
 * group, whose number therefore cannot be anybody else's. The limit is for a tracer that sits on a
 * dead target: only the tracer could take that away. The kernel may take its time.
 */
static int end(void) {
  int semaphore = (int)atomic_exchange(&shared->header.semaphore, 0) - 1;
  int queue = (int)atomic_exchange(&shared->header.queue, 0) - 1;
  if (semaphore != -1) semctl(semaphore, 0, IPC_RMID);
  if (queue != -1) msgctl(queue, IPC_RMID, NULL);
  struct timespec start, now;
  clock_gettime(CLOCK_MONOTONIC, &start);
  now = start;
  for (int tries = 0; now.tv_sec - start.tv_sec < 15 || !is_traced(); tries++) {
    pid_t pid;
    while ((pid = waitpid(-1, NULL, WNOHANG | __WALL)) > 0) continue;
    if (pid == -1) return 0;
    kill(-target, SIGKILL);
    /* Seldom in the end: who reads /proc makes the kernel spin. */
    sleep_us(tries < 100 ? 100 : tries < 10000 ? 1000 : 100000);
    clock_gettime(CLOCK_MONOTONIC, &now);
  }
  say("nest: the target is dead, but its tracer does not let it be reaped");
  return 3;
}

static void become_target(char **argv, int input, pid_t nest) {
  /* A group of its own, whose parent is in the same session: so that SIGTSTP stops it. */
  setpgid(0, 0);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != nest) _exit(98);
  dup2(input, STDIN_FILENO);
  close(input);
  struct rlimit no_core = {0, 0};
  setrlimit(RLIMIT_CORE, &no_core);
  for (int i = 1; i < NSIG; i++) signal(i, SIG_DFL);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
  execv(argv[0], argv);
  die(argv[0]);
}

int main(int argc, char **argv) {
  if (argc < 2) {
    fprintf(stderr, "usage: nest PROGRAM [ARGUMENT...]\n");
    return 2;
  }
  /* No PR_SET_PDEATHSIG for ourselves: it would fire when the Java *thread* that started us ends. */
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  signal(SIGPIPE, SIG_IGN);
  signal(SIGCHLD, SIG_DFL);

  int memory = memfd_create("libproc4j-target", 0);
  if (memory == -1 || ftruncate(memory, sizeof *shared) == -1) die("memfd_create");
  shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED, memory, 0);
  if (shared == MAP_FAILED) die("mmap");
  shared->header.magic = SHARED_MAGIC;
  atomic_store(&shared->header.nest, (uint64_t)getpid());
  char fd[16];
  snprintf(fd, sizeof fd, "%d", memory);
  setenv(SHARED_FD_VARIABLE, fd, 1);

  sigset_t child;
  sigemptyset(&child);
  sigaddset(&child, SIGCHLD);
  sigprocmask(SIG_SETMASK, &child, NULL);
  signals = signalfd(-1, &child, SFD_NONBLOCK | SFD_CLOEXEC);

  int input[2];
  if (signals == -1 || pipe2(input, O_CLOEXEC) == -1) die("nest");
  target_input = input[1];
  pid_t nest = getpid();
  target = fork();
  if (target == -1) die("fork");
  if (target == 0) become_target(argv + 1, input[0], nest);
  setpgid(target, target); /* by both of us, so that neither has to wait for the other */
  close(input[0]);
  say("nest: target %d shared %d", target, memory);

  char line[512];
  size_t length = 0;
  for (;;) {
    struct pollfd events[] = {{STDIN_FILENO, POLLIN, 0}, {signals, POLLIN, 0}};
    if (poll(events, 2, -1) == -1 && errno != EINTR) die("poll");
    look();
    if (events[0].revents == 0) continue;
    char bytes[512];
    ssize_t got = read(STDIN_FILENO, bytes, sizeof bytes);
    if (got <= 0) return end();
    for (ssize_t i = 0; i < got; i++) {
      if (bytes[i] != '\n') {
        if (length < sizeof line - 1) line[length++] = bytes[i];
        continue;
      }
      line[length] = '\0';
      length = 0;
      answer(line);
    }
  }
}
