/*
 * The lock on every program that freezes a whole machine: it runs only in a PID namespace whose first process
 * is the harness's own `namespace`, in whatever environment and by whoever it is started.
 */
#ifndef INSIDE_H
#define INSIDE_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* START:INODE, the start time of the namespace's first process and the number of the namespace. */
#define NAMESPACE_VARIABLE "LIBPROC4J_NAMESPACE"

/* The number of the PID namespace that the kernel itself makes (include/linux/proc_ns.h). */
#define INITIAL_NAMESPACE 0xEFFFFFFCu

/* What /proc says about the namespace that it belongs to; NULL if that is not the harness's, or not ours. */
static inline const char *namespace_token(void) {
  static char token[64];
  char text[4096], path[4096];
  FILE *stat_file = fopen("/proc/1/stat", "r");
  size_t length = stat_file == NULL ? 0 : fread(text, 1, sizeof text - 1, stat_file);
  if (stat_file != NULL) fclose(stat_file);
  text[length] = '\0';
  if (strncmp(text, "1 (namespace) ", 14) != 0) return NULL;
  char *field = text + 14;
  for (int number = 3; number < 22; number++) {
    field = strchr(field, ' ');
    if (field == NULL) return NULL;
    field++;
  }
  ssize_t linked = readlink("/proc/1/exe", path, sizeof path - 1);
  if (linked < 10) return NULL;
  path[linked] = '\0';
  if (strcmp(path + linked - 10, "/namespace") != 0) return NULL;
  linked = readlink("/proc/self", path, sizeof path - 1);
  if (linked < 1) return NULL;
  path[linked] = '\0';
  if (atoi(path) != getpid()) return NULL;
  struct stat own, first;
  if (stat("/proc/self/ns/pid", &own) == -1 || stat("/proc/1/ns/pid", &first) == -1) return NULL;
  if (own.st_ino != first.st_ino || own.st_ino == INITIAL_NAMESPACE) return NULL;
  snprintf(token, sizeof token, "%llu:%lu", strtoull(field, NULL, 10), (unsigned long)own.st_ino);
  return token;
}

/* Ends the program unless it is in the namespace that its environment names. */
static inline void refuse_outside(void) {
  const char *told = getenv(NAMESPACE_VARIABLE);
  const char *found = namespace_token();
  if (told != NULL && found != NULL && strcmp(told, found) == 0) return;
  fprintf(stderr, "refused: this freezes the machine, and may do so only in a PID namespace of the tests\n");
  _exit(97);
}

#endif
