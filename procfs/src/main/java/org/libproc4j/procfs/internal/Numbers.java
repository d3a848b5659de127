package org.libproc4j.procfs.internal;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.function.IntConsumer;

/** The numbers of processes and threads: as names in a directory, and as parts of a path. */
public final class Numbers {
  /** Of a listing: some thousand entries. */
  public static final int BUFFER = 32 * 1024;

  /** In a {@code struct linux_dirent64}. */
  private static final int D_RECLEN = 16;

  private static final int D_NAME = 19;

  private Numbers() {}

  /** Calls the visitor for each of an open directory, from where it is on; 0 or −errno. */
  static int list(ProcCalls calls, int fd, MemorySegment buffer, IntConsumer visitor) {
    long length;
    while ((length = calls.getdents64(fd, buffer)) > 0) {
      visit(buffer, length, visitor);
    }
    return (int) length;
  }

  /** Calls the visitor for each entry that is a number, of what one {@code getdents64} gave. */
  public static void visit(MemorySegment entries, long length, IntConsumer visitor) {
    int size;
    for (long at = 0; at < length; at += size) {
      size = Short.toUnsignedInt(entries.get(ValueLayout.JAVA_SHORT_UNALIGNED, at + D_RECLEN));
      int number = parse(entries, at + D_NAME);
      if (number > 0) {
        visitor.accept(number);
      }
    }
  }

  /** The decimal number at an offset; 0 for {@code .}, {@code ..} and names. */
  private static int parse(MemorySegment text, long at) {
    int value = 0;
    for (byte c; (c = text.get(ValueLayout.JAVA_BYTE, at)) >= '0' && c <= '9'; at++) {
      value = value * 10 + (c - '0');
    }
    return value;
  }

  /** Writes a positive number in decimal; where it ends. */
  public static long put(int number, MemorySegment text, long at) {
    int digits = 1;
    for (int rest = number; rest >= 10; rest /= 10) {
      digits++;
    }
    int rest = number;
    for (long digit = at + digits - 1; digit >= at; digit--) {
      text.set(ValueLayout.JAVA_BYTE, digit, (byte) ('0' + rest % 10));
      rest /= 10;
    }
    return at + digits;
  }
}
