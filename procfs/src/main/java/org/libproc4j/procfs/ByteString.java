package org.libproc4j.procfs;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Arrays;
import java.util.Optional;

/**
 * Bytes that are text more often than not: an argument, a path, a setting of the environment. Linux
 * knows no encoding for these, so that they are kept as they are. Equal to another of the same
 * bytes; ordered as unsigned bytes.
 */
public final class ByteString implements Comparable<ByteString> {
  private static final ByteString EMPTY = new ByteString(new byte[0]);

  private final byte[] bytes;

  private ByteString(byte[] bytes) {
    this.bytes = bytes;
  }

  /**
   * These bytes.
   *
   * @param bytes the bytes
   * @return a string of a copy of them
   */
  public static ByteString of(byte[] bytes) {
    return copyOf(bytes, 0, bytes.length);
  }

  /**
   * The bytes that this text is in UTF-8.
   *
   * @param text the text
   * @return its bytes
   */
  public static ByteString of(String text) {
    return new ByteString(text.getBytes(UTF_8));
  }

  /** The bytes from {@code from} up to {@code to}. */
  static ByteString copyOf(byte[] bytes, int from, int to) {
    return from == to ? EMPTY : new ByteString(Arrays.copyOfRange(bytes, from, to));
  }

  /** The bytes that these characters number. */
  static ByteString ofLatin1(String text) {
    return new ByteString(text.getBytes(ISO_8859_1));
  }

  /** Each byte as the character of its number. */
  String latin1() {
    return new String(bytes, ISO_8859_1);
  }

  /**
   * The bytes as they are.
   *
   * @return a copy of them
   */
  public byte[] bytes() {
    return bytes.clone();
  }

  /**
   * How many bytes there are.
   *
   * @return the length
   */
  public int length() {
    return bytes.length;
  }

  /**
   * Whether there is none.
   *
   * @return true for no bytes
   */
  public boolean isEmpty() {
    return bytes.length == 0;
  }

  /**
   * The text whose UTF-8 these bytes are, control characters and all.
   *
   * @return the text; empty if they are not UTF-8
   */
  public Optional<String> text() {
    try {
      return Optional.of(UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }

  /**
   * The bytes, fit for one line of a terminal.
   *
   * @return UTF-8 text as it is; what is none, and what a terminal would obey, as {@code \n},
   *     {@code \t}, {@code \\} or {@code \xNN}
   */
  @Override
  public String toString() {
    return Printable.of(bytes, 0, bytes.length);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ByteString string && Arrays.equals(bytes, string.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public int compareTo(ByteString other) {
    return Arrays.compareUnsigned(bytes, other.bytes);
  }
}
