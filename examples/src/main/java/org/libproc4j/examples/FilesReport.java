package org.libproc4j.examples;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.libproc4j.procfs.FdInfo;
import org.libproc4j.procfs.FdStat;
import org.libproc4j.procfs.Link;
import org.libproc4j.procfs.OpenFile;

/**
 * What a process has open, as {@code --json} prints it.
 *
 * @param limit one more than the highest descriptor that it may have; null for no limit
 */
record FilesReport(int pid, String command, OptionalLong limit, List<Descriptor> files) {
  private static final String INDENT = "      ";
  private static final String SOCKET = "socket";

  /**
   * An open file.
   *
   * @param kind what it is open on: "file", "deleted", "memfd", "pipe", "socket", "namespace",
   *     "anon_inode" or "other"
   * @param target the link's text
   * @param stat null if it was closed meanwhile
   * @param socket null if it is none, or one that the kernel does not list
   */
  record Descriptor(
      int fd,
      String kind,
      String target,
      Optional<StatReport> stat,
      List<String> flags,
      long offset,
      Optional<SocketReport> socket) {

    static Descriptor of(
        OpenFile file, FdInfo info, Optional<FdStat> stat, Optional<SocketReport> socket) {
      return new Descriptor(
          file.fd(),
          kind(file.target()),
          file.target().toString(),
          stat.map(StatReport::of),
          OpenFlags.names(info.flags()),
          info.pos(),
          socket);
    }

    private static String kind(Link link) {
      return switch (link) {
        case Link.File _ -> "file";
        case Link.DeletedFile _ -> "deleted";
        case Link.MemFd _ -> "memfd";
        case Link.Pipe _ -> "pipe";
        case Link.Socket _ -> SOCKET;
        case Link.Namespace _ -> "namespace";
        case Link.AnonInode _ -> "anon_inode";
        case Link.Other _ -> "other";
      };
    }

    private List<String> lines(String start, int width) {
      List<String> words = new ArrayList<>(List.of(stat.flatMap(StatReport::type).orElse(kind)));
      stat.ifPresent(s -> words.addAll(s.words()));
      List<String> lines = new ArrayList<>(Paragraph.lines(start, words, " ", width));
      List<String> how = new ArrayList<>(List.of(String.join("|", flags)));
      if (offset != 0 || stat.filter(StatReport::hasOffset).isPresent()) {
        how.add("offset:" + offset);
      }
      lines.addAll(Paragraph.lines(INDENT, how, " ", width));
      lines.add(INDENT + target);
      if (kind.equals(SOCKET)) {
        socket
            .map(SocketReport::lines)
            .orElse(List.of("without an address, or of a family that /proc/PID/net does not list"))
            .forEach(line -> lines.add(INDENT + "  " + line));
      }
      return lines;
    }
  }

  /**
   * What stat(2) says of it.
   *
   * @param type {@code S_IFREG} for example; null for an object of the kernel that has none
   * @param mode its permissions, in octal
   * @param dev the device that it is on, as "MAJOR:MINOR" in decimal
   * @param rdev the device that it is; null if it is none
   */
  record StatReport(
      Optional<String> type,
      String mode,
      String dev,
      long ino,
      long uid,
      long gid,
      Optional<String> rdev,
      OptionalLong size) {

    static StatReport of(FdStat stat) {
      boolean device = stat.type() == FdStat.Type.CHR || stat.type() == FdStat.Type.BLK;
      boolean sized = stat.type() == FdStat.Type.REG;
      return new StatReport(
          name(stat.type()),
          String.format("%04o", stat.permissions()),
          stat.devMajor() + ":" + stat.devMinor(),
          stat.ino(),
          stat.uid(),
          stat.gid(),
          device ? Optional.of(stat.rdevMajor() + ":" + stat.rdevMinor()) : Optional.empty(),
          sized ? OptionalLong.of(stat.size()) : OptionalLong.empty());
    }

    private static Optional<String> name(FdStat.Type type) {
      return switch (type) {
        case OTHER -> Optional.empty();
        case FIFO -> Optional.of("S_IFIFO");
        default -> Optional.of("S_IF" + type);
      };
    }

    private boolean hasOffset() {
      return type.filter(Set.of("S_IFREG", "S_IFDIR", "S_IFBLK")::contains).isPresent();
    }

    private List<String> words() {
      List<String> words = new ArrayList<>();
      words.add("mode:" + mode);
      words.add("dev:" + dev);
      words.add("ino:" + Long.toUnsignedString(ino));
      words.add("uid:" + uid);
      words.add("gid:" + gid);
      rdev.ifPresent(device -> words.add("rdev:" + device));
      size.ifPresent(bytes -> words.add("size:" + bytes));
      return words;
    }
  }

  /** For people, but for the line that says which process it is. */
  List<String> lines(int width) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "  Current rlimit: "
            + (limit.isPresent() ? limit.getAsLong() + " file descriptors" : "unlimited"));
    for (Descriptor file : files) {
      lines.addAll(file.lines("%4d: ".formatted(file.fd()), width));
    }
    return lines;
  }
}
