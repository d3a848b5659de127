package org.libproc4j.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code pfiles}, of a shell, and of this JVM. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class PfilesIT {
  @TempDir Path directory;

  @Test
  void itShowsWhatIsOpenAndHow() throws Exception {
    Path file = Files.writeString(directory.resolve("odd\n\33[2Jname"), "12345");
    String script = "ulimit -Sn 100; exec 5>>\"$0\" 7</; read x";
    try (LiveTarget target = LiveTarget.startProgram("sh", "-c", script, file.toString())) {
      ToolRun.await("its files", () -> Files.exists(Path.of("/proc/" + target.pid() + "/fd/7")));
      ToolRun.Result result = ToolRun.run("pfiles", target.operand());
      assertThat(result.err()).isEmpty();
      assertThat(result.status()).isZero();
      assertThat(result.out())
          .startsWith(target.pid() + ": sh -c ulimit")
          .contains("\n  Current rlimit: 100 file descriptors\n   0: S_IFIFO mode:0600 dev:0:")
          .containsPattern("\n      O_RDONLY\n      pipe:\\[\\d+]\n")
          .containsPattern(
              "\n   5: S_IFREG mode:0\\d{3} dev:\\d+:\\d+ ino:\\d+ uid:\\d+ gid:\\d+ size:5\n"
                  + " {6}O_WRONLY\\|O_APPEND\\|O_LARGEFILE offset:0\n"
                  + " {6}\\Q"
                  + directory
                  + "/odd\\n\\x1b[2Jname\\E\n")
          .containsPattern("\n   7: S_IFDIR .*\n      O_RDONLY.* offset:0\n      /\n")
          .doesNotContain("\33");
    }
  }

  @Test
  void aSocketHasItsAddresses() throws Exception {
    Path path = directory.resolve("socket");
    InetAddress here = InetAddress.getLoopbackAddress();
    try (ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.INET);
        SocketChannel client = SocketChannel.open(StandardProtocolFamily.INET);
        DatagramChannel datagrams = DatagramChannel.open(StandardProtocolFamily.INET);
        SocketChannel without = SocketChannel.open(StandardProtocolFamily.INET);
        ServerSocketChannel unix = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      listener.bind(new InetSocketAddress(here, 0));
      unix.bind(UnixDomainSocketAddress.of(path));
      client.connect(listener.getLocalAddress());
      datagrams.bind(new InetSocketAddress(here, 0));
      assertThat(without.isOpen()).isTrue();
      String lines = String.join("\n", linesOfThisJvm());
      assertThat(lines)
          .contains(
              "        SOCK_STREAM tcp LISTEN\n        sockname: AF_INET "
                  + text(listener.getLocalAddress()))
          .contains(
              "        SOCK_STREAM tcp ESTABLISHED\n        sockname: AF_INET "
                  + text(client.getLocalAddress())
                  + "\n        peername: AF_INET "
                  + text(listener.getLocalAddress()))
          .contains(
              "        SOCK_DGRAM udp\n        sockname: AF_INET "
                  + text(datagrams.getLocalAddress())
                  + "\n")
          .contains("        SOCK_STREAM LISTEN\n        sockname: AF_UNIX " + path)
          .contains("without an address, or of a family that /proc/PID/net does not list");
    }
  }

  private static String text(SocketAddress address) {
    return address.toString().substring(1);
  }

  @Test
  void aFileWithoutANameIsShown() throws Exception {
    Path file = directory.resolve("file");
    try (OutputStream out = Files.newOutputStream(file)) {
      out.write(new byte[300]);
      Files.delete(file);
      assertThat(String.join("\n", linesOfThisJvm()))
          .containsPattern(
              " size:300\n      O_WRONLY.* offset:300\n      \\Q" + file + " (deleted)");
    }
  }

  private static List<String> linesOfThisJvm() throws OperandException {
    Examinee self = Examinee.of((int) ProcessHandle.current().pid());
    return new Pfiles().report(self, Optional.empty()).lines(Terminal.ENDLESS);
  }
}
