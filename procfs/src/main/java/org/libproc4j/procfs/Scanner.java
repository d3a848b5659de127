package org.libproc4j.procfs;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;

/** A place in the bytes of a file, and the tokens that the kernel writes. */
final class Scanner {
  private final Path source;
  private final byte[] bytes;
  private final int length;
  private int position;

  Scanner(Path source, byte[] bytes, int length) {
    Objects.checkFromIndexSize(0, length, bytes.length);
    this.source = source;
    this.bytes = bytes;
    this.length = length;
  }

  MalformedProcException malformed(String problem) {
    return new MalformedProcException(source, bytes, length, problem);
  }

  /** A file that does not end with a newline was cut off, perhaps in the middle of a number. */
  void requireLastNewline() {
    if (length == 0 || bytes[length - 1] != '\n') {
      throw malformed("no newline at the end");
    }
  }

  boolean at(char c) {
    return position < length && bytes[position] == c;
  }

  boolean atCapital() {
    return position < length && bytes[position] >= 'A' && bytes[position] <= 'Z';
  }

  boolean atEnd() {
    return position == length;
  }

  boolean startsWith(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (position + i >= length || bytes[position + i] != text.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /** Whether there is a digit so many bytes ahead. */
  boolean hasDigitIn(int distance) {
    int at = position + distance;
    return at < length && bytes[at] >= '0' && bytes[at] <= '9';
  }

  void expect(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (!at(text.charAt(i))) {
        String expected = Printable.of(text.getBytes(US_ASCII), 0, text.length());
        throw malformed("no \"" + expected + "\" at byte " + (position - i));
      }
      position++;
    }
  }

  void expectEnd() {
    if (!atEnd()) {
      throw malformed("unexpected text at byte " + position);
    }
  }

  /** The place of the next {@code c}, or of the end. */
  int indexOf(char c) {
    int i = position;
    while (i < length && bytes[i] != c) {
      i++;
    }
    return i;
  }

  /** The place of the last {@code c} that is still ahead. */
  int lastIndexOf(char c) {
    for (int i = length - 1; i >= position; i--) {
      if (bytes[i] == c) {
        return i;
      }
    }
    throw malformed("no '" + c + "'");
  }

  /** The bytes from here up to {@code end}. */
  byte[] takeUntil(int end) {
    byte[] taken = Arrays.copyOfRange(bytes, position, end);
    position = end;
    return taken;
  }

  /** All bytes that are left. */
  ByteString rest() {
    ByteString rest = ByteString.copyOf(bytes, position, length);
    position = length;
    return rest;
  }

  /** The bytes up to the next {@code end}, or all that are left. */
  ByteString bytesUntil(char end) {
    int to = indexOf(end);
    ByteString taken = ByteString.copyOf(bytes, position, to);
    position = to;
    return taken;
  }

  /** The same, with the octal escapes undone that the kernel writes: {@code \\040} for a blank. */
  ByteString octalUnescapedUntil(char end) {
    int to = indexOf(end);
    byte[] unescaped = new byte[to - position];
    int count = 0;
    while (position < to) {
      byte b = bytes[position++];
      if (b == '\\') {
        b = 0;
        for (int i = 0; i < 3; i++) {
          int digit = position < to ? Character.digit(bytes[position++], 8) : -1;
          if (digit < 0) {
            throw malformed("no octal number at byte " + position);
          }
          b = (byte) (b * 8 + digit);
        }
      }
      unescaped[count++] = b;
    }
    return ByteString.copyOf(unescaped, 0, count);
  }

  /** The same as {@link #bytesUntil}, each byte as the character of its number. */
  String latin1Until(char end) {
    return latin1To(indexOf(end));
  }

  String latin1To(int end) {
    String taken = new String(bytes, position, end - position, ISO_8859_1);
    position = end;
    return taken;
  }

  /** The text up to the next {@code end}, without going there. */
  String ahead(char end) {
    return new String(bytes, position, indexOf(end) - position, ISO_8859_1);
  }

  void skipSpaces() {
    while (at(' ')) {
      position++;
    }
  }

  /** One of two letters: whether it is {@code yes}. */
  boolean flag(char yes, char no) {
    boolean flag = at(yes);
    expect(String.valueOf(flag ? yes : no));
    return flag;
  }

  void skipTo(int end) {
    position = end;
  }

  int distanceTo(int end) {
    return end - position;
  }

  /** Copies the bytes up to {@code end}, without going there. */
  void copyUntil(int end, byte[] target, int at) {
    System.arraycopy(bytes, position, target, at, end - position);
  }

  char letter() {
    if (position == length || !Character.isLetter(bytes[position])) {
      throw malformed("no letter at byte " + position);
    }
    return (char) bytes[position++];
  }

  /** A decimal number of 32 bits with a sign. */
  int int32() {
    int start = position;
    long number = int64();
    if (number != (int) number) {
      throw malformed("more than 32 bits at byte " + start);
    }
    return (int) number;
  }

  /** A decimal number of 64 bits; one without a sign is a negative {@code long} from 2^63 on. */
  long int64() {
    if (at('-')) {
      position++;
      return -digits(10);
    }
    return digits(10);
  }

  /** A number with two decimals, in hundredths. */
  long hundredths() {
    int start = position;
    long whole = digits(10);
    expect(".");
    int fraction = position;
    long hundredths = digits(10);
    if (position != fraction + 2 || whole < 0 || whole > Integer.MAX_VALUE * 100L) {
      throw malformed("no number with two decimals at byte " + start);
    }
    return whole * 100 + hundredths;
  }

  /** A hexadecimal number of 64 bits. */
  long hex64() {
    return digits(16);
  }

  /** A hexadecimal number of 31 bits. */
  int hex32() {
    int start = position;
    long number = hex64();
    if (number != (int) number || number < 0) {
      throw malformed("more than 31 bits at byte " + start);
    }
    return (int) number;
  }

  private long digits(int radix) {
    int start = position;
    long limit = Long.divideUnsigned(-1, radix);
    long number = 0;
    while (position < length) {
      int digit = Character.digit(bytes[position], radix);
      if (digit < 0) {
        break;
      }
      long next = number * radix + digit;
      if (Long.compareUnsigned(number, limit) > 0 || Long.compareUnsigned(next, digit) < 0) {
        throw malformed("more than 64 bits at byte " + start);
      }
      number = next;
      position++;
    }
    if (position == start) {
      throw malformed("no number at byte " + start);
    }
    return number;
  }
}
