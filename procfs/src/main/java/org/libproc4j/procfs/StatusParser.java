package org.libproc4j.procfs;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;

/** The grammar of {@code status}: a line for each key, and among them those that never lack. */
final class StatusParser {
  private final Scanner in;
  private final Map<String, String> raw = new LinkedHashMap<>();

  StatusParser(Path source, byte[] bytes, int length) {
    in = new Scanner(source, bytes, length);
  }

  Status parse() {
    in.requireLastNewline();
    in.expect("Name:\t");
    final Comm name = Comm.of(unescape(in.takeUntil(in.indexOf('\n'))));
    in.expect("\n");
    while (!in.atEnd()) {
      readLine();
    }
    return new Status(
        name,
        value("State", this::letter),
        value("Tgid", Integer::valueOf),
        optionalInt("Ngid"),
        value("Pid", Integer::valueOf),
        value("PPid", Integer::valueOf),
        value("TracerPid", Integer::valueOf),
        value("Uid", this::ids),
        value("Gid", this::ids),
        optional("NStgid", StatusParser::integers).orElse(List.of()),
        optional("NSpid", StatusParser::integers).orElse(List.of()),
        value("Threads", Integer::valueOf),
        value("SigQ", this::sigQ),
        value("SigPnd", StatusParser::mask),
        value("ShdPnd", StatusParser::mask),
        value("SigBlk", StatusParser::mask),
        value("SigIgn", StatusParser::mask),
        value("SigCgt", StatusParser::mask),
        value("CapEff", StatusParser::mask),
        optional("NoNewPrivs", text -> !text.equals("0")),
        optionalInt("Seccomp"),
        Collections.unmodifiableMap(raw));
  }

  private void readLine() {
    String key = text(':');
    in.expect(":");
    String value = text('\n');
    in.expect("\n");
    raw.put(key, value.strip());
  }

  private String text(char end) {
    return new String(in.takeUntil(in.indexOf(end)), ISO_8859_1);
  }

  private <T> T value(String key, Function<String, T> parser) {
    return optional(key, parser).orElseThrow(() -> in.malformed("no line \"" + key + "\""));
  }

  private <T> Optional<T> optional(String key, Function<String, T> parser) {
    try {
      return Optional.ofNullable(raw.get(key)).map(parser);
    } catch (NumberFormatException e) {
      throw in.malformed("no number in line \"" + key + "\"");
    }
  }

  private OptionalInt optionalInt(String key) {
    return optional(key, Integer::valueOf).map(OptionalInt::of).orElse(OptionalInt.empty());
  }

  private char letter(String text) {
    if (text.isEmpty() || !Character.isLetter(text.charAt(0))) {
      throw in.malformed("no letter in line \"State\"");
    }
    return text.charAt(0);
  }

  private Status.Ids ids(String text) {
    List<Long> ids = Arrays.stream(text.split("\\s+")).map(Long::valueOf).toList();
    if (ids.size() != 4) {
      throw in.malformed("not four ids");
    }
    return new Status.Ids(ids.get(0), ids.get(1), ids.get(2), ids.get(3));
  }

  private Status.SigQ sigQ(String text) {
    String[] parts = text.split("/", -1);
    if (parts.length != 2) {
      throw in.malformed("no fraction in line \"SigQ\"");
    }
    return new Status.SigQ(Long.parseUnsignedLong(parts[0]), Long.parseUnsignedLong(parts[1]));
  }

  /**
   * The kernel writes a newline as {@code \n} and a backslash as {@code \\}, and escapes no more.
   */
  private byte[] unescape(byte[] escaped) {
    ByteArrayOutputStream name = new ByteArrayOutputStream(escaped.length);
    for (int i = 0; i < escaped.length; i++) {
      if (escaped[i] != '\\') {
        name.write(escaped[i]);
      } else if (++i < escaped.length && escaped[i] == 'n') {
        name.write('\n');
      } else if (i < escaped.length && escaped[i] == '\\') {
        name.write('\\');
      } else {
        throw in.malformed("unknown escape in the name");
      }
    }
    return name.toByteArray();
  }

  private static List<Integer> integers(String text) {
    return Arrays.stream(text.split("\\s+")).map(Integer::valueOf).toList();
  }

  private static long mask(String text) {
    return Long.parseUnsignedLong(text, 16);
  }
}
