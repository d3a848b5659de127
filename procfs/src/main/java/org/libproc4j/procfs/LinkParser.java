package org.libproc4j.procfs;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The texts of links in {@code /proc}, as the kernel makes them. */
final class LinkParser {
  static final String DELETED = " (deleted)";
  static final String MEMFD = "/memfd:";
  static final String ANON_INODE = "anon_inode:";

  private static final Pattern NUMBERED = Pattern.compile("([a-z_]+):\\[(\\d{1,19})]");

  private LinkParser() {}

  static Link parse(ByteString bytes) {
    String text = bytes.latin1();
    if (text.startsWith(MEMFD) && text.endsWith(DELETED)) {
      return new Link.MemFd(between(text, MEMFD.length()));
    }
    if (text.startsWith("/")) {
      return text.endsWith(DELETED) ? new Link.DeletedFile(between(text, 0)) : new Link.File(bytes);
    }
    if (text.startsWith(ANON_INODE)) {
      String name = text.substring(ANON_INODE.length());
      return new Link.AnonInode(Link.AnonInode.Kind.of(name), ByteString.ofLatin1(name));
    }
    Matcher numbered = NUMBERED.matcher(text);
    if (!numbered.matches()) {
      return new Link.Other(bytes);
    }
    long inode = Long.parseUnsignedLong(numbered.group(2));
    String type = numbered.group(1);
    return switch (type) {
      case "pipe" -> new Link.Pipe(inode);
      case "socket" -> new Link.Socket(inode);
      default -> new Link.Namespace(type, inode);
    };
  }

  private static ByteString between(String text, int start) {
    // A memfd's name may be empty, and "/memfd:" and the suffix do not overlap.
    return ByteString.ofLatin1(text.substring(start, text.length() - DELETED.length()));
  }

  static String numbered(String type, long inode) {
    return type + ":[" + Long.toUnsignedString(inode) + "]";
  }
}
