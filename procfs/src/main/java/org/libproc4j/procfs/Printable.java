package org.libproc4j.procfs;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.util.HexFormat;

/** Shows any bytes on one line of a terminal, without doubt and without harm. */
final class Printable {
  private Printable() {}

  /**
   * UTF-8 text as it is, and what is not text as {@code \n}, {@code \t}, {@code \\} or {@code
   * \xNN}.
   */
  static String of(byte[] bytes, int offset, int length) {
    StringBuilder shown = new StringBuilder(length);
    CharsetDecoder decoder = UTF_8.newDecoder();
    ByteBuffer in = ByteBuffer.wrap(bytes, offset, length);
    CharBuffer out = CharBuffer.allocate(length);
    CoderResult result;
    do {
      result = decoder.decode(in, out, true);
      out.flip().codePoints().forEach(codePoint -> append(shown, codePoint));
      out.clear();
      for (int i = 0; result.isError() && i < result.length(); i++) {
        appendHex(shown, in.get());
      }
    } while (result.isError());
    return shown.toString();
  }

  private static void append(StringBuilder shown, int codePoint) {
    switch (codePoint) {
      case '\n' -> shown.append("\\n");
      case '\t' -> shown.append("\\t");
      case '\\' -> shown.append("\\\\");
      default -> {
        if (isPrintable(codePoint)) {
          shown.appendCodePoint(codePoint);
        } else {
          for (byte b : Character.toString(codePoint).getBytes(UTF_8)) {
            appendHex(shown, b);
          }
        }
      }
    }
  }

  /** False for what a terminal would obey or reorder: controls, bidirectional marks, separators. */
  private static boolean isPrintable(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.PRIVATE_USE,
          Character.SURROGATE,
          Character.UNASSIGNED ->
          false;
      default -> true;
    };
  }

  private static void appendHex(StringBuilder shown, byte b) {
    shown.append("\\x").append(HexFormat.of().toHexDigits(b));
  }
}
