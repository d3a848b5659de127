package org.libproc4j.procfs.internal;

import java.lang.foreign.MemorySegment;

/** The system calls that read {@code /proc}, each as "result or −errno". */
public interface ProcCalls {
  /** The size of a {@code struct statx}, the same on every machine. */
  int STATX_SIZE = 256;

  /** {@code open(2)} of a directory, to be listed. */
  int openDirectory(MemorySegment path);

  /** {@code open(2)} of a file, to be read. */
  int openFile(MemorySegment path);

  /** {@code close(2)}. */
  int close(int fd);

  /** {@code read(2)}, as much as the buffer takes. */
  long read(int fd, MemorySegment buffer);

  /** {@code lseek(2)} to the start. */
  long rewind(int fd);

  /** {@code getdents64(2)}: the next entries of a directory. */
  long getdents64(int fd, MemorySegment buffer);

  /** {@code statx(2)} of an open file: its number of links. */
  int linkCount(int fd, MemorySegment statx);

  /** Likewise of a path. */
  int linkCount(MemorySegment path, MemorySegment statx);
}
