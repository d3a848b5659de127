package org.libproc4j.daemons;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

/** Text by a Unix domain socket. */
final class Conversation implements AutoCloseable {
  private static final int LONGEST = 4096;

  private final SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
  private final InputStream in = new BufferedInputStream(Channels.newInputStream(channel));

  Conversation(Path socket) throws IOException {
    channel.connect(UnixDomainSocketAddress.of(socket));
  }

  void say(String text) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(ISO_8859_1));
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  /** Hears exactly that. */
  void expect(String text) throws IOException {
    String heard = new String(in.readNBytes(text.length()), ISO_8859_1);
    if (!heard.equals(text)) {
      throw new IOException("expected " + text + ", heard " + heard);
    }
  }

  /** Hears anything, and then that. */
  void skipTo(String text) throws IOException {
    StringBuilder heard = new StringBuilder();
    while (heard.indexOf(text) < 0) {
      int next = in.read();
      if (next < 0 || heard.length() > LONGEST) {
        throw new EOFException("expected " + text + ", heard " + heard);
      }
      heard.append((char) next);
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
