package org.libproc4j.procfs;

import java.util.ArrayList;
import java.util.List;

/** Strings that end with NUL, as execve(2) lays them out. */
final class Strings {
  private Strings() {}

  /** The strings; a last one without its NUL counts. */
  static List<ByteString> split(byte[] bytes) {
    List<ByteString> strings = new ArrayList<>();
    int start = 0;
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] == 0) {
        strings.add(ByteString.copyOf(bytes, start, i));
        start = i + 1;
      }
    }
    if (start < bytes.length) {
      strings.add(ByteString.copyOf(bytes, start, bytes.length));
    }
    return List.copyOf(strings);
  }
}
