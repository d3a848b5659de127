/*
 * freeze_signal: freezes by SIGSTOP, as libproc4j does: parents before their children, until a pass finds nothing new
 * and every thread stopped; SIGCONT in reverse, to what is the same process still. The first pass looks at each process
 * and stops it; who has a single thread is seen to stand still by the next. It keeps no journal and has no guardian,
 * and leaves all stopped if it is killed. See freeze.h for its commands.
 */
#include "freeze.h"

#include <signal.h>

enum { FIRST_NAP = 50 * 1000, LONGEST_NAP = 3200 * 1000 };

static struct row rows[MOST];
static int found;

/* By process: its row of this pass and one more, or 0. */
static int row_of[PID_LIMIT + 1];

/* What has been stopped, in that order; by process, when it had started, and whether the next pass is to see it. */
static int stopped[MOST];
static uint64_t start_of[PID_LIMIT + 1];
static bool is_swift[PID_LIMIT + 1];

/* By process, in which pass of all freezes it was looked at. */
static int seen_in[PID_LIMIT + 1], all_passes;

/* Of each process that was listed: what its stat says, and whether there was one. */
static struct row seen[MOST];
static bool is_there[MOST];

static void look_at_state(int index) {
  char name[32];
  snprintf(name, sizeof name, "%d/stat", listed[index]);
  is_there[index] = read_stat(root, name, &seen[index]);
}

static void take_snapshot(void) {
  int count = list_processes();
  for (int i = 0; i < found; i++) row_of[rows[i].pid] = 0;
  found = 0;
  each(count, look_at_state);
  for (int i = 0; i < count; i++) {
    if (!is_there[i]) continue;
    rows[found++] = seen[i];
    row_of[listed[i]] = found;
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

/* Looks at a process for the first time, and stops it; whether it is one that moves, or has gone. */
static bool stop_new(int pid) {
  char name[32];
  struct row row;
  if (excluded[pid] || seen_in[pid] == all_passes) return false;
  seen_in[pid] = all_passes;
  snprintf(name, sizeof name, "%d/stat", pid);
  bool there = read_stat(root, name, &row);
  if (there && row.ppid > pid) { /* process ids have begun anew between the two */
    stop_new(row.ppid);
    there = read_stat(root, name, &row);
  }
  if (!there) return true;
  if (row.state == 'Z' || row.state == 'T') return false; /* as somebody else wants it */
  start_of[pid] = row.start_time;
  is_swift[pid] = row.threads == 1 && row.state != 'D';
  stopped[processes++] = pid;
  kill(pid, SIGSTOP);
  return true;
}

/* Looks at all again; whether one is new, or moves. */
static bool verify(void) {
  static int order[MOST];
  bool changed = false;
  threads = 0;
  take_snapshot();
  sort(order);
  for (int i = 0; i < found; i++) {
    const struct row *row = &rows[order[i]];
    int pid = row->pid;
    threads += excluded[pid] ? 0 : row->threads;
    if (start_of[pid] != row->start_time) {
      changed |= stop_new(pid);
    } else if (!(row->threads == 1 && row->state == 'T') && (is_swift[pid] || !stands_still(pid))) {
      is_swift[pid] = false;
      kill(pid, SIGSTOP);
      await(pid);
      changed = true;
    }
  }
  return changed;
}

static void look_at_stopped(int index) {
  int row = row_of[stopped[index]];
  if (row > 0) look_at_calls(stopped[index], rows[row - 1].threads);
}

static void freeze(void) {
  bool changed;
  int awaited = 0;
  do {
    passes++;
    all_passes++;
    int before = last_pid();
    if (passes == 1) {
      int count = list_processes();
      changed = false;
      for (int i = 0; i < count; i++) changed |= stop_new(listed[i]);
    } else {
      changed = verify();
    }
    changed |= last_pid() < before;
    if (awaited < processes) await(stopped[processes - 1]);
    for (; awaited < processes; awaited++) {
      if (!is_swift[stopped[awaited]]) await(stopped[awaited]);
    }
  } while (changed);
  each(processes, look_at_stopped);
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
