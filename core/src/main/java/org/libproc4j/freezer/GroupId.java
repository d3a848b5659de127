package org.libproc4j.freezer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A control group, distinct from a later one of the same name: a number is not given out twice.
 *
 * @param inode of its directory
 * @param directory where it is
 */
record GroupId(long inode, Path directory) {
  static GroupId of(Path directory) throws IOException {
    return new GroupId((long) Files.getAttribute(directory, "unix:ino"), directory);
  }

  /** Whether it is there still. */
  boolean isThere() {
    try {
      return of(directory).equals(this);
    } catch (IOException e) {
      return false;
    }
  }
}
