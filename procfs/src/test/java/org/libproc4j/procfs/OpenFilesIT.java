package org.libproc4j.procfs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Pipe;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What this JVM has open. */
@Timeout(60)
class OpenFilesIT {
  private final ProcessFiles self = ProcFs.of().process((int) ProcessHandle.current().pid());

  @TempDir Path directory;

  @Test
  void aFileIsWhatStatSaysAlsoWithoutAName() throws IOException {
    Path file = Files.writeString(directory.resolve("file"), "12345");
    long inode = ((Number) Files.getAttribute(file, "unix:ino")).longValue();
    int dev = ((Number) Files.getAttribute(file, "unix:dev")).intValue();
    try (InputStream in = Files.newInputStream(file)) {
      assertThat(in.read()).isEqualTo('1');
      int fd = fdOf(new Link.File(ByteString.of(file.toString()))).orElseThrow();
      Files.delete(file);
      FdStat stat = self.fdStat(fd).orElseThrow().orElseThrow();

      assertThat(stat.type()).isEqualTo(FdStat.Type.REG);
      assertThat(stat.permissions() & 0600).isEqualTo(0600);
      assertThat(stat.ino()).isEqualTo(inode);
      assertThat(stat.size()).isEqualTo(5);
      assertThat(stat.nlink()).isZero();
      assertThat(stat.devMajor()).isEqualTo(dev >> 8 & 0xfff);
      assertThat(stat.uid()).isEqualTo(self.status().orElseThrow().uid().effective());
    }
  }

  @Test
  void aDeviceIsOneAndAPipeIsNone() throws IOException {
    Pipe pipe = Pipe.open();
    try (InputStream zero = Files.newInputStream(Path.of("/dev/zero"));
        Pipe.SourceChannel source = pipe.source();
        Pipe.SinkChannel sink = pipe.sink()) {
      assertThat(zero.read()).isZero();
      assertThat(source.isOpen() && sink.isOpen()).isTrue();
      FdStat device = stat(new Link.File(ByteString.of("/dev/zero")));
      assertThat(device.type()).isEqualTo(FdStat.Type.CHR);
      assertThat(device.rdevMajor()).isEqualTo(1);
      assertThat(device.rdevMinor()).isEqualTo(5);
      assertThat(self.fd().orElseThrow().stream().map(OpenFile::target))
          .filteredOn(Link.Pipe.class::isInstance)
          .allSatisfy(link -> assertThat(stat(link).type()).isEqualTo(FdStat.Type.FIFO));
    }
  }

  @Test
  void whatIsNotOpenHasNoStat() {
    assertThat(self.fdStat(1 << 30).orElseThrow()).isEmpty();
  }

  @Test
  void socketsAreListedWithTheirAddresses() throws IOException {
    Path path = directory.resolve("socket\n");
    try (ServerSocketChannel tcp = ServerSocketChannel.open();
        ServerSocketChannel unix = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      tcp.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      unix.bind(UnixDomainSocketAddress.of(path));
      int port = ((InetSocketAddress) tcp.getLocalAddress()).getPort();
      Map<Long, NetSocket> all = self.sockets().orElseThrow();
      Set<NetSocket> ours =
          self.fd().orElseThrow().stream()
              .filter(file -> file.target() instanceof Link.Socket)
              .map(file -> all.get(((Link.Socket) file.target()).inode()))
              .filter(socket -> socket != null)
              .collect(Collectors.toSet());

      assertThat(ours)
          .anyMatch(
              socket ->
                  socket instanceof NetSocket.Inet inet
                      && inet.state() == NetSocket.State.LISTEN
                      && inet.local().port() == port
                      && inet.local().address().endsWith("127.0.0.1"))
          .anyMatch(
              socket ->
                  socket instanceof NetSocket.Unix listener
                      && listener.listening()
                      && listener.path().equals(Optional.of(ByteString.of(path.toString()))));
    }
  }

  @Test
  void aProcessThatIsGoneHasNoSockets() {
    assertThat(ProcFs.of().process(Integer.MAX_VALUE).sockets().isVanished()).isTrue();
    assertThat(ProcFs.of().process(Integer.MAX_VALUE).fdStat(0).isVanished()).isTrue();
  }

  @Test
  void smapsHoldAllMappings() {
    long mapped =
        self.smaps().orElseThrow().stream().mapToLong(smaps -> smaps.mapping().size()).sum();
    long size = self.status().orElseThrow().memory().orElseThrow().vmSize();

    // The kernel counts neither its own page of vsyscalls, nor what a busy JVM maps meanwhile.
    assertThat(mapped).isBetween(size / 2, size * 2);
  }

  private FdStat stat(Link link) {
    return self.fdStat(fdOf(link).orElseThrow()).orElseThrow().orElseThrow();
  }

  private OptionalInt fdOf(Link link) {
    return self.fd().orElseThrow().stream()
        .filter(file -> file.target().equals(link))
        .mapToInt(OpenFile::fd)
        .findFirst();
  }
}
