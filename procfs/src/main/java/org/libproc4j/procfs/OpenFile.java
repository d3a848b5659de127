package org.libproc4j.procfs;

/**
 * An open file of a process: proc_pid_fd(5).
 *
 * @param fd the file descriptor
 * @param target what it is open on
 */
public record OpenFile(int fd, Link target) {}
