package org.libproc4j.procfs;

import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.stream.Stream;

/** The grammar of {@code status}: a line for each key, and among them those that never lack. */
final class StatusParser {
  private final Scanner in;
  private final Comm name;
  private final KeyedLines lines;

  StatusParser(Path source, byte[] bytes, int length) {
    in = new Scanner(source, bytes, length);
    in.requireLastNewline();
    in.expect("Name:\t");
    name = Comm.of(unescape(in.takeUntil(in.indexOf('\n'))));
    in.expect("\n");
    lines = new KeyedLines(in);
  }

  Status parse() {
    return new Status(
        name,
        optionalInt("Umask", text -> Integer.parseInt(text, 8)),
        lines.value("State", this::letter),
        integer("Tgid"),
        lines.optionalInt("Ngid"),
        integer("Pid"),
        integer("PPid"),
        integer("TracerPid"),
        lines.value("Uid", this::ids),
        lines.value("Gid", this::ids),
        integer("FDSize"),
        lines.value("Groups", StatusParser::longs),
        integers("NStgid"),
        integers("NSpid"),
        integers("NSpgid"),
        integers("NSsid"),
        flag("Kthread"),
        lines.raw().containsKey("VmSize") ? Optional.of(memory()) : Optional.empty(),
        integer("Threads"),
        lines.value("SigQ", this::sigQ),
        mask("SigPnd"),
        mask("ShdPnd"),
        mask("SigBlk"),
        mask("SigIgn"),
        mask("SigCgt"),
        mask("CapInh"),
        mask("CapPrm"),
        mask("CapEff"),
        optionalMask("CapBnd"),
        optionalMask("CapAmb"),
        flag("NoNewPrivs"),
        lines.optionalInt("Seccomp"),
        lines.optionalInt("Seccomp_filters"),
        lines.optionalNumber("voluntary_ctxt_switches"),
        lines.optionalNumber("nonvoluntary_ctxt_switches"),
        lines.raw());
  }

  private Status.Memory memory() {
    return new Status.Memory(
        lines.bytes("VmPeak"),
        lines.bytes("VmSize"),
        lines.bytes("VmLck"),
        lines.optionalBytes("VmPin"),
        lines.bytes("VmHWM"),
        lines.bytes("VmRSS"),
        lines.optionalBytes("RssAnon"),
        lines.optionalBytes("RssFile"),
        lines.optionalBytes("RssShmem"),
        lines.bytes("VmData"),
        lines.bytes("VmStk"),
        lines.bytes("VmExe"),
        lines.bytes("VmLib"),
        lines.optionalBytes("VmPTE"),
        lines.optionalBytes("VmSwap"),
        lines.optionalBytes("HugetlbPages"));
  }

  private int integer(String key) {
    return lines.value(key, Integer::valueOf);
  }

  private OptionalInt optionalInt(String key, Function<String, Integer> parser) {
    return lines.optional(key, parser).map(OptionalInt::of).orElse(OptionalInt.empty());
  }

  private List<Integer> integers(String key) {
    return lines
        .optional(key, text -> words(text).map(Integer::valueOf).toList())
        .orElse(List.of());
  }

  private Optional<Boolean> flag(String key) {
    return lines.optional(key, text -> Integer.parseInt(text) != 0);
  }

  private long mask(String key) {
    return lines.value(key, StatusParser::mask64);
  }

  private OptionalLong optionalMask(String key) {
    return KeyedLines.toLong(lines.optional(key, StatusParser::mask64));
  }

  private char letter(String text) {
    if (text.isEmpty() || !Character.isLetter(text.charAt(0))) {
      throw in.malformed("no letter in line \"State\"");
    }
    return text.charAt(0);
  }

  private Status.Ids ids(String text) {
    List<Long> ids = longs(text);
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

  private static List<Long> longs(String text) {
    return words(text).map(Long::valueOf).toList();
  }

  private static Stream<String> words(String text) {
    return text.isEmpty() ? Stream.empty() : Arrays.stream(text.split("\\s+"));
  }

  private static long mask64(String text) {
    return Long.parseUnsignedLong(text, 16);
  }
}
