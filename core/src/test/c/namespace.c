/*
 * namespace [PROGRAM [ARGUMENT…]]: a machine that may be frozen: a PID namespace with its own /proc and its own
 * corner of the cgroups, in which this program is the first process. Whoever freezes looks for it (inside.h).
 *
 * With a PROGRAM, it runs that and ends with its status. Without, it first says
 *
 *   namespace: init PID shared FD cgroup DIRECTORY|- freezer DIRECTORY|- token TOKEN
 *
 * PID is the first process as the outside sees it, FD the number of the shared memory (target.h) in the process that
 * was started, the directories are those of the cgroup v2 and of cgroup v1's freezer that the namespace takes for the
 * root. Then it obeys commands, ID and words with tabs in between, and answers each by `namespace: ID ok N` or
 * `namespace: ID failed ERRNO WHY`:
 *
 *   start CGROUP|- PROGRAM ARGUMENT…    N is its pid; it has a session of its own and our standard output;
 *                                       CGROUP is relative to the root, for all hierarchies that have it
 *   tell PID TEXT                       one line for the standard input of a started program
 *   deafen PID                          the end of its standard input
 *   kill PID SIG
 *
 * and tells the ends of started programs by `namespace: ended PID exited|killed N`.
 *
 * When its input ends, which it does if the JVM dies in whatever way, all processes of the namespace are killed, the
 * cgroups are removed, and it ends: 0, or 3 if a cgroup could not be removed.
 */
#include "target.h"
#include "inside.h"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/signalfd.h>

/* ---------------------------------------------------------------- cgroups, seen from outside */

/* One hierarchy that can freeze: where it is mounted, and our corner of it; empty if there is none. */
struct hierarchy {
  const char *type, *option, *prefix; /* of mountinfo; of a line in /proc/self/cgroup */
  char mount[PATH_MAX], corner[PATH_MAX];
};

static struct hierarchy hierarchies[] = {
    {.type = "cgroup2", .option = NULL, .prefix = "0::"},
    {.type = "cgroup", .option = "freezer", .prefix = ":freezer:"},
};
enum { HIERARCHIES = sizeof hierarchies / sizeof *hierarchies };

static bool has_word(const char *list, const char *word) {
  size_t length = strlen(word);
  for (const char *at = strstr(list, word); at != NULL; at = strstr(at + 1, word)) {
    bool begins = at == list || at[-1] == ',';
    if (begins && (at[length] == ',' || at[length] == '\n' || at[length] == '\0')) return true;
  }
  return false;
}

static void find_mount(struct hierarchy *h) {
  FILE *file = fopen("/proc/self/mountinfo", "r");
  char line[2 * PATH_MAX], where[PATH_MAX], type[64], options[PATH_MAX];
  while (file != NULL && fgets(line, sizeof line, file) != NULL) {
    const char *rest = strstr(line, " - ");
    if (rest == NULL || sscanf(line, "%*s %*s %*s / %4095s", where) != 1) continue;
    if (sscanf(rest, " - %63s %*s %4095s", type, options) != 2 || strcmp(type, h->type) != 0) continue;
    if (h->option != NULL && !has_word(options, h->option)) continue;
    strcpy(h->mount, where);
  }
  if (file != NULL) fclose(file);
}

static void find_own(const char *prefix, char *path) {
  FILE *file = fopen("/proc/self/cgroup", "r");
  char line[PATH_MAX];
  path[0] = '\0';
  while (file != NULL && fgets(line, sizeof line, file) != NULL) {
    const char *at = strstr(line, prefix);
    if (at == NULL || (prefix[0] == '0' && at != line)) continue;
    line[strcspn(line, "\n")] = '\0';
    strcpy(path, at + strlen(prefix));
  }
  if (file != NULL) fclose(file);
}

static bool write_word(const char *directory, const char *name, const char *word) {
  char path[PATH_MAX + 64];
  snprintf(path, sizeof path, "%s/%s", directory, name);
  int fd = open(path, O_WRONLY | O_CLOEXEC);
  if (fd == -1) return false;
  bool written = write(fd, word, strlen(word)) == (ssize_t)strlen(word);
  close(fd);
  return written;
}

static bool write_number(const char *directory, const char *name, long number) {
  char text[32];
  snprintf(text, sizeof text, "%ld", number);
  return write_word(directory, name, text);
}

/* Removes a cgroup and those below it; one that still has processes stays. */
static bool remove_cgroups(const char *directory) {
  DIR *dir = opendir(directory);
  if (dir == NULL) return errno == ENOENT;
  for (struct dirent *entry; (entry = readdir(dir)) != NULL;) {
    char path[PATH_MAX];
    if (entry->d_type != DT_DIR || entry->d_name[0] == '.') continue;
    if (snprintf(path, sizeof path, "%s/%s", directory, entry->d_name) < (int)sizeof path) remove_cgroups(path);
  }
  closedir(dir);
  return rmdir(directory) == 0;
}

/* Who is frozen in a cgroup of v1 does not end before the thaw, not even by SIGKILL. */
static void thaw_cgroups(const char *directory) {
  DIR *dir = opendir(directory);
  if (dir == NULL) return;
  for (struct dirent *entry; (entry = readdir(dir)) != NULL;) {
    char path[PATH_MAX];
    if (entry->d_type != DT_DIR || entry->d_name[0] == '.') continue;
    if (snprintf(path, sizeof path, "%s/%s", directory, entry->d_name) >= (int)sizeof path) continue;
    write_word(path, "freezer.state", "THAWED");
    thaw_cgroups(path);
  }
  closedir(dir);
}

/* What a namespace left that was killed before it could clean up: the name tells whose it was. */
static void remove_stale(const char *parent) {
  DIR *dir = opendir(parent);
  if (dir == NULL) return;
  for (struct dirent *entry; (entry = readdir(dir)) != NULL;) {
    char path[PATH_MAX];
    int owner = 0, end = 0;
    if (sscanf(entry->d_name, "libproc4j-%d%n", &owner, &end) != 1 || entry->d_name[end] != '\0') continue;
    if (kill(owner, 0) == 0 || errno != ESRCH) continue;
    if (snprintf(path, sizeof path, "%s/%s", parent, entry->d_name) >= (int)sizeof path) continue;
    thaw_cgroups(path);
    remove_cgroups(path);
  }
  closedir(dir);
}

static void make_corners(void) {
  for (int i = 0; i < HIERARCHIES; i++) {
    struct hierarchy *h = &hierarchies[i];
    char own[PATH_MAX], parent[2 * PATH_MAX];
    find_mount(h);
    find_own(h->prefix, own);
    if (h->mount[0] == '\0') continue;
    snprintf(parent, sizeof parent, "%s%s", h->mount, strcmp(own, "/") == 0 ? "" : own);
    remove_stale(parent);
    int length = snprintf(h->corner, sizeof h->corner, "%.4000s/libproc4j-%d", parent, getpid());
    if (length >= (int)sizeof h->corner || mkdir(h->corner, 0755) == -1) h->corner[0] = '\0';
  }
}

static bool remove_corners(void) {
  bool all = true;
  for (int i = 0; i < HIERARCHIES; i++) {
    struct hierarchy *h = &hierarchies[i];
    if (h->corner[0] == '\0') continue;
    bool gone = false;
    /* The last process leaves its cgroup a moment after it has been reaped. */
    for (int tries = 0; tries < 2000 && !(gone = remove_cgroups(h->corner)); tries++) sleep_us(1000);
    all &= gone;
  }
  return all;
}

/* ---------------------------------------------------------------- the first process */

enum { MAX_STARTED = 4096 };

static struct {
  pid_t pid;
  int input;
} started[MAX_STARTED];
static int starts;

static int find_started(pid_t pid) {
  for (int i = starts - 1; i >= 0; i--) {
    if (started[i].pid == pid) return i;
  }
  return -1;
}

static long fail(int error) {
  errno = error;
  return -1;
}

/* Joins a cgroup below the root in each hierarchy that has it. */
static bool join(const char *cgroup) {
  bool joined = false;
  for (int i = 0; i < HIERARCHIES; i++) {
    char path[2 * PATH_MAX];
    if (hierarchies[i].corner[0] == '\0') continue;
    snprintf(path, sizeof path, "%s/%s", hierarchies[i].mount, cgroup);
    joined |= write_number(path, "cgroup.procs", 0);
  }
  return joined;
}

static void become(char **argv, int input, const char *cgroup) {
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
  signal(SIGPIPE, SIG_DFL);
  setsid();
  if (strcmp(cgroup, "-") != 0 && !join(cgroup)) die(cgroup);
  if (input != -1) dup2(input, STDIN_FILENO);
  execvp(argv[0], argv);
  die(argv[0]);
}

static pid_t start(char **argv, const char *cgroup, bool listens) {
  int input[2] = {-1, -1};
  if (starts == MAX_STARTED) return (pid_t)fail(ENOSPC);
  if (listens && pipe2(input, O_CLOEXEC) == -1) return -1;
  pid_t pid = fork();
  if (pid == 0) become(argv, input[0], cgroup);
  if (listens) close(input[0]);
  if (pid == -1) return -1;
  started[starts].pid = pid;
  started[starts++].input = input[1];
  return pid;
}

static long tell(pid_t pid, const char *text) {
  char line[1024];
  int i = find_started(pid);
  if (i == -1 || started[i].input == -1) return fail(ESRCH);
  int length = snprintf(line, sizeof line, "%s\n", text);
  return write(started[i].input, line, (size_t)length) == length ? 0 : -1;
}

static long deafen(pid_t pid) {
  int i = find_started(pid);
  if (i == -1 || started[i].input == -1) return fail(ESRCH);
  int closed = close(started[i].input);
  started[i].input = -1;
  return closed;
}

static long obey(char **words, int count) {
  if (count >= 3 && strcmp(words[0], "start") == 0) return start(words + 2, words[1], true);
  if (count == 3 && strcmp(words[0], "tell") == 0) return tell(atoi(words[1]), words[2]);
  if (count == 2 && strcmp(words[0], "deafen") == 0) return deafen(atoi(words[1]));
  if (count == 3 && strcmp(words[0], "kill") == 0) return kill(atoi(words[1]), atoi(words[2]));
  return fail(EINVAL);
}

static void answer(char *line) {
  char *words[64], *save = NULL;
  int count = 0;
  for (char *word = strtok_r(line, "\t", &save); word != NULL && count < 63; word = strtok_r(NULL, "\t", &save)) {
    words[count++] = word;
  }
  words[count] = NULL;
  long done = count < 2 ? fail(EINVAL) : obey(words + 1, count - 1);
  if (done == -1) {
    say("namespace: %s failed %d %s", count > 0 ? words[0] : "0", errno, strerror(errno));
  } else {
    say("namespace: %s ok %ld", words[0], done);
  }
}

/* Everything that lost its parent is ours to reap; the program that we run ends us. */
static void reap(pid_t only) {
  int status;
  for (pid_t pid; (pid = waitpid(-1, &status, WNOHANG | __WALL)) > 0;) {
    int number = WIFEXITED(status) ? WEXITSTATUS(status) : WTERMSIG(status);
    if (pid == only) _exit(WIFEXITED(status) ? number : 128 + number);
    int i = find_started(pid);
    if (i == -1) continue;
    started[i].pid = 0;
    if (started[i].input != -1) close(started[i].input);
    say("namespace: ended %d %s %d", pid, WIFEXITED(status) ? "exited" : "killed", number);
  }
}

/* Puts our corner in the place of the whole, which may be locked by a user namespace: then on top of it. */
static void show_corner_alone(const struct hierarchy *h) {
  int corner = (int)syscall(SYS_open_tree, AT_FDCWD, h->corner, OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);
  if (corner == -1) die(h->corner);
  umount2(h->mount, MNT_DETACH);
  if (syscall(SYS_move_mount, corner, "", AT_FDCWD, h->mount, MOVE_MOUNT_F_EMPTY_PATH) == -1) die(h->mount);
  close(corner);
}

static void enter(void) {
  if (unshare(CLONE_NEWCGROUP) == -1) die("unshare cgroups");
  if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == -1) die("mount private");
  if (mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL) == -1) die("mount /proc");
  for (int i = 0; i < HIERARCHIES; i++) {
    if (hierarchies[i].corner[0] != '\0') show_corner_alone(&hierarchies[i]);
  }
}

static void first(char **argv, int go, int memory) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  int host;
  if (read(go, &host, sizeof host) != sizeof host) _exit(98); /* whoever started us is gone */
  close(go);
  enter();
  const char *token = namespace_token();
  if (token == NULL) die("this is no namespace of the tests");
  setenv(NAMESPACE_VARIABLE, token, 1);
  sigset_t child;
  sigemptyset(&child);
  sigaddset(&child, SIGCHLD);
  sigprocmask(SIG_SETMASK, &child, NULL);
  signal(SIGPIPE, SIG_IGN);
  int signals = signalfd(-1, &child, SFD_NONBLOCK | SFD_CLOEXEC);
  if (signals == -1) die("signalfd");

  pid_t only = 0;
  if (*argv != NULL) {
    only = start(argv, "-", false);
  } else {
    const char *v2 = hierarchies[0].corner, *v1 = hierarchies[1].corner;
    say("namespace: init %d shared %d cgroup %s freezer %s token %s", host, memory, *v2 ? v2 : "-", *v1 ? v1 : "-",
        token);
  }
  char line[4096];
  size_t length = 0;
  for (;;) {
    struct pollfd events[] = {{only == 0 ? STDIN_FILENO : -1, POLLIN, 0}, {signals, POLLIN, 0}};
    if (poll(events, 2, -1) == -1 && errno != EINTR) die("poll");
    struct signalfd_siginfo sent;
    while (read(signals, &sent, sizeof sent) == sizeof sent) continue;
    reap(only);
    if (events[0].revents == 0) continue;
    char bytes[4096];
    ssize_t got = read(STDIN_FILENO, bytes, sizeof bytes);
    if (got <= 0) _exit(0);
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

/* ---------------------------------------------------------------- outside */

static void write_text(const char *path, const char *text) {
  int fd = open(path, O_WRONLY | O_CLOEXEC);
  if (fd == -1 || write(fd, text, strlen(text)) == -1) die(path);
  close(fd);
}

/* Without privileges, a user namespace gives those that are needed inside. */
static void map_user(pid_t pid) {
  char path[64], map[64];
  snprintf(path, sizeof path, "/proc/%d/setgroups", pid);
  write_text(path, "deny");
  snprintf(path, sizeof path, "/proc/%d/uid_map", pid);
  snprintf(map, sizeof map, "0 %d 1", getuid());
  write_text(path, map);
  snprintf(path, sizeof path, "/proc/%d/gid_map", pid);
  snprintf(map, sizeof map, "0 %d 1", getgid());
  write_text(path, map);
}

int main(int argc, char **argv) {
  (void)argc;
  int memory = memfd_create("libproc4j-namespace", 0);
  if (memory == -1 || ftruncate(memory, sizeof *shared) == -1) die("memfd_create");
  char fd[16];
  snprintf(fd, sizeof fd, "%d", memory);
  setenv(SHARED_FD_VARIABLE, fd, 1);
  map_shared();
  shared->header.magic = SHARED_MAGIC;

  make_corners();
  int go[2];
  if (pipe2(go, O_CLOEXEC) == -1) die("pipe");
  long flags = CLONE_NEWPID | CLONE_NEWNS | (geteuid() == 0 ? 0 : CLONE_NEWUSER) | SIGCHLD;
  pid_t init = (pid_t)syscall(SYS_clone, flags, 0, 0, 0, 0);
  if (init == 0) {
    close(go[1]);
    first(argv + 1, go[0], memory);
  }
  int error = errno;
  close(go[0]);
  if (init != -1) {
    if (geteuid() != 0) map_user(init);
    for (int i = 0; i < HIERARCHIES; i++) {
      if (hierarchies[i].corner[0] != '\0' && !write_number(hierarchies[i].corner, "cgroup.procs", init)) die("cgroup");
    }
    if (write(go[1], &init, sizeof init) != sizeof init) die("go");
  }

  int pidfd = init == -1 ? -1 : (int)syscall(SYS_pidfd_open, init, 0);
  struct pollfd events[] = {{STDIN_FILENO, 0, 0}, {pidfd, POLLIN, 0}};
  while (pidfd != -1 && poll(events, 2, -1) == -1 && errno == EINTR) continue;
  int status = 0;
  if (init != -1) {
    if (events[1].revents == 0) kill(init, SIGKILL); /* and with it everything that is in there */
    if (hierarchies[1].corner[0] != '\0') thaw_cgroups(hierarchies[1].corner);
    waitpid(init, &status, __WALL);
  }
  bool removed = remove_corners();
  if (init == -1) {
    errno = error;
    die("clone");
  }
  if (!removed) return 3;
  if (*(argv + 1) == NULL) return 0;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
