package org.libproc4j.freezer;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import org.libproc4j.internal.linux.Libc;
import org.libproc4j.internal.linux.Open;
import org.libproc4j.internal.linux.Wait;

/** An interface file of a control group that is kept open: of this group, and no later one. */
final class CgroupFile implements AutoCloseable {
  private static final int CHUNK = 16_384;

  private final Libc libc;
  private final int fd;

  private CgroupFile(Libc libc, int fd) {
    this.libc = libc;
    this.fd = fd;
  }

  /** What was read, as far as it could be; the errno of what failed, or 0. */
  record Text(String value, int error) {}

  /** Reads one that need not stay open. */
  static Text read(Libc libc, Path group, String name) {
    int fd = libc.open(group.resolve(name).toString(), Open.O_RDONLY | Open.O_CLOEXEC, 0);
    if (fd < 0) {
      return new Text("", -fd);
    }
    try (CgroupFile file = new CgroupFile(libc, fd)) {
      return file.read();
    }
  }

  /** Opens one; empty if that cannot be. */
  static Optional<CgroupFile> open(Libc libc, Path group, String name, int flags) {
    int fd = libc.open(group.resolve(name).toString(), flags | Open.O_CLOEXEC, 0);
    return fd < 0 ? Optional.empty() : Optional.of(new CgroupFile(libc, fd));
  }

  /** What it says now. */
  Text read() {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    byte[] chunk = new byte[CHUNK];
    long r = libc.rewind(fd);
    while (r >= 0 && (r = libc.read(fd, chunk)) > 0) {
      all.write(chunk, 0, (int) r);
    }
    return new Text(all.toString(StandardCharsets.US_ASCII), (int) -Math.min(r, 0));
  }

  /** Writes it: 0 or −errno. */
  int write(String text) {
    return libc.write(fd, text.getBytes(StandardCharsets.US_ASCII));
  }

  /** Waits until it says something else than when it was read last, so long at most. */
  void awaitChange(long nanos) {
    libc.poll(fd, Wait.POLLPRI, nanos); // whatever has ended this, who waits looks again
  }

  @Override
  public void close() {
    libc.close(fd);
  }
}
