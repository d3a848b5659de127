package org.libproc4j.examples;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the flags of an open file are called: open(2). */
final class OpenFlags {
  private static final int ACCESS_MODE = 3;
  private static final int SYNC = 04010000;
  private static final int DSYNC = 010000;

  private static final int TMPFILE = 020000000;
  private static final boolean ARM = System.getProperty("os.arch", "").equals("aarch64");
  private static final int DIRECTORY = ARM ? 040000 : 0200000;

  /** Those that each have a bit of their own, four of which are others on aarch64. */
  private static final Map<Integer, String> NAMES = new LinkedHashMap<>();

  static {
    NAMES.put(0100, "O_CREAT");
    NAMES.put(0200, "O_EXCL");
    NAMES.put(0400, "O_NOCTTY");
    NAMES.put(01000, "O_TRUNC");
    NAMES.put(02000, "O_APPEND");
    NAMES.put(04000, "O_NONBLOCK");
    NAMES.put(020000, "O_ASYNC");
    NAMES.put(01000000, "O_NOATIME");
    NAMES.put(02000000, "O_CLOEXEC");
    NAMES.put(010000000, "O_PATH");
    NAMES.put(ARM ? 0200000 : 040000, "O_DIRECT");
    NAMES.put(ARM ? 0400000 : 0100000, "O_LARGEFILE");
    NAMES.put(DIRECTORY, "O_DIRECTORY");
    NAMES.put(ARM ? 0100000 : 0400000, "O_NOFOLLOW");
  }

  private OpenFlags() {}

  /** The names, the access mode first; and last, as one octal number, what has no name. */
  static List<String> names(int flags) {
    List<String> names = new ArrayList<>();
    names.add(
        switch (flags & ACCESS_MODE) {
          case 0 -> "O_RDONLY";
          case 1 -> "O_WRONLY";
          case 2 -> "O_RDWR";
          default -> "O_ACCMODE"; // for ioctl(2) only
        });
    int left = flags & ~ACCESS_MODE;
    if ((left & SYNC) == SYNC) {
      names.add("O_SYNC");
      left &= ~SYNC;
    } else if ((left & DSYNC) != 0) {
      names.add("O_DSYNC");
      left &= ~DSYNC;
    }
    if ((left & TMPFILE) != 0) {
      names.add("O_TMPFILE");
      left &= ~(TMPFILE | DIRECTORY); // which is a part of it
    }
    for (Map.Entry<Integer, String> flag : NAMES.entrySet()) {
      if ((left & flag.getKey()) != 0) {
        names.add(flag.getValue());
        left &= ~flag.getKey();
      }
    }
    if (left != 0) {
      names.add("0" + Integer.toOctalString(left));
    }
    return names;
  }
}
