/*
 * Reading, writing, opening and locking what is no socket: the kernel resumes these calls by itself.
 */
#ifndef BLOCKER_FILES_H
#define BLOCKER_FILES_H

#include "blocker.h"

#include <fcntl.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/timerfd.h>

/* ---- reading */

static int input[2], output[2];

static void prepare_input(void) {
  if (pipe(input) == -1 || pipe(output) == -1) die("pipe");
  near = input[0];
  far = input[1];
}

static void drain_output(void) { drain(output[0]); }

static void drain_both(void) {
  drain(input[0]);
  drain(output[0]);
}

static void write_input(void) { send_byte(far); }
static long do_read_byte(void) { return read(near, bytes, 1); }
static long do_splice(void) { return splice(input[0], NULL, output[1], NULL, 1, 0); }
static long do_tee(void) { return tee(input[0], output[1], 1, 0); }

static void prepare_eventfd(void) {
  near = eventfd(0, 0);
  if (near == -1) die("eventfd");
}

static void signal_eventfd(void) {
  if (eventfd_write(near, 1) == -1) die("eventfd_write");
}

static long do_read_number(void) { return read(near, bytes, sizeof(uint64_t)); }

static void prepare_timerfd(void) {
  near = timerfd_create(CLOCK_MONOTONIC, 0);
  if (near == -1) die("timerfd_create");
}

static void set_timer(void) {
  struct itimerspec now = {.it_value = {0, 1}};
  if (timerfd_settime(near, 0, &now, NULL) == -1) die("timerfd_settime");
}

static void block_sigusr2(void) {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGUSR2);
  sigprocmask(SIG_BLOCK, &set, NULL);
}

static void prepare_signalfd(void) {
  block_sigusr2();
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGUSR2);
  near = signalfd(-1, &set, 0);
  if (near == -1) die("signalfd");
}

static void send_sigusr2(void) {
  if (syscall(SYS_tgkill, getpid(), blocked, SIGUSR2) == -1) die("tgkill");
}

static long do_read_signal(void) { return read(near, bytes, sizeof(struct signalfd_siginfo)); }

/* A file that has no name any more still has one in /proc. */
static const char *name_of(int fd) {
  static char name[32];
  snprintf(name, sizeof name, "/proc/self/fd/%d", fd);
  return name;
}

static void prepare_inotify(void) {
  char name[] = "/tmp/libproc4j-blocker-XXXXXX";
  far = mkstemp(name);
  unlink(name);
  near = inotify_init1(IN_CLOEXEC);
  if (far == -1 || near == -1 || inotify_add_watch(near, name_of(far), IN_MODIFY) == -1) {
    die("inotify");
  }
}

static long do_read_event(void) { return read(near, bytes, sizeof(struct inotify_event)); }

static void prepare_terminal(void) {
  far = posix_openpt(O_RDWR | O_NOCTTY);
  if (far == -1 || grantpt(far) == -1 || unlockpt(far) == -1) die("posix_openpt");
  near = open(ptsname(far), O_RDWR | O_NOCTTY);
  if (near == -1) die("terminal");
}

static void type_newline(void) {
  if (write(far, "\n", 1) != 1) die("write");
}

static void prepare_fifo(void) {
  char name[] = "/tmp/libproc4j-blocker-XXXXXX";
  char fifo[sizeof name + 5];
  if (mkdtemp(name) == NULL) die("mkdtemp");
  snprintf(fifo, sizeof fifo, "%s/fifo", name);
  if (mkfifo(fifo, 0600) == -1) die("mkfifo");
  far = open(fifo, O_PATH | O_CLOEXEC);
  if (far == -1) die("open");
  unlink(fifo);
  rmdir(name);
}

/* As long as the writer has it open, it can be opened at once. */
static _Atomic bool is_written;

static void await_no_writer(void) {
  while (atomic_load(&is_written)) pause_briefly();
}

static long do_open(void) {
  int fd = open(name_of(far), O_RDONLY | O_CLOEXEC);
  return fd == -1 ? -1 : close(fd);
}

static void open_for_writing(void) {
  char name[32];
  snprintf(name, sizeof name, "/proc/self/fd/%d", far);
  int fd;
  atomic_store(&is_written, true);
  while ((fd = open(name, O_WRONLY | O_NONBLOCK | O_CLOEXEC)) == -1) {
    if (errno != ENXIO) die("open for writing");
    pause_briefly();
  }
  close(fd);
  atomic_store(&is_written, false);
}

/* ---- writing to a full pipe */

static void prepare_pages(int pages) {
  prepare_input();
  if (fcntl(far, F_SETPIPE_SZ, pages * PAGE) == -1) die("F_SETPIPE_SZ");
}

static void prepare_page(void) { prepare_pages(1); }
static void prepare_two_pages(void) { prepare_pages(2); }

static void fill_page(void) {
  if (is_ready(far, POLLOUT) && write(far, bytes, PAGE) != PAGE) die("write");
}

static void read_page(void) {
  if (read(near, bytes, PAGE) != PAGE) die("read");
}

static int filling(void) {
  int used;
  if (ioctl(near, FIONREAD, &used) == -1) die("FIONREAD");
  return used;
}

static void half_fill(void) {
  while (filling() > PAGE) read_page();
  if (filling() == 0) fill_page();
}

/* At once: the writer goes on as soon as there is room. */
static void read_two_pages(void) {
  if (read(near, bytes, 2 * PAGE) != 2 * PAGE) die("read");
}

static long do_write_page(void) { return write(far, bytes, PAGE); }
static long do_write_two_pages(void) { return write(far, bytes, 2 * PAGE); }

static long do_vmsplice(void) {
  struct iovec page = {bytes, PAGE};
  return vmsplice(far, &page, 1, 0);
}

/* ---- locks: two open files of the same one, so that one thread can lock it against itself */

static void prepare_lock(void) {
  far = memfd_create("blocker", MFD_CLOEXEC);
  if (far == -1) die("memfd_create");
  near = open(name_of(far), O_RDWR | O_CLOEXEC);
  if (near == -1) die("open");
}

static void before_flock(void) {
  flock(near, LOCK_UN);
  if (flock(far, LOCK_EX | LOCK_NB) == -1) die("flock");
}

static void unlock_far(void) { flock(far, LOCK_UN); }
static long do_flock(void) { return flock(near, LOCK_EX); }

static struct flock lock_of(short type) { return (struct flock){.l_type = type, .l_whence = SEEK_SET}; }

static int lock(int fd, int how, short type) {
  struct flock lock = lock_of(type);
  return fcntl(fd, how, &lock);
}

static void before_ofd_lock(void) {
  lock(near, F_OFD_SETLK, F_UNLCK);
  if (lock(far, F_OFD_SETLK, F_WRLCK) == -1) die("F_OFD_SETLK");
}

static void unlock_ofd(void) { lock(far, F_OFD_SETLK, F_UNLCK); }
static long do_ofd_lock(void) { return lock(near, F_OFD_SETLKW, F_WRLCK); }

/* ---- a child: holds a lock, or is only waited for */

static _Atomic pid_t child;

/* Returns in the child alone, which has nothing to do but to be there. */
static bool is_new_child(void) {
  pid_t pid = fork();
  if (pid == -1) die("fork");
  if (pid != 0) {
    atomic_store(&child, pid);
    return false;
  }
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  return true;
}

static void be_there(void) {
  for (;;) pause();
}

static void kill_child(void) { kill(atomic_load(&child), SIGKILL); }

static void before_wait(void) {
  if (atomic_load(&child) == 0 && is_new_child()) be_there();
}

static long waited(bool has_ended) {
  if (has_ended) atomic_store(&child, 0);
  return has_ended ? 0 : -1;
}

static long do_wait4(void) { return waited(wait4(child, NULL, 0, NULL) > 0); }

static long do_waitid(void) {
  siginfo_t info;
  return waited(waitid(P_PID, (id_t)child, &info, WEXITED) == 0);
}

/* The child's lock goes with it. */
static void before_lock(void) {
  lock(near, F_SETLK, F_UNLCK);
  if (atomic_load(&child) != 0 && kill(atomic_load(&child), 0) == 0) {
    struct flock held = lock_of(F_WRLCK);
    if (fcntl(near, F_GETLK, &held) == 0 && held.l_type != F_UNLCK) return;
    while (waitpid(atomic_load(&child), NULL, 0) == -1 && errno == EINTR) continue;
  }
  int locked[2];
  if (pipe(locked) == -1) die("pipe");
  if (is_new_child()) {
    if (lock(near, F_SETLK, F_WRLCK) == -1) die("F_SETLK");
    send_byte(locked[1]);
    be_there();
  }
  close(locked[1]);
  while (read(locked[0], bytes, 1) == -1 && errno == EINTR) continue;
  close(locked[0]);
}

static long do_lock(void) { return lock(near, F_SETLKW, F_WRLCK); }

#define FILE_CALLS \
  {"read_pipe", prepare_input, NULL, do_read_byte, write_input, {1, 0}, false, {0, 0}, RESUMED}, \
  {"read_eventfd", prepare_eventfd, NULL, do_read_number, signal_eventfd, {8, 0}, false, {0, 0}, RESUMED}, \
  {"read_timerfd", prepare_timerfd, NULL, do_read_number, set_timer, {8, 0}, false, {0, 0}, RESUMED}, \
  {"read_signalfd", prepare_signalfd, NULL, do_read_signal, send_sigusr2, {128, 0}, false, {0, 0}, RESUMED}, \
  {"read_inotify", prepare_inotify, NULL, do_read_event, write_input, {16, 0}, false, {0, 0}, RESUMED}, \
  {"read_terminal", prepare_terminal, NULL, do_read_byte, type_newline, {1, 0}, false, {0, 0}, RESUMED}, \
  {"open_fifo", prepare_fifo, await_no_writer, do_open, open_for_writing, {0, 0}, false, {0, 0}, RESUMED}, \
  {"splice", prepare_input, drain_output, do_splice, write_input, {1, 0}, false, {0, 0}, RESUMED}, \
  {"tee", prepare_input, drain_both, do_tee, write_input, {1, 0}, false, {0, 0}, RESUMED}, \
  {"write_pipe", prepare_page, fill_page, do_write_page, read_page, {PAGE, 0}, false, {0, 0}, RESUMED}, \
  {"write_pipe_half", prepare_two_pages, half_fill, do_write_two_pages, read_two_pages, {2 * PAGE, 0}, \
   false, {PAGE, 0}, SHORTENED}, \
  {"vmsplice", prepare_page, fill_page, do_vmsplice, read_page, {PAGE, 0}, false, {0, 0}, RESUMED}, \
  {"flock", prepare_lock, before_flock, do_flock, unlock_far, {0, 0}, false, {0, 0}, RESUMED}, \
  {"fcntl_ofd", prepare_lock, before_ofd_lock, do_ofd_lock, unlock_ofd, {0, 0}, false, {0, 0}, RESUMED}, \
  {"fcntl", prepare_lock, before_lock, do_lock, kill_child, {0, 0}, false, {0, 0}, RESUMED}, \
  {"wait4", NULL, before_wait, do_wait4, kill_child, {0, 0}, false, {0, 0}, RESUMED}, \
  {"waitid", NULL, before_wait, do_waitid, kill_child, {0, 0}, false, {0, 0}, RESUMED}

#endif
