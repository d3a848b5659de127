/*
 * tracer PID: a stranger that traces all threads of that process, well-behaved, until it ends. Yama
 * may want the process to be told `allow` before.
 * tracer child: it traces a child of its own, which any tracer may; says `tracee PID` first.
 *
 * Commands: `stop` interrupts all threads and says `stopped` when they are; `run` lets them run and
 * says `running`; `swallow SIG` keeps the next such signal from the tracee, once, and says `swallowed`
 * then; the common ones. Its end, by `exit` or by the end of its input, lets the tracee go.
 */
#include "target.h"

#include <dirent.h>
#include <poll.h>
#include <sys/ptrace.h>
#include <sys/signalfd.h>

#define GROUP_OF_SIGNALS(s) ((s) == SIGSTOP || (s) == SIGTSTP || (s) == SIGTTIN || (s) == SIGTTOU)

static pid_t tracee;
static bool holding;
static int held;
static int unwanted; /* the signal to swallow, or 0 */

/* Calls for each thread of the tracee; returns how many calls returned 0. */
static int for_each_thread(long (*call)(pid_t tid)) {
  char path[64];
  snprintf(path, sizeof path, "/proc/%d/task", tracee);
  DIR *directory = opendir(path);
  if (directory == NULL) return 0;
  int done = 0;
  for (struct dirent *entry; (entry = readdir(directory)) != NULL;) {
    pid_t tid = atoi(entry->d_name);
    if (tid != 0 && call(tid) == 0) done++;
  }
  closedir(directory);
  return done;
}

static long seize(pid_t tid) { return ptrace(PTRACE_SEIZE, tid, 0, PTRACE_O_TRACECLONE); }
static long interrupt(pid_t tid) { return ptrace(PTRACE_INTERRUPT, tid, 0, 0); }
static long cont(pid_t tid) { return ptrace(PTRACE_CONT, tid, 0, 0); }

/* Answers every stop as if we were not there, except those that we hold. */
static void listen_to_tracee(void) {
  int status;
  pid_t tid;
  while ((tid = waitpid(-1, &status, __WALL | WNOHANG)) > 0) {
    if (!WIFSTOPPED(status)) continue;
    int signo = WSTOPSIG(status), event = status >> 16;
    if (event == PTRACE_EVENT_STOP && GROUP_OF_SIGNALS(signo)) {
      ptrace(PTRACE_LISTEN, tid, 0, 0);
    } else if (event == PTRACE_EVENT_STOP && holding) {
      held++;
    } else if (event == 0 && signo == unwanted) {
      unwanted = 0;
      ptrace(PTRACE_CONT, tid, 0, 0);
      say("swallowed");
    } else {
      ptrace(PTRACE_CONT, tid, 0, event == 0 ? signo : 0);
    }
  }
}

static void obey(const char *line) {
  const char *rest = command(line, "swallow");
  if (rest != NULL) {
    unwanted = number(rest, 1, 64);
    say("swallowing");
  } else if (command(line, "stop")) {
    holding = true;
    held = 0;
    int asked = for_each_thread(interrupt);
    while (held < asked) {
      listen_to_tracee();
      sleep_us(100);
    }
    say("stopped");
  } else if (command(line, "run")) {
    holding = false;
    for_each_thread(cont);
    say("running");
  } else {
    common_command(line);
  }
}

int main(int argc, char **argv) {
  begin();
  if (argc != 2) die("tracer PID or tracer child");
  sigset_t child;
  sigemptyset(&child);
  sigaddset(&child, SIGCHLD);
  sigprocmask(SIG_BLOCK, &child, NULL);
  int signals = signalfd(-1, &child, SFD_NONBLOCK | SFD_CLOEXEC);
  if (signals == -1) die("signalfd");

  if (strcmp(argv[1], "child") == 0) {
    tracee = fork();
    if (tracee == -1) die("fork");
    if (tracee == 0) {
      prctl(PR_SET_PDEATHSIG, SIGKILL);
      sigprocmask(SIG_UNBLOCK, &child, NULL);
      for (;;) pause();
    }
    say("tracee %d", tracee);
  } else {
    tracee = number(argv[1], 1, INT32_MAX);
  }
  if (for_each_thread(seize) == 0) die("PTRACE_SEIZE");
  take_slot(0, false);
  atomic_store(&shared->header.liveness, ANSWERS_PING);
  say("ready");

  char line[256];
  for (;;) {
    struct pollfd events[] = {{STDIN_FILENO, POLLIN, 0}, {signals, POLLIN, 0}};
    if (poll(events, 2, -1) == -1) die("poll");
    struct signalfd_siginfo sent;
    while (read(signals, &sent, sizeof sent) == sizeof sent) continue;
    listen_to_tracee();
    if (events[0].revents == 0) continue;
    if (!read_line(line, sizeof line)) return 0;
    obey(line);
  }
}
