/* tally: the end of a pipeline; counts the lines that reach it, and goes on counting nothing when none comes. */
#include "zoo.h"

int main(void) {
  animal();
  struct slot *slot = new_slot(ORDINARY);
  say("ready");
  char line[256];
  while (fgets(line, sizeof line, stdin) != NULL) count(slot);
  die("the pipeline has ended");
}
