/*
 * uring [sqpoll]: a program whose reads and writes are done by io_uring's worker threads, by bare
 * system calls. Each round it has its ring write a number to a pipe and read it back, both by a
 * worker, and checks it. With `sqpoll` a kernel thread takes the requests from the ring.
 *
 * Slot 0 counts the rounds. Where io_uring is not to be had it says `no io_uring ERRNO` and serves on.
 */
#include "ring.h"

/* IOSQE_ASYNC: by a worker, even where the call would not have blocked. */
static void submit(struct ring *ring, int operation, int fd, uint64_t *number) {
  struct io_uring_sqe request = {.opcode = (uint8_t)operation,
                                 .flags = IOSQE_ASYNC,
                                 .fd = fd,
                                 .off = (uint64_t)-1,
                                 .addr = (uint64_t)(uintptr_t)number,
                                 .len = sizeof *number,
                                 .user_data = (uint64_t)operation};
  queue_request(ring, &request);
  unsigned flags = 0, count = 1;
  if (ring->sqpoll) {
    atomic_thread_fence(memory_order_seq_cst);
    if ((atomic_load(ring->sq_flags) & IORING_SQ_NEED_WAKEUP) == 0) return;
    flags = IORING_ENTER_SQ_WAKEUP;
  }
  while (syscall(SYS_io_uring_enter, ring->fd, count, 0, flags, NULL, 0) == -1) {
    if (errno != EINTR && errno != EAGAIN && errno != EBUSY) die("io_uring_enter");
  }
}

/* Waits for `count` completions, of either operation. A stop may end the wait early. */
static void complete(struct ring *ring, int count) {
  for (int done = 0; done < count;) {
    struct io_uring_cqe event;
    if (!take_completion(ring, &event)) {
      if (syscall(SYS_io_uring_enter, ring->fd, 0, 1, IORING_ENTER_GETEVENTS, NULL, 0) == -1 &&
          errno != EINTR && errno != EAGAIN && errno != EBUSY) {
        die("io_uring_enter");
      }
      continue;
    }
    if (event.res != (int)sizeof(uint64_t)) {
      self_check_failed("operation %d of the ring returned %d", (int)event.user_data, event.res);
    }
    done++;
  }
}

static void *use_ring(void *value) {
  struct ring *ring = value;
  int pipe_ends[2];
  if (pipe(pipe_ends) == -1) die("pipe");
  struct slot *slot = take_slot(0, true);
  for (uint64_t round = 1;; round++) {
    uint64_t sent = round * 0x9e3779b97f4a7c15u, received = 0;
    submit(ring, IORING_OP_READ, pipe_ends[0], &received); /* a worker blocks in this one */
    submit(ring, IORING_OP_WRITE, pipe_ends[1], &sent);
    complete(ring, 2);
    if (received != sent) self_check_failed("sent %lx, received %lx", sent, received);
    count(slot);
    sleep_us(500);
  }
  return NULL;
}

static void obey(const char *line) { common_command(line); }

int main(int argc, char **argv) {
  begin();
  atomic_store(&shared->header.liveness, ANSWERS_PING);
  static struct ring ring;
  if (set_up(&ring, argc > 1 && strcmp(argv[1], "sqpoll") == 0) == -1) {
    say("no io_uring %d", errno);
    take_slot(0, false);
  } else {
    start_thread(use_ring, (intptr_t)&ring);
    while (atomic_load(&shared->slots[0].count) < 3) sleep_us(100);
  }
  say("ready");
  serve(obey);
}
