/*
 * Waiting for events, time, signals, and other threads.
 */
#ifndef BLOCKER_WAITS_H
#define BLOCKER_WAITS_H

#include "blocker_files.h"
#include "ring.h"

#include <linux/aio_abi.h>
#include <linux/futex.h>
#include <mqueue.h>
#include <sys/epoll.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/select.h>
#include <sys/sem.h>

/* ---- descriptors: an eventfd becomes readable */

static int epoll = -1;

static void prepare_epoll(void) {
  prepare_eventfd();
  struct epoll_event event = {.events = EPOLLIN};
  epoll = epoll_create1(EPOLL_CLOEXEC);
  if (epoll == -1 || epoll_ctl(epoll, EPOLL_CTL_ADD, near, &event) == -1) die("epoll");
}

static void drain_near(void) { drain(near); }

static long do_epoll_wait(void) {
  struct epoll_event event;
  return syscall(SYS_epoll_wait, epoll, &event, 1, limit_or_forever());
}

static long do_epoll_pwait(void) {
  struct epoll_event event;
  return syscall(SYS_epoll_pwait, epoll, &event, 1, limit_or_forever(), NULL, 8);
}

static long do_epoll_pwait2(void) {
  struct epoll_event event;
  return syscall(SYS_epoll_pwait2, epoll, &event, 1, limit_if_any(), NULL, 8);
}

static long do_poll(void) {
  struct pollfd descriptor = {near, POLLIN, 0};
  return syscall(SYS_poll, &descriptor, 1, limit_or_forever());
}

/* The kernel writes the rest of the time back in the three that follow. */
static long do_ppoll(void) {
  struct pollfd descriptor = {near, POLLIN, 0};
  struct timespec time = limit;
  return syscall(SYS_ppoll, &descriptor, 1, limit_ms == 0 ? NULL : &time, NULL, 8);
}

static long do_select(void) {
  fd_set set;
  FD_ZERO(&set);
  FD_SET(near, &set);
  struct timeval time = {limit.tv_sec, limit.tv_nsec / 1000};
  return syscall(SYS_select, near + 1, &set, NULL, NULL, limit_ms == 0 ? NULL : &time);
}

static long do_pselect6(void) {
  fd_set set;
  FD_ZERO(&set);
  FD_SET(near, &set);
  struct timespec time = limit;
  return syscall(SYS_pselect6, near + 1, &set, NULL, NULL, limit_ms == 0 ? NULL : &time, NULL);
}

/* ---- asynchronous input and output */

static aio_context_t context;

static void prepare_aio(void) {
  if (syscall(SYS_io_setup, 1, &context) == -1) die("io_setup");
  prepare_eventfd();
  signal_eventfd(); /* readable for good */
}

static void complete_aio(void) {
  struct iocb request = {
      .aio_lio_opcode = IOCB_CMD_POLL, .aio_fildes = (uint32_t)near, .aio_buf = POLLIN};
  struct iocb *requests[] = {&request};
  if (syscall(SYS_io_submit, context, 1, requests) != 1) die("io_submit");
}

static long do_io_getevents(void) {
  struct io_event event;
  return syscall(SYS_io_getevents, context, 1, 1, &event, limit_if_any());
}

static long do_io_pgetevents(void) {
  struct io_event event;
  return syscall(SYS_io_pgetevents, context, 1, 1, &event, limit_if_any(), NULL);
}

static struct ring ring;

static void prepare_ring(void) {
  if (set_up(&ring, false) == -1) die("io_uring_setup");
}

static void before_ring(void) {
  struct io_uring_cqe event;
  while (take_completion(&ring, &event)) continue;
}

static void complete_ring(void) {
  struct io_uring_sqe nothing = {.opcode = IORING_OP_NOP};
  queue_request(&ring, &nothing);
  if (syscall(SYS_io_uring_enter, ring.fd, 1, 0, 0, NULL, 0) != 1) die("io_uring_enter");
}

static long do_io_uring_enter(void) {
  struct io_uring_getevents_arg argument = {.ts = (uint64_t)(uintptr_t)&limit};
  if (limit_ms == 0) {
    return syscall(SYS_io_uring_enter, ring.fd, 0, 1, IORING_ENTER_GETEVENTS, NULL, 0);
  }
  return syscall(SYS_io_uring_enter, ring.fd, 0, 1, IORING_ENTER_GETEVENTS | IORING_ENTER_EXT_ARG,
                 &argument, sizeof argument);
}

/* ---- System V: what outlives us is the nest's to remove */

static int semaphore = -1, queue = -1;
static struct sembuf down = {0, -1, 0}, up = {0, 1, 0};
enum { MESSAGE_BYTES = 8192 };
static struct {
  long type;
  char text[MESSAGE_BYTES];
} message = {.type = 1};

static void prepare_semaphore(void) {
  semaphore = semget(IPC_PRIVATE, 1, 0600);
  if (semaphore == -1) die("semget");
  atomic_store(&shared->header.semaphore, (uint64_t)semaphore + 1);
}

static void raise_semaphore(void) {
  if (semop(semaphore, &up, 1) == -1) die("semop");
}

static long do_semop(void) { return syscall(SYS_semop, semaphore, &down, 1); }
static long do_semtimedop(void) {
  return syscall(SYS_semtimedop, semaphore, &down, 1, limit_if_any());
}

static void prepare_queue(void) {
  queue = msgget(IPC_PRIVATE, 0600);
  if (queue == -1) die("msgget");
  atomic_store(&shared->header.queue, (uint64_t)queue + 1);
}

static void fill_queue(void) {
  while (msgsnd(queue, &message, MESSAGE_BYTES, IPC_NOWAIT) == 0) continue;
  if (errno != EAGAIN) die("msgsnd");
}

static void send_message(void) {
  if (msgsnd(queue, &message, 1, 0) == -1) die("msgsnd");
}

static void receive_message(void) {
  if (msgrcv(queue, &message, MESSAGE_BYTES, 0, 0) == -1) die("msgrcv");
}

static long do_msgrcv(void) { return msgrcv(queue, &message, MESSAGE_BYTES, 0, 0); }
static long do_msgsnd(void) { return msgsnd(queue, &message, MESSAGE_BYTES, 0); }

/* ---- POSIX queues: nameless, and gone with us */

static mqd_t posix_queue;
static struct timespec deadline;

static void set_deadline(clockid_t clock) {
  begun_us = now_us();
  clock_gettime(clock, &deadline);
  deadline.tv_sec += limit.tv_sec;
  deadline.tv_nsec += limit.tv_nsec;
  if (deadline.tv_nsec >= 1000000000) {
    deadline.tv_nsec -= 1000000000;
    deadline.tv_sec++;
  }
}

static void prepare_posix_queue(void) {
  char name[32];
  struct mq_attr one = {.mq_maxmsg = 1, .mq_msgsize = 8};
  snprintf(name, sizeof name, "/libproc4j-blocker-%d", getpid());
  posix_queue = mq_open(name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600, &one);
  if (posix_queue == -1) die("mq_open");
  mq_unlink(name);
}

static void before_mq_receive(void) { set_deadline(CLOCK_REALTIME); }

static void before_mq_send(void) {
  struct timespec past = {0, 0};
  while (mq_timedsend(posix_queue, bytes, 1, 0, &past) == 0) continue;
  set_deadline(CLOCK_REALTIME);
}

static void mq_send_one(void) {
  if (mq_send(posix_queue, bytes, 1, 0) == -1) die("mq_send");
}

static void mq_receive_one(void) {
  if (mq_receive(posix_queue, (char[8]){0}, 8, NULL) == -1) die("mq_receive");
}

static const struct timespec *deadline_if_any(void) { return limit_ms == 0 ? NULL : &deadline; }
static long do_mq_timedreceive(void) {
  return mq_timedreceive(posix_queue, bytes, 8, NULL, deadline_if_any());
}
static long do_mq_timedsend(void) {
  return mq_timedsend(posix_queue, bytes, 1, 0, deadline_if_any());
}

/* ---- signals */

static sigset_t sigusr2_alone, no_signals;

static void prepare_sigwait(void) {
  block_sigusr2();
  sigemptyset(&sigusr2_alone);
  sigaddset(&sigusr2_alone, SIGUSR2);
}

static long do_sigtimedwait(void) {
  return syscall(SYS_rt_sigtimedwait, &sigusr2_alone, NULL, limit_if_any(), 8);
}

static long do_sigwaitinfo(void) { return sigwaitinfo(&sigusr2_alone, NULL); }

static void prepare_pause(void) {
  sigemptyset(&no_signals);
  on_signal(SIGUSR2, log_signal, 0);
}

static long do_pause(void) { return syscall(SYS_pause); }
static long do_sigsuspend(void) { return sigsuspend(&no_signals); }

/* ---- time */

static const struct timespec hour = {3600, 0};
static const struct timespec *time_to_sleep(void) { return limit_ms == 0 ? &hour : &limit; }

static void before_absolute_sleep(void) { set_deadline(CLOCK_MONOTONIC); }
static long do_nanosleep(void) { return syscall(SYS_nanosleep, time_to_sleep(), NULL); }
static long do_clock_nanosleep(void) {
  return syscall(SYS_clock_nanosleep, CLOCK_MONOTONIC, 0, time_to_sleep(), NULL);
}
static long do_clock_nanosleep_until(void) {
  return syscall(SYS_clock_nanosleep, CLOCK_MONOTONIC, TIMER_ABSTIME,
                 limit_ms == 0 ? &(struct timespec){INT32_MAX, 0} : &deadline, NULL);
}

/* ---- futexes */

static _Atomic uint32_t word;

static void wake_one(void) {
  while (syscall(SYS_futex, &word, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0) == 0) pause_briefly();
}

static long do_futex_wait(void) {
  return syscall(SYS_futex, &word, FUTEX_WAIT_PRIVATE, 0, limit_if_any(), NULL, 0);
}

static long do_futex_wait_bitset(void) {
  return syscall(SYS_futex, &word, FUTEX_WAIT_BITSET_PRIVATE, 0, deadline_if_any(), NULL,
                 FUTEX_BITSET_MATCH_ANY);
}

#define EPOLL_CALL(name, call) \
  {name, prepare_epoll, drain_near, call, signal_eventfd, {1, 0}, true, {0, 0}, INTERRUPTED}
#define POLL_CALL(name, call) \
  {name, prepare_eventfd, drain_near, call, signal_eventfd, {1, 0}, true, {0, 0}, RESUMED}
#define SLEEP_CALL(name, before, call) {name, NULL, before, call, NULL, {0, 0}, true, {0, 0}, RESUMED}
#define WAIT_CALLS \
  EPOLL_CALL("epoll_wait", do_epoll_wait), \
  EPOLL_CALL("epoll_pwait", do_epoll_pwait), \
  EPOLL_CALL("epoll_pwait2", do_epoll_pwait2), \
  {"semop", prepare_semaphore, NULL, do_semop, raise_semaphore, {0, 0}, false, {0, 0}, INTERRUPTED}, \
  {"semtimedop", prepare_semaphore, NULL, do_semtimedop, raise_semaphore, {0, 0}, true, {-1, EAGAIN}, INTERRUPTED}, \
  {"io_getevents", prepare_aio, NULL, do_io_getevents, complete_aio, {1, 0}, true, {0, 0}, INTERRUPTED}, \
  {"io_uring_enter", prepare_ring, before_ring, do_io_uring_enter, complete_ring, {0, 0}, true, {-1, ETIME}, \
   INTERRUPTED}, \
  {"sigtimedwait", prepare_sigwait, NULL, do_sigtimedwait, send_sigusr2, {SIGUSR2, 0}, true, {-1, EAGAIN}, \
   INTERRUPTED}, \
  {"sigwaitinfo", prepare_sigwait, NULL, do_sigwaitinfo, send_sigusr2, {SIGUSR2, 0}, false, {0, 0}, INTERRUPTED}, \
  POLL_CALL("poll", do_poll), \
  POLL_CALL("ppoll", do_ppoll), \
  POLL_CALL("select", do_select), \
  POLL_CALL("pselect6", do_pselect6), \
  {"io_pgetevents", prepare_aio, NULL, do_io_pgetevents, complete_aio, {1, 0}, true, {0, 0}, RESUMED}, \
  {"msgrcv", prepare_queue, NULL, do_msgrcv, send_message, {1, 0}, false, {0, 0}, RESUMED}, \
  {"msgsnd", prepare_queue, fill_queue, do_msgsnd, receive_message, {0, 0}, false, {0, 0}, RESUMED}, \
  {"mq_timedreceive", prepare_posix_queue, before_mq_receive, do_mq_timedreceive, mq_send_one, {1, 0}, true, \
   {-1, ETIMEDOUT}, RESUMED}, \
  {"mq_timedsend", prepare_posix_queue, before_mq_send, do_mq_timedsend, mq_receive_one, {0, 0}, true, \
   {-1, ETIMEDOUT}, RESUMED}, \
  {"pause", prepare_pause, NULL, do_pause, send_sigusr2, {-1, EINTR}, false, {0, 0}, RESUMED}, \
  {"sigsuspend", prepare_pause, NULL, do_sigsuspend, send_sigusr2, {-1, EINTR}, false, {0, 0}, RESUMED}, \
  SLEEP_CALL("nanosleep", NULL, do_nanosleep), \
  SLEEP_CALL("clock_nanosleep", NULL, do_clock_nanosleep), \
  SLEEP_CALL("clock_nanosleep_until", before_absolute_sleep, do_clock_nanosleep_until), \
  {"futex_wait", NULL, NULL, do_futex_wait, wake_one, {0, 0}, true, {-1, ETIMEDOUT}, RESUMED}, \
  {"futex_wait_bitset", NULL, before_absolute_sleep, do_futex_wait_bitset, wake_one, {0, 0}, true, \
   {-1, ETIMEDOUT}, RESUMED}

#endif
