package org.libproc4j.procfs;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;

/** The file system by java.nio.file alone. */
enum JdkIo implements ProcIo {
  INSTANCE;

  private static final Path ROOT = Path.of("/");

  /** Where nothing can be. */
  private static final Path NOWHERE = Path.of("/dev/null/");

  @Override
  public InputStream open(Path file) throws IOException {
    // Not a FileChannel, which an interrupt of the calling thread would close.
    return Files.newInputStream(file);
  }

  @Override
  public List<String> list(Path directory) throws IOException {
    List<String> names = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
      for (Path entry : entries) {
        names.add(Objects.requireNonNull(entry.getFileName()).toString());
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    return names;
  }

  @Override
  public ByteString readLink(Path link) throws IOException {
    return bytesOf(Files.readSymbolicLink(link));
  }

  @Override
  public FdStat stat(Path link) throws IOException {
    return FdStat.of(link);
  }

  @Override
  public boolean isGone(Path file) {
    return Files.notExists(file);
  }

  /**
   * The bytes of a path. Java shows them as text in the user's encoding, which loses what is none;
   * a URI keeps them all.
   */
  static ByteString bytesOf(Path path) {
    String text = path.toString();
    if (text.chars().allMatch(c -> c < 0x80)) {
      return ByteString.of(text);
    }
    // To make a URI, Java looks whether the path is a directory, and might hang on a dead mount.
    Path relative = path.isAbsolute() ? ROOT.relativize(path) : path;
    URI uri = NOWHERE.resolve(relative).toUri();
    String encoded = uri.getRawPath().substring(NOWHERE.toString().length() + 1);
    return ByteString.ofLatin1((path.isAbsolute() ? "/" : "") + decoded(encoded));
  }

  private static String decoded(String encoded) {
    StringBuilder text = new StringBuilder(encoded.length());
    for (int i = 0; i < encoded.length(); i++) {
      char c = encoded.charAt(i);
      if (c == '%') {
        text.append((char) HexFormat.fromHexDigits(encoded, i + 1, i + 3));
        i += 2;
      } else {
        text.append(c);
      }
    }
    return text.toString();
  }
}
