package org.libproc4j.procfs;

import java.util.Optional;

/**
 * A socket, as a file of {@code /proc/PID/net} lists it: proc_pid_net(5). Its inode is that of
 * {@link Link.Socket}.
 */
public sealed interface NetSocket {
  /**
   * Which socket.
   *
   * @return the number of its inode; 0 for one that no process has open
   */
  long inode();

  /** The types of sockets: socket(2). */
  enum Type {
    /** {@code SOCK_STREAM}. */
    STREAM(1),
    /** {@code SOCK_DGRAM}. */
    DGRAM(2),
    /** {@code SOCK_RAW}. */
    RAW(3),
    /** {@code SOCK_SEQPACKET}. */
    SEQPACKET(5),
    /** Another one. */
    OTHER(0);

    private final int code;

    Type(int code) {
      this.code = code;
    }

    static Type of(int code) {
      for (Type type : values()) {
        if (type.code == code) {
          return type;
        }
      }
      return OTHER;
    }
  }

  /**
   * One end of a socket of the Internet's families.
   *
   * @param ip the address in network order: 4 bytes, or 16 of IPv6
   * @param port the port, or for a raw socket the protocol; 0 for none
   */
  record Endpoint(ByteString ip, int port) {
    /**
     * Whether it stands for any address, and for none as the other end.
     *
     * @return true if all bytes are zero
     */
    public boolean isAny() {
      return ip.latin1().chars().allMatch(b -> b == 0);
    }

    /**
     * The address as people write it.
     *
     * @return {@code 127.0.0.1}, {@code ::1}; without the port
     */
    public String address() {
      return IpText.of(ip.bytes());
    }

    @Override
    public String toString() {
      return ip.length() > 4 ? "[" + address() + "]:" + port : address() + ":" + port;
    }
  }

  /**
   * The states of a TCP connection. Sockets of other protocols are {@code ESTABLISHED} once they
   * have another end, else {@code CLOSE}.
   */
  enum State {
    /** Both ends can send. */
    ESTABLISHED,
    /** We called, and wait for an answer. */
    SYN_SENT,
    /** We were called, and have answered. */
    SYN_RECV,
    /** We have closed. */
    FIN_WAIT1,
    /** We have closed, which the other end has seen. */
    FIN_WAIT2,
    /** Over, but for what may still be under way. */
    TIME_WAIT,
    /** Without a connection. */
    CLOSE,
    /** The other end has closed. */
    CLOSE_WAIT,
    /** Both have closed, the other end first. */
    LAST_ACK,
    /** Waits for calls. */
    LISTEN,
    /** Both have closed at once. */
    CLOSING,
    /** We were called, in a way that costs no socket yet. */
    NEW_SYN_RECV,
    /** One that this library does not know. */
    OTHER;

    static State of(int code) {
      return code >= 1 && code < values().length ? values()[code - 1] : OTHER;
    }
  }

  /**
   * A socket of {@code AF_INET} or {@code AF_INET6}: ip(7), ipv6(7).
   *
   * @param protocol the file that lists it: {@code tcp}, {@code udp6} for example
   * @param type its type
   * @param local our end
   * @param remote the other end; any address without one
   * @param state its state
   * @param inode the number of its inode
   */
  record Inet(String protocol, Type type, Endpoint local, Endpoint remote, State state, long inode)
      implements NetSocket {
    /**
     * Whether it is of IPv6.
     *
     * @return true for {@code AF_INET6}
     */
    public boolean isV6() {
      return local.ip().length() > 4;
    }
  }

  /**
   * A socket of {@code AF_UNIX}: unix(7).
   *
   * @param type its type
   * @param listening whether it waits for calls
   * @param connected whether it has another end
   * @param path the address that it is bound to: a path, or a name that begins with {@code @} here
   *     and has {@code @} for each NUL; empty without one. The kernel escapes nothing, so that who
   *     chooses a name with newlines can feign sockets that are none
   * @param inode the number of its inode
   */
  record Unix(
      Type type, boolean listening, boolean connected, Optional<ByteString> path, long inode)
      implements NetSocket {}

  /**
   * A socket of {@code AF_NETLINK}: netlink(7).
   *
   * @param protocol the {@code NETLINK_*} number of the part of the kernel that it talks to
   * @param port its port, mostly the id of the process that opened it; 0 without one
   * @param inode the number of its inode
   */
  record Netlink(int protocol, long port, long inode) implements NetSocket {}

  /**
   * A socket of {@code AF_PACKET}: packet(7).
   *
   * @param type its type
   * @param protocol the {@code ETH_P_*} number of what it receives
   * @param iface the index of the interface; 0 for any
   * @param inode the number of its inode
   */
  record Packet(Type type, int protocol, int iface, long inode) implements NetSocket {}
}
