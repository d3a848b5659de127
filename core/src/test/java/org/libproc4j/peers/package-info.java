/**
 * The scenarios once more, with gdb, strace and kill beside libproc4j: each as a program in a
 * process of its own, judged by what can be seen from outside.
 */
package org.libproc4j.peers;
