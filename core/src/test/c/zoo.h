/*
 * What the animals have in common: programs that fill a PID namespace (namespace.c) and are frozen there. Each
 * living thread of theirs counts in a slot of its own, in the memory that all of the namespace shares.
 *
 * Unlike a target, an animal lets its parent end, takes no commands, and says nothing but `ready`.
 */
#ifndef ZOO_H
#define ZOO_H

#include "target.h"

/* What a slot is about (slot.kind); all but the first have `moves` 0. */
enum {
  ORDINARY = 0,
  STOPPED = 1, /* its process had been stopped by job control before: its count must not change */
  NOTICES = 2, /* counts what a parent is told of its children's stops and continues */
  BLOCKED = 3, /* counts each time that an uninterruptible sleep has ended */
};

/* A slot of one's own; of a child too, which maps nothing anew. */
static inline struct slot *new_slot(int kind) {
  uint64_t i = atomic_fetch_add(&shared->header.slots, 1);
  if (i >= MAX_SLOTS) die("more animals than slots");
  struct slot *slot = &shared->slots[i];
  atomic_store(&slot->kind, (uint64_t)kind);
  atomic_store(&slot->tid, (uint64_t)own_tid());
  atomic_store(&slot->moves, kind == ORDINARY);
  return slot;
}

/* Counts for ever: once in so many microseconds, or without a rest. */
static inline void tick(struct slot *slot, long period_us) {
  struct sum sum = {1, 1};
  for (;;) {
    compute(&sum, period_us == 0 ? 1000 : 10);
    count(slot);
    if (period_us != 0) sleep_us(period_us);
  }
}

static inline void *tick_in_thread(void *period_us) {
  tick(new_slot(ORDINARY), (long)(intptr_t)period_us);
  return NULL;
}

static inline pid_t fork_or_die(void) {
  pid_t pid = fork();
  if (pid == -1) die("fork");
  return pid;
}

static inline void await_count(struct slot *slot, uint64_t least) {
  while (atomic_load(&slot->count) < least) sleep_us(200);
}

static inline void animal(void) {
  if (!map_shared()) die("an animal lives in a namespace");
}

#endif
