/*
 * blocked vfork|fuse: a process in uninterruptible sleep, until the other one that it waits for gets SIGUSR1. Says
 * `blocked PID by PID` and then `ready`. Each end of such a sleep counts, and is followed by the next one.
 *
 *   vfork  a parent whose child neither executes nor exits
 *   fuse   it looks at a file of a file system whose server does not answer; asleep for good once a signal has come
 */
#include "zoo.h"

#include <fcntl.h>
#include <linux/fuse.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/uio.h>

static volatile sig_atomic_t told;

static void on_told(int signo) {
  (void)signo;
  told = 1;
}

static void await_told(void) {
  sigset_t mask, before;
  sigemptyset(&mask);
  sigaddset(&mask, SIGUSR1);
  sigprocmask(SIG_BLOCK, &mask, &before);
  while (!told) sigsuspend(&before);
  told = 0;
  sigprocmask(SIG_SETMASK, &before, NULL);
}

static void block_in_vfork(void) {
  struct slot *slot = new_slot(BLOCKED);
  signal(SIGUSR1, on_told);
  for (bool first = true;; first = false) {
    pid_t pid = vfork();
    if (pid == -1) die("vfork");
    if (pid == 0) {
      if (first) say("blocked %d by %d", (int)getppid(), (int)syscall(SYS_getpid));
      if (first) say("ready");
      await_told();
      _exit(0);
    }
    waitpid(pid, NULL, 0);
    count(slot);
  }
}

/* A file system of one directory. Until told, it keeps whoever looks at that waiting. */
static void serve_fuse(int fuse) {
  static char request[1 << 20];
  for (;;) {
    ssize_t got = read(fuse, request, sizeof request);
    if (got == -1 && (errno == EINTR || errno == EAGAIN || errno == ENOENT)) continue;
    if (got == -1) die("fuse");
    const struct fuse_in_header *in = (const void *)request;
    struct fuse_out_header out = {.unique = in->unique, .len = sizeof out};
    struct fuse_init_out init = {.major = FUSE_KERNEL_VERSION, .minor = FUSE_KERNEL_MINOR_VERSION, .max_write = 4096};
    struct fuse_attr_out attributes = {.attr = {.ino = 1, .mode = S_IFDIR | 0755, .nlink = 2}};
    struct iovec parts[2] = {{&out, sizeof out}, {NULL, 0}};
    switch (in->opcode) {
    case FUSE_INIT: parts[1] = (struct iovec){&init, sizeof init}; break;
    case FUSE_GETATTR:
      await_told();
      parts[1] = (struct iovec){&attributes, sizeof attributes};
      break;
    case FUSE_INTERRUPT:
    case FUSE_FORGET: continue; /* these want no answer */
    default: out.error = -ENOSYS;
    }
    out.len += (uint32_t)parts[1].iov_len;
    if (writev(fuse, parts, 2) == -1 && errno != ENOENT) die("fuse answer");
  }
}

static void block_in_fuse(void) {
  static const char mount_point[] = "/mnt"; /* of the namespace: nobody else sees it */
  int fuse = open("/dev/fuse", O_RDWR | O_CLOEXEC);
  char options[128];
  snprintf(options, sizeof options, "fd=%d,rootmode=40000,user_id=0,group_id=0", fuse);
  if (fuse == -1 || mount("fuse", mount_point, "fuse", 0, options) == -1) die("fuse mount");
  signal(SIGUSR1, on_told);
  pid_t client = fork_or_die();
  if (client == 0) {
    close(fuse);
    struct slot *slot = new_slot(BLOCKED);
    for (;;) {
      struct stat status;
      if (stat(mount_point, &status) == -1 && errno != EINTR) die("stat");
      count(slot);
    }
  }
  say("blocked %d by %d", (int)client, (int)getpid());
  say("ready");
  serve_fuse(fuse);
}

int main(int argc, char **argv) {
  animal();
  if (argc > 1 && strcmp(argv[1], "fuse") == 0) block_in_fuse();
  block_in_vfork();
}
