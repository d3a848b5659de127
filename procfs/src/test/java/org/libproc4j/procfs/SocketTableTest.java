package org.libproc4j.procfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SocketTableTest {
  @Test
  void aTcpSocketHasTwoEndsAndAState() {
    List<NetSocket> sockets = recorded(SocketTable.TCP, "net-tcp-6.18");

    assertThat(sockets).hasSize(3);
    assertThat(sockets.get(0))
        .isInstanceOfSatisfying(
            NetSocket.Inet.class,
            listener -> {
              assertThat(listener.protocol()).isEqualTo("tcp");
              assertThat(listener.type()).isEqualTo(NetSocket.Type.STREAM);
              assertThat(listener.isV6()).isFalse();
              assertThat(listener.local()).hasToString("127.0.0.1:4711");
              assertThat(listener.remote().isAny()).isTrue();
              assertThat(listener.state()).isEqualTo(NetSocket.State.LISTEN);
              assertThat(listener.inode()).isEqualTo(4575910);
            });
    assertThat(sockets.get(1))
        .isInstanceOfSatisfying(
            NetSocket.Inet.class,
            connection -> {
              assertThat(connection.remote()).hasToString("127.0.0.1:34742");
              assertThat(connection.state()).isEqualTo(NetSocket.State.ESTABLISHED);
            });
  }

  @Test
  void anAddressOfIpv6HasBrackets() {
    assertThat(recorded(SocketTable.TCP6, "net-tcp6-6.18"))
        .extracting(socket -> ((NetSocket.Inet) socket).local().toString())
        .containsExactly("[::]:4712", "[::ffff:127.0.0.1]:4712", "[::ffff:127.0.0.1]:34928");
    assertThat(recorded(SocketTable.UDP6, "net-udp6-6.18"))
        .singleElement()
        .extracting(socket -> ((NetSocket.Inet) socket).local().toString())
        .isEqualTo("[::1]:546");
  }

  @Test
  void aUnixSocketMayBeBoundToAnyName() {
    assertThat(recorded(SocketTable.UNIX, "net-unix-6.18"))
        .contains(
            new NetSocket.Unix(
                NetSocket.Type.STREAM,
                true,
                false,
                Optional.of(ByteString.of("/run/a\nb c\33")),
                4575918),
            new NetSocket.Unix(
                NetSocket.Type.DGRAM,
                false,
                false,
                Optional.of(ByteString.of("@abs@ \nname")),
                4575919),
            new NetSocket.Unix(NetSocket.Type.SEQPACKET, false, true, Optional.empty(), 4575922));
  }

  @Test
  void theOtherFamiliesHaveNumbers() {
    assertThat(recorded(SocketTable.NETLINK, "net-netlink-6.18"))
        .contains(new NetSocket.Netlink(0, 4242, 4575925));
    assertThat(recorded(SocketTable.PACKET, "net-packet-6.18"))
        .containsExactly(new NetSocket.Packet(NetSocket.Type.DGRAM, 0x806, 1, 4575926));
    assertThat(recorded(SocketTable.RAW_4, "net-raw-6.18"))
        .singleElement()
        .extracting(socket -> ((NetSocket.Inet) socket).type())
        .isEqualTo(NetSocket.Type.RAW);
  }

  @Test
  void aListMayBeEmpty() {
    assertThat(Fixture.of("").parse(SocketTable.TCP)).isEmpty();
    assertThat(Fixture.of("Num       RefCount Protocol\n").parse(SocketTable.UNIX)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sl\n 0: 0100007F:1267\n",
        "sl\n 0: 7F:1267 00000000:0000 0A 0:0 0:0 0 0 0 4711 1\n",
        "sl\n 0: 0100007F:1267 00000000:0000 0A 0:0 0:0 0 0 0 x 1\n",
        "sl\n 0: 0100007F:1267 00000000:0000 0A 0:0 0:0 0 0 0 4711 1"
      })
  void aLineThatIsNoneIsMalformed(String text) {
    assertThatThrownBy(() -> Fixture.of(text).parse(SocketTable.TCP))
        .isInstanceOf(MalformedProcException.class);
    assertThatThrownBy(() -> Fixture.of(text).parse(SocketTable.UNIX))
        .isInstanceOf(MalformedProcException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "7f000001, 127.0.0.1",
    "ffffffff, 255.255.255.255",
    "00000000000000000000000000000000, ::",
    "00000000000000000000000000000001, ::1",
    "fe800000000000000000000000000000, fe80::",
    "20010db8000000000001000000000001, 2001:db8::1:0:0:1",
    "20010db8000000010001000100010001, 2001:db8:0:1:1:1:1:1",
    "00000000000000000000ffffc0000201, ::ffff:192.0.2.1"
  })
  void anAddressIsWrittenAsPeopleWriteIt(String hex, String text) {
    assertThat(IpText.of(HexFormat.of().parseHex(hex))).isEqualTo(text);
  }

  private static List<NetSocket> recorded(SocketTable table, String name) {
    return Fixture.recorded(name).parse(table);
  }
}
