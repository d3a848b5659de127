package org.libproc4j.procfs;

import static org.libproc4j.procfs.NetSocket.Type.DGRAM;
import static org.libproc4j.procfs.NetSocket.Type.RAW;
import static org.libproc4j.procfs.NetSocket.Type.STREAM;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The files of {@code /proc/PID/net} that list sockets, and their grammars: a line each. */
enum SocketTable implements ProcParser<List<NetSocket>> {
  TCP(STREAM),
  TCP6(STREAM),
  UDP(DGRAM),
  UDP6(DGRAM),
  UDPLITE(DGRAM),
  UDPLITE6(DGRAM),
  ICMP(DGRAM),
  ICMP6(DGRAM),
  RAW_4(RAW, "raw"),
  RAW_6(RAW, "raw6"),
  UNIX {
    @Override
    List<NetSocket> sockets(Scanner in) {
      return unix(in);
    }
  },
  NETLINK {
    @Override
    NetSocket socket(String[] columns) {
      return new NetSocket.Netlink(
          Integer.parseInt(columns[1]),
          Long.parseLong(columns[2]),
          Long.parseUnsignedLong(columns[9]));
    }
  },
  PACKET {
    @Override
    NetSocket socket(String[] columns) {
      return new NetSocket.Packet(
          NetSocket.Type.of(Integer.parseInt(columns[2])),
          Integer.parseInt(columns[3], 16),
          Integer.parseInt(columns[4]),
          Long.parseUnsignedLong(columns[8]));
    }
  };

  private static final Pattern UNIX_LINE =
      Pattern.compile(
          "(?s)[0-9a-f]+: [0-9A-F]{8} [0-9A-F]{8} ([0-9A-F]{8}) ([0-9A-F]{4}) ([0-9A-F]{2})"
              + " +(\\d{1,19})(?: (.*))?");

  /** {@code __SO_ACCEPTCON}. */
  private static final int LISTENS = 0x10000;

  /** {@code SS_CONNECTED}. */
  private static final int CONNECTED = 3;

  private final NetSocket.Type type;
  private final String file;

  SocketTable(NetSocket.Type type, String file) {
    this.type = type;
    this.file = file;
  }

  SocketTable(NetSocket.Type type) {
    this.type = type;
    this.file = name().toLowerCase(Locale.ROOT);
  }

  SocketTable() {
    this(NetSocket.Type.OTHER);
  }

  String file() {
    return file;
  }

  @Override
  public List<NetSocket> parse(Path source, byte[] bytes, int length) {
    Scanner in = new Scanner(source, bytes, length);
    if (in.atEnd()) {
      return List.of();
    }
    in.requireLastNewline();
    line(in); // the headings
    try {
      return List.copyOf(sockets(in));
    } catch (NumberFormatException | IndexOutOfBoundsException e) {
      throw in.malformed("no line of " + file);
    }
  }

  List<NetSocket> sockets(Scanner in) {
    List<NetSocket> sockets = new ArrayList<>();
    while (!in.atEnd()) {
      sockets.add(socket(line(in).strip().split("\\s+")));
    }
    return sockets;
  }

  NetSocket socket(String[] columns) {
    return new NetSocket.Inet(
        file,
        type,
        endpoint(columns[1]),
        endpoint(columns[2]),
        NetSocket.State.of(Integer.parseInt(columns[3], 16)),
        Long.parseUnsignedLong(columns[9]));
  }

  private static String line(Scanner in) {
    String line = in.latin1Until('\n');
    in.expect("\n");
    return line;
  }

  /** The kernel writes each word of 32 bits as the processor reads it: the last byte first. */
  private static NetSocket.Endpoint endpoint(String text) {
    int colon = text.indexOf(':');
    if (colon != 8 && colon != 32) {
      throw new NumberFormatException(text);
    }
    byte[] ip = new byte[colon / 2];
    for (int i = 0; i < ip.length; i++) {
      int at = 2 * (i ^ 3);
      ip[i] = (byte) Integer.parseInt(text.substring(at, at + 2), 16);
    }
    return new NetSocket.Endpoint(
        ByteString.of(ip), Integer.parseInt(text.substring(colon + 1), 16));
  }

  /** Where a line is none, it continues the name before it, which had a newline. */
  private static List<NetSocket> unix(Scanner in) {
    List<NetSocket> sockets = new ArrayList<>();
    String pending = "";
    while (!in.atEnd()) {
      String line = line(in);
      if (!pending.isEmpty() && UNIX_LINE.matcher(line).matches()) {
        sockets.add(unix(in, pending));
        pending = line;
      } else {
        pending = pending.isEmpty() ? line : pending + '\n' + line;
      }
    }
    if (!pending.isEmpty()) {
      sockets.add(unix(in, pending));
    }
    return sockets;
  }

  private static NetSocket unix(Scanner in, String line) {
    Matcher matcher = UNIX_LINE.matcher(line);
    if (!matcher.matches()) {
      throw in.malformed("no line of unix");
    }
    return new NetSocket.Unix(
        NetSocket.Type.of(Integer.parseInt(matcher.group(2), 16)),
        (Integer.parseUnsignedInt(matcher.group(1), 16) & LISTENS) != 0,
        Integer.parseInt(matcher.group(3), 16) == CONNECTED,
        Optional.ofNullable(matcher.group(5)).map(ByteString::ofLatin1),
        Long.parseUnsignedLong(matcher.group(4)));
  }
}
