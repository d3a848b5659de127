/*
 * threads_static N [spin|sleep|mixed]: the program `threads` without shared libraries.
 *
 * cc: -static
 */
#include "threads.c"
