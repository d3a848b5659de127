package org.libproc4j.internal.linux;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.libproc4j.linux.dirent64;

/** The entries of a directory whose names are numbers, as {@code /proc}'s are. */
public final class Numbers {
  static final int BUFFER = 32 * 1024;

  /** What is called for each entry. */
  @FunctionalInterface
  public interface Visitor {
    /** A process's or thread's id. */
    void visit(int id);
  }

  private Numbers() {}

  /** Calls the visitor for each of an open directory, from where it is on; 0 or −errno. */
  static int list(Libc libc, int fd, MemorySegment buffer, Visitor visitor) {
    long r;
    while ((r = libc.getdents64(fd, buffer)) > 0) {
      for (long at = 0; at < r; at += length(buffer, at)) {
        int id = number(buffer, at + dirent64.d_name$offset());
        if (id > 0) {
          visitor.visit(id);
        }
      }
    }
    return (int) r;
  }

  private static int length(MemorySegment buffer, long entry) {
    return Short.toUnsignedInt(
        buffer.get(ValueLayout.JAVA_SHORT_UNALIGNED, entry + dirent64.d_reclen$offset()));
  }

  /** The decimal number at an offset; 0 for {@code .}, {@code ..} and names. */
  private static int number(MemorySegment buffer, long at) {
    int value = 0;
    for (byte c; (c = buffer.get(ValueLayout.JAVA_BYTE, at)) >= '0' && c <= '9'; at++) {
      value = value * 10 + (c - '0');
    }
    return value;
  }
}
