/*
 * freeze_signal: freezes by SIGSTOP, as libproc4j does: parents before their children, until a pass finds nothing new
 * and every thread stopped; SIGCONT in reverse, to what is the same process still. It keeps no journal and has no
 * guardian, and leaves all stopped if it is killed. See freeze.h for its commands.
 */
#include "freeze.h"

#include <signal.h>

enum { FIRST_NAP = 50 * 1000, LONGEST_NAP = 3200 * 1000 };

static struct row rows[MOST];
static int found;

/* By process: its row of this pass and one more, or 0. */
static int row_of[PID_LIMIT + 1];

/* What has been stopped, in that order; by process, when it had started. */
static int stopped[MOST];
static uint64_t start_of[PID_LIMIT + 1];

static void take_snapshot(void) {
  int count = list_processes();
  for (int i = 0; i < found; i++) row_of[rows[i].pid] = 0;
  found = 0;
  for (int i = 0; i < count; i++) {
    char name[32];
    snprintf(name, sizeof name, "%d/stat", listed[i]);
    if (read_stat(root, name, &rows[found])) row_of[listed[i]] = ++found;
  }
}

/* How many ancestors a process has, itself among them. */
static int depth(int row, int *known) {
  if (known[row] == 0) {
    known[row] = 1; /* a circle, of processes that came while the table was read, ends here */
    int parent = row_of[rows[row].ppid];
    if (parent > 0) known[row] = 1 + depth(parent - 1, known);
  }
  return known[row];
}

/* All rows, parents before their children. */
static void sort(int *order) {
  static int depths[MOST], begin[MOST + 2];
  memset(depths, 0, sizeof depths[0] * (size_t)found);
  memset(begin, 0, sizeof begin[0] * (size_t)(found + 2));
  for (int row = 0; row < found; row++) begin[depth(row, depths) + 1]++;
  for (int d = 1; d < found + 2; d++) begin[d] += begin[d - 1];
  for (int row = 0; row < found; row++) order[begin[depths[row]]++] = row;
}

/* A thread's state; 0 if it has gone. */
static char state(int pid, int tid) {
  char name[64];
  struct row row;
  if (pid == tid) {
    snprintf(name, sizeof name, "%d/stat", pid);
  } else {
    snprintf(name, sizeof name, "%d/task/%d/stat", pid, tid);
  }
  return read_stat(root, name, &row) ? row.state : '\0';
}

static bool is_still(int pid, int tid) { return strchr("TZX", state(pid, tid)) != NULL; }

static bool stands_still(int pid) {
  static int tids[MOST];
  int count = count_threads(pid);
  if (count < 0) return true;
  if (count == 1) return is_still(pid, pid);
  int listed_threads = list_threads(pid, tids);
  for (int i = 0; i < listed_threads; i++) {
    if (!is_still(pid, tids[i])) return false;
  }
  return listed_threads == count && count_threads(pid) == count;
}

static void await(int pid) {
  for (long nap = FIRST_NAP; !stands_still(pid); nap = nap < LONGEST_NAP ? 2 * nap : nap) {
    nanosleep(&(struct timespec){0, nap}, NULL);
  }
}

static void freeze(void) {
  static int order[MOST];
  bool changed;
  int awaited = 0;
  do {
    passes++;
    threads = 0;
    int before = last_pid();
    take_snapshot();
    changed = last_pid() < before;
    sort(order);
    for (int i = 0; i < found; i++) {
      const struct row *row = &rows[order[i]];
      int pid = row->pid;
      threads += excluded[pid] ? 0 : row->threads;
      if (excluded[pid] || row->state == 'Z') continue;
      if (start_of[pid] == row->start_time) {
        if ((row->threads == 1 && row->state == 'T') || stands_still(pid)) continue;
      } else if (state(pid, pid) == 'T') {
        continue; /* as somebody else wants it, even if only since the snapshot */
      } else {
        start_of[pid] = row->start_time;
        stopped[processes++] = pid;
      }
      kill(pid, SIGSTOP);
      changed = true;
    }
    for (; awaited < processes; awaited++) await(stopped[awaited]);
  } while (changed);
  for (int i = 0; i < processes; i++) {
    int row = row_of[stopped[i]];
    if (row > 0) look_at_calls(stopped[i], rows[row - 1].threads);
  }
}

static void thaw(void) {
  take_snapshot();
  for (int i = processes - 1; i >= 0; i--) {
    int pid = stopped[i], row = row_of[pid];
    if (row > 0 && rows[row - 1].start_time == start_of[pid]) kill(pid, SIGCONT);
    start_of[pid] = 0;
  }
}

int main(void) { return serve(); }
