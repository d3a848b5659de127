package org.libproc4j.procfs;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/** Changes to a file that a parser is most likely to stumble over. */
final class Mutations {
  private static final String INTERESTING_BYTES = "\n\t :()-/x\\.,[]0123456789\0\377";

  private static final String[] INTERESTING_TEXTS = {
    "",
    "0",
    "-1",
    "-",
    "2147483647",
    "2147483648",
    "-2147483648",
    "4294967296",
    "9007199254740993",
    "9223372036854775807",
    "9223372036854775808",
    "-9223372036854775809",
    "18446744073709551615",
    "18446744073709551616",
    "999999999999999999999999999999",
    "ffffffffffffffff",
    "1ffffffffffffffff",
    "0x",
    "unlimited",
    " kB",
    " kB\n",
    "\\012",
    "\\n",
    " (deleted)",
    ")",
    ") R ",
    "cpu",
    "cpu0 1",
    "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0",
    "\303\251",
    "\342\200\256",
    "\355\240\200"
  };

  private static final int MOST_BYTES = 64 * 1024;

  private final RandomGenerator random;
  private final List<Sample> others;

  Mutations(RandomGenerator random, List<Sample> others) {
    this.random = random;
    this.others = others;
  }

  /** The file after one change or a few. */
  byte[] of(byte[] file) {
    byte[] bytes = file;
    for (int edits = 1 + random.nextInt(4); edits > 0; edits--) {
      bytes = edited(bytes);
    }
    return bytes;
  }

  private byte[] edited(byte[] b) {
    int at = random.nextInt(b.length + 1);
    int to = Math.min(b.length, at + 1 + random.nextInt(16));
    return switch (random.nextInt(11)) {
      case 0 -> replaced(b, at, Math.min(at + 1, b.length), bytes(randomByte()));
      case 1 -> replaced(b, at, at, bytes(randomByte()));
      case 2 -> replaced(b, at, Math.min(at + 1, b.length), bytes());
      case 3 -> replaced(b, at, to, interestingText());
      case 4 -> replaced(b, at, at, interestingText());
      case 5 -> replacedNumber(b, at);
      case 6 -> Arrays.copyOf(b, at);
      case 7 -> replaced(b, at, random.nextInt(at, b.length + 1), bytes());
      case 8 -> replaced(b, at, at, Arrays.copyOfRange(b, random.nextInt(at + 1), at));
      case 9 -> replaced(b, at, random.nextInt(at, b.length + 1), ofAnother());
      default -> repeated(b, at, to);
    };
  }

  /** Another number where there is one. */
  private byte[] replacedNumber(byte[] b, int at) {
    int from = at;
    while (from < b.length && !Character.isDigit(b[from])) {
      from++;
    }
    int to = from;
    while (to < b.length && Character.isDigit(b[to])) {
      to++;
    }
    return replaced(b, from, to, interestingText());
  }

  private byte[] ofAnother() {
    byte[] other = others.get(random.nextInt(others.size())).fixture().bytes();
    int from = random.nextInt(other.length + 1);
    return Arrays.copyOfRange(other, from, random.nextInt(from, other.length + 1));
  }

  private byte[] repeated(byte[] b, int from, int to) {
    byte[] part = Arrays.copyOfRange(b, from, to);
    int times = random.nextInt(8) == 0 ? 1000 : random.nextInt(8);
    byte[] parts = new byte[part.length * times];
    for (int i = 0; i < parts.length; i++) {
      parts[i] = part[i % part.length];
    }
    return replaced(b, from, to, parts);
  }

  private static byte[] replaced(byte[] b, int from, int to, byte[] by) {
    if (b.length + by.length > MOST_BYTES) {
      return Arrays.copyOf(b, from);
    }
    byte[] result = new byte[b.length - (to - from) + by.length];
    System.arraycopy(b, 0, result, 0, from);
    System.arraycopy(by, 0, result, from, by.length);
    System.arraycopy(b, to, result, from + by.length, b.length - to);
    return result;
  }

  private byte[] interestingText() {
    return INTERESTING_TEXTS[random.nextInt(INTERESTING_TEXTS.length)].getBytes(ISO_8859_1);
  }

  private byte randomByte() {
    return random.nextBoolean()
        ? (byte) random.nextInt()
        : (byte) INTERESTING_BYTES.charAt(random.nextInt(INTERESTING_BYTES.length()));
  }

  private static byte[] bytes(byte... bytes) {
    return bytes;
  }
}
