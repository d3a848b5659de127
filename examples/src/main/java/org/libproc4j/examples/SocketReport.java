package org.libproc4j.examples;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.libproc4j.procfs.ByteString;
import org.libproc4j.procfs.NetSocket;

/**
 * What {@code pfiles} tells of a socket.
 *
 * @param family {@code AF_INET} for example
 * @param type {@code SOCK_STREAM} for example
 * @param protocol {@code tcp} for example
 * @param state {@code LISTEN} for example
 * @param local its own address; null if it has none
 * @param peer the other end's; null if it has none, or that is not known
 */
record SocketReport(
    String family,
    String type,
    Optional<String> protocol,
    Optional<String> state,
    Optional<String> local,
    Optional<String> peer) {

  private static final String CONNECTED = "CONNECTED";

  /** {@code NETLINK_*}: netlink(7). */
  private static final Map<Integer, String> NETLINK =
      Map.ofEntries(
          Map.entry(0, "ROUTE"),
          Map.entry(2, "USERSOCK"),
          Map.entry(4, "SOCK_DIAG"),
          Map.entry(6, "XFRM"),
          Map.entry(7, "SELINUX"),
          Map.entry(8, "ISCSI"),
          Map.entry(9, "AUDIT"),
          Map.entry(10, "FIB_LOOKUP"),
          Map.entry(11, "CONNECTOR"),
          Map.entry(12, "NETFILTER"),
          Map.entry(15, "KOBJECT_UEVENT"),
          Map.entry(16, "GENERIC"),
          Map.entry(18, "SCSITRANSPORT"),
          Map.entry(20, "RDMA"),
          Map.entry(21, "CRYPTO"));

  static SocketReport of(NetSocket socket) {
    return switch (socket) {
      case NetSocket.Inet inet ->
          new SocketReport(
              inet.isV6() ? "AF_INET6" : "AF_INET",
              name(inet.type()),
              Optional.of(inet.protocol()),
              state(inet),
              Optional.of(inet.local().toString()),
              Optional.of(inet.remote()).filter(SocketReport::isEnd).map(Object::toString));
      case NetSocket.Unix unix ->
          new SocketReport(
              "AF_UNIX",
              name(unix.type()),
              Optional.empty(),
              state(unix),
              unix.path().map(ByteString::toString),
              Optional.empty());
      case NetSocket.Netlink netlink ->
          new SocketReport(
              "AF_NETLINK",
              name(NetSocket.Type.RAW),
              Optional.of(
                  "NETLINK_"
                      + NETLINK.getOrDefault(
                          netlink.protocol(), String.valueOf(netlink.protocol()))),
              Optional.empty(),
              Optional.of("port " + netlink.port()),
              Optional.empty());
      case NetSocket.Packet packet ->
          new SocketReport(
              "AF_PACKET",
              name(packet.type()),
              Optional.of(String.format(Locale.ROOT, "0x%04x", packet.protocol())),
              Optional.empty(),
              Optional.of("interface " + packet.iface()),
              Optional.empty());
    };
  }

  private static String name(NetSocket.Type type) {
    return "SOCK_" + type;
  }

  private static boolean isEnd(NetSocket.Endpoint endpoint) {
    return !endpoint.isAny() || endpoint.port() != 0;
  }

  private static Optional<String> state(NetSocket.Inet inet) {
    if (inet.type() == NetSocket.Type.STREAM) {
      return Optional.of(inet.state().name());
    }
    return isEnd(inet.remote()) ? Optional.of(CONNECTED) : Optional.empty();
  }

  private static Optional<String> state(NetSocket.Unix unix) {
    if (unix.listening()) {
      return Optional.of(NetSocket.State.LISTEN.name());
    }
    return unix.connected() ? Optional.of(CONNECTED) : Optional.empty();
  }

  /** "SOCK_STREAM tcp LISTEN". */
  private String kind() {
    List<String> words = new ArrayList<>(List.of(type));
    protocol.ifPresent(words::add);
    state.ifPresent(words::add);
    return String.join(" ", words);
  }

  List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(kind());
    lines.add("sockname: " + family + local.map(address -> " " + address).orElse(""));
    peer.ifPresent(address -> lines.add("peername: " + family + " " + address));
    return lines;
  }
}
