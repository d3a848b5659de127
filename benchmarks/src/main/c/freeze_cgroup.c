/*
 * freeze_cgroup: freezes by control groups, as libproc4j does: each pass lists all processes and who is in which group,
 * of version 1's freezer too where it has more than its root, and freezes the largest groups of version 2 in which
 * nobody is excluded. The last pass finds nothing new and every group frozen. All who are to be frozen must be in such
 * groups. It keeps no journal and has no guardian, and leaves the groups frozen if it is killed. See freeze.h for its
 * commands.
 */
#include "freeze.h"

#include <limits.h>
#include <poll.h>

enum { MOST_GROUPS = 4096, LEAF_LINKS = 2, PROCS_BYTES = 1 << 20 };

static char mount_v2[PATH_MAX], mount_v1[PATH_MAX];

/* Of this pass: the groups to be frozen, and by process in which pass one was listed in there. */
static char chosen[MOST_GROUPS][PATH_MAX];
static int choices;
static int seen_in[PID_LIMIT + 1];

/* What has been frozen. */
static struct {
  char path[PATH_MAX];
  uint64_t inode;
  int order, asked, events;
} groups[MOST_GROUPS];
static int frozen_groups;

static int held[MOST];
static bool is_held[PID_LIMIT + 1];

static void find_mounts(void) {
  char line[2 * PATH_MAX], where[PATH_MAX], type[64], options[PATH_MAX];
  FILE *file = fopen("/proc/self/mountinfo", "r");
  while (file != NULL && fgets(line, sizeof line, file) != NULL) {
    const char *rest = strstr(line, " - ");
    if (rest == NULL || sscanf(line, "%*s %*s %*s / %4095s", where) != 1) continue;
    if (sscanf(rest, " - %63s %*s %4095s", type, options) != 2) continue;
    if (strcmp(type, "cgroup2") == 0) strcpy(mount_v2, where);
    if (strcmp(type, "cgroup") == 0 && strstr(options, "freezer") != NULL) strcpy(mount_v1, where);
  }
  if (file != NULL) fclose(file);
}

static int open_in(const char *group, const char *name, int flags) {
  char path[PATH_MAX + 64];
  snprintf(path, sizeof path, "%s/%s", group, name);
  return open(path, flags | O_CLOEXEC);
}

/* Whether all who are in a group itself are to be frozen; how many these are is added. */
static bool read_processes(const char *group, bool counts, int *count) {
  static char text[PROCS_BYTES];
  size_t length = 0;
  bool all = true;
  int fd = open_in(group, "cgroup.procs", O_RDONLY);
  for (ssize_t got; fd != -1 && (got = read(fd, text + length, sizeof text - 1 - length)) > 0;) length += (size_t)got;
  if (fd == -1) return false;
  close(fd);
  text[length] = '\0';
  for (char *at = text, *end; *at != '\0'; at = end + 1) {
    int pid = (int)strtol(at, &end, 10);
    all &= pid > 0 && pid <= PID_LIMIT && !excluded[pid];
    if (pid > 0 && pid <= PID_LIMIT && counts) seen_in[pid] = passes;
    (*count)++;
  }
  return all;
}

static bool is_leaf(const char *group) {
  struct statx links;
  return statx(AT_FDCWD, group, 0, STATX_NLINK, &links) != 0 || links.stx_nlink == LEAF_LINKS;
}

/* Chooses groups of a tree, if that counts; whether this one could be frozen with all below it. */
static bool walk(const char *group, bool is_root, bool counts, int *count) {
  int before = choices, here = 0;
  bool all = read_processes(group, counts, &here);
  if (!is_leaf(group)) {
    DIR *directory = opendir(group);
    for (struct dirent *entry; directory != NULL && (entry = readdir(directory)) != NULL;) {
      char path[PATH_MAX];
      if (entry->d_type != DT_DIR || entry->d_name[0] == '.') continue;
      if (snprintf(path, sizeof path, "%s/%s", group, entry->d_name) < (int)sizeof path) {
        all &= walk(path, false, counts, &here);
      }
    }
    if (directory != NULL) closedir(directory);
  }
  *count += here;
  if (all && here > 0 && !is_root && counts) {
    choices = before; /* with this one, those below it are frozen */
    if (choices == MOST_GROUPS) die("too many groups");
    strcpy(chosen[choices++], group);
  }
  return all;
}

static uint64_t inode(const char *path) {
  struct stat status;
  return stat(path, &status) == 0 ? status.st_ino : 0;
}

/* Whether all in a group stand still. */
static bool is_frozen(int group) {
  char text[128];
  ssize_t length = lseek(groups[group].events, 0, SEEK_SET) == 0 ? read(groups[group].events, text, sizeof text - 1) : -1;
  if (length < 0) die("cgroup.events");
  text[length] = '\0';
  return strstr(text, "frozen 1\n") != NULL;
}

static void freeze_group(const char *path) {
  for (int i = 0; i < frozen_groups; i++) {
    if (strcmp(groups[i].path, path) == 0 && groups[i].inode == inode(path)) return;
  }
  if (frozen_groups == MOST_GROUPS) die("too many groups");
  int i = frozen_groups++;
  char asked[8] = "";
  strcpy(groups[i].path, path);
  groups[i].order = open_in(path, "cgroup.freeze", O_RDWR);
  groups[i].asked = open_in(path, "cgroup.freeze", O_RDONLY);
  groups[i].events = open_in(path, "cgroup.events", O_RDONLY);
  groups[i].inode = inode(path);
  if (groups[i].order == -1 || groups[i].events == -1 || read(groups[i].asked, asked, sizeof asked) <= 0) die(path);
  if (asked[0] != '0') die("a group that somebody else has frozen");
  if (write(groups[i].order, "1", 1) != 1) die("cgroup.freeze");
}

/* A process that is to be frozen; whether it is new. */
static bool take(int pid) {
  if (is_held[pid]) return false;
  if (seen_in[pid] != passes) die("a process is in no group that can be frozen");
  is_held[pid] = true;
  held[processes++] = pid;
  return true;
}

static atomic_int counted;

static void look_at_held(int index) {
  int count = count_threads(held[index]);
  counted += count;
  look_at_calls(held[index], count);
}

static void freeze(void) {
  bool changed;
  do {
    passes++;
    int before = last_pid(), count = list_processes(), found = 0;
    changed = last_pid() < before;
    choices = 0;
    walk(mount_v2, true, true, &found);
    if (*mount_v1 != '\0' && !is_leaf(mount_v1)) walk(mount_v1, true, false, &found);
    for (int i = 0; i < choices; i++) freeze_group(chosen[i]);
    for (int i = 0; i < frozen_groups; i++) changed |= !is_frozen(i);
    for (int i = 0; i < count; i++) changed |= !excluded[listed[i]] && take(listed[i]);
    for (int i = 0; i < frozen_groups; i++) {
      while (!is_frozen(i)) poll(&(struct pollfd){groups[i].events, POLLPRI, 0}, 1, -1);
    }
  } while (changed);
  counted = 0;
  each(processes, look_at_held);
  threads = counted;
}

static void thaw(void) {
  while (frozen_groups > 0) {
    int i = --frozen_groups;
    if (write(groups[i].order, "0", 1) != 1) die("cgroup.freeze");
    close(groups[i].order);
    close(groups[i].asked);
    close(groups[i].events);
  }
  for (int i = 0; i < processes; i++) is_held[held[i]] = false;
}

int main(void) {
  find_mounts();
  return serve();
}
