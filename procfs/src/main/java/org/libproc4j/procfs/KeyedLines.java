package org.libproc4j.procfs;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/** The grammar of {@code status}, {@code meminfo} and others: a line {@code KEY: VALUE} each. */
final class KeyedLines {
  private static final String KIB = " kB";

  private final Scanner in;
  private final Map<String, String> raw = new LinkedHashMap<>();

  /** Reads what is left of the file. */
  KeyedLines(Scanner in) {
    this(in, () -> !in.atEnd());
  }

  private KeyedLines(Scanner in, BooleanSupplier isAhead) {
    this.in = in;
    while (isAhead.getAsBoolean()) {
      String key = in.latin1Until(':');
      in.expect(":");
      put(key);
    }
  }

  private KeyedLines(Scanner in, char separator) {
    this.in = in;
    while (!in.atEnd()) {
      int end = Math.min(in.indexOf(separator), in.indexOf('\n'));
      String key = in.latin1To(end);
      if (in.at(separator)) {
        in.expect(String.valueOf(separator));
      }
      put(key);
    }
  }

  /** The same, where a line may also lack its colon, and then has no value. */
  static KeyedLines lenient(Scanner in) {
    return new KeyedLines(in, ':');
  }

  /** A word, a space and the value on each line; or the word alone. */
  static KeyedLines spaced(Scanner in) {
    return new KeyedLines(in, ' ');
  }

  /** The lines that begin with a capital letter, up to one that does not. */
  static KeyedLines capitalised(Scanner in) {
    return new KeyedLines(in, in::atCapital);
  }

  private void put(String key) {
    String value = in.latin1Until('\n');
    in.expect("\n");
    raw.put(key, value.strip());
  }

  /** Every line's value by its key, without the white space around it. */
  Map<String, String> raw() {
    return Collections.unmodifiableMap(raw);
  }

  <T> T value(String key, Function<String, T> parser) {
    return optional(key, parser).orElseThrow(() -> missing(key));
  }

  <T> Optional<T> optional(String key, Function<String, T> parser) {
    try {
      return Optional.ofNullable(raw.get(key)).map(parser);
    } catch (NumberFormatException e) {
      throw in.malformed("no number in line \"" + key + "\"");
    }
  }

  OptionalInt optionalInt(String key) {
    return optional(key, Integer::valueOf).map(OptionalInt::of).orElse(OptionalInt.empty());
  }

  /** An unsigned number of 64 bits. */
  long number(String key) {
    return value(key, Long::parseUnsignedLong);
  }

  OptionalLong optionalNumber(String key) {
    return toLong(optional(key, Long::parseUnsignedLong));
  }

  /** A size that the kernel writes in kB, in bytes. */
  long bytes(String key) {
    return value(key, value -> toBytes(key, value));
  }

  OptionalLong optionalBytes(String key) {
    return toLong(optional(key, value -> toBytes(key, value)));
  }

  private long toBytes(String key, String value) {
    return bytesOf(value).orElseThrow(() -> in.malformed("no size in line \"" + key + "\""));
  }

  /** The bytes in {@code N kB}; empty if the text is something else. */
  static OptionalLong bytesOf(String value) {
    if (!value.endsWith(KIB)) {
      return OptionalLong.empty();
    }
    try {
      long kib = Long.parseLong(value.substring(0, value.length() - KIB.length()));
      return kib < 0 || kib > Long.MAX_VALUE >> 10
          ? OptionalLong.empty()
          : OptionalLong.of(kib << 10);
    } catch (NumberFormatException e) {
      return OptionalLong.empty();
    }
  }

  MalformedProcException missing(String key) {
    return in.malformed("no line \"" + key + "\"");
  }

  static OptionalLong toLong(Optional<Long> value) {
    return value.map(OptionalLong::of).orElse(OptionalLong.empty());
  }
}
