/*
 * One io_uring, by bare system calls: its two queues in our memory.
 */
#ifndef RING_H
#define RING_H

#include "target.h"

#include <linux/io_uring.h>

enum { ENTRIES = 8 };

struct ring {
  int fd;
  bool sqpoll;
  _Atomic unsigned *sq_tail, *sq_flags, *cq_head, *cq_tail;
  unsigned *sq_mask, *sq_array, *cq_mask;
  struct io_uring_sqe *sqes;
  struct io_uring_cqe *cqes;
};

static int set_up(struct ring *ring, bool sqpoll) {
  struct io_uring_params parameters = {0};
  if (sqpoll) {
    parameters.flags = IORING_SETUP_SQPOLL;
    parameters.sq_thread_idle = 2000;
  }
  ring->sqpoll = sqpoll;
  ring->fd = (int)syscall(SYS_io_uring_setup, ENTRIES, &parameters);
  if (ring->fd == -1) return -1;
  size_t sq_size = parameters.sq_off.array + parameters.sq_entries * sizeof(unsigned);
  size_t cq_size = parameters.cq_off.cqes + parameters.cq_entries * sizeof(struct io_uring_cqe);
  int protection = PROT_READ | PROT_WRITE;
  char *sq = mmap(NULL, sq_size, protection, MAP_SHARED, ring->fd, IORING_OFF_SQ_RING);
  char *cq = mmap(NULL, cq_size, protection, MAP_SHARED, ring->fd, IORING_OFF_CQ_RING);
  ring->sqes = mmap(NULL, parameters.sq_entries * sizeof(struct io_uring_sqe), protection,
                    MAP_SHARED, ring->fd, IORING_OFF_SQES);
  if (sq == MAP_FAILED || cq == MAP_FAILED || ring->sqes == MAP_FAILED) die("mmap");
  ring->sq_tail = (void *)(sq + parameters.sq_off.tail);
  ring->sq_flags = (void *)(sq + parameters.sq_off.flags);
  ring->sq_mask = (void *)(sq + parameters.sq_off.ring_mask);
  ring->sq_array = (void *)(sq + parameters.sq_off.array);
  ring->cq_head = (void *)(cq + parameters.cq_off.head);
  ring->cq_tail = (void *)(cq + parameters.cq_off.tail);
  ring->cq_mask = (void *)(cq + parameters.cq_off.ring_mask);
  ring->cqes = (void *)(cq + parameters.cq_off.cqes);
  return 0;
}

/* Takes one completion; false if there is none. */
static bool take_completion(struct ring *ring, struct io_uring_cqe *event) {
  unsigned head = atomic_load(ring->cq_head);
  if (head == atomic_load(ring->cq_tail)) return false;
  *event = ring->cqes[head & *ring->cq_mask];
  atomic_store(ring->cq_head, head + 1);
  return true;
}

/* Puts one request into the queue, of which the kernel is not told yet. */
static void queue_request(struct ring *ring, const struct io_uring_sqe *request) {
  unsigned tail = atomic_load(ring->sq_tail), index = tail & *ring->sq_mask;
  ring->sqes[index] = *request;
  ring->sq_array[index] = index;
  atomic_store(ring->sq_tail, tail + 1);
}

#endif
