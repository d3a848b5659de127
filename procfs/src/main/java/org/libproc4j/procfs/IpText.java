package org.libproc4j.procfs;

import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;

/**
 * Internet addresses as people write them. That of java.net loads a native library, and leaves the
 * zeros in.
 */
final class IpText {
  private IpText() {}

  static String of(byte[] ip) {
    return ip.length == 4 ? v4(ip, 0) : v6(ip);
  }

  private static String v4(byte[] ip, int from) {
    StringJoiner text = new StringJoiner(".");
    for (int i = from; i < from + 4; i++) {
      text.add(Integer.toString(Byte.toUnsignedInt(ip[i])));
    }
    return text.toString();
  }

  /** RFC 5952: the longest run of two or more zeros, the first of these, becomes a double colon. */
  private static String v6(byte[] ip) {
    List<Integer> groups = new ArrayList<>();
    for (int i = 0; i < ip.length; i += 2) {
      groups.add(Byte.toUnsignedInt(ip[i]) << Byte.SIZE | Byte.toUnsignedInt(ip[i + 1]));
    }
    if (groups.subList(0, 5).stream().allMatch(g -> g == 0) && groups.get(5) == 0xffff) {
      return "::ffff:" + v4(ip, 12);
    }
    int start = 0;
    int length = 0;
    for (int i = 0; i < groups.size(); i++) {
      int run = 0;
      while (i + run < groups.size() && groups.get(i + run) == 0) {
        run++;
      }
      if (run > length) {
        start = i;
        length = run;
      }
    }
    return length < 2
        ? text(groups)
        : text(groups.subList(0, start))
            + "::"
            + text(groups.subList(start + length, groups.size()));
  }

  private static String text(List<Integer> groups) {
    return String.join(":", groups.stream().map(Integer::toHexString).toList());
  }
}
