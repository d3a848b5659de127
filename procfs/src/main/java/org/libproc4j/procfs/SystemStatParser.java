package org.libproc4j.procfs;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Collections;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/** The grammar of {@code /proc/stat}: the processors' lines first, then one for each counter. */
final class SystemStatParser {
  private static final String CPU = "cpu";

  private final Scanner in;

  SystemStatParser(Path source, byte[] bytes, int length) {
    in = new Scanner(source, bytes, length);
  }

  SystemStat parse() {
    in.requireLastNewline();
    in.expect(CPU);
    final CpuTimes total = CpuTimes.parse(in);
    endLine();
    SortedMap<Integer, CpuTimes> cpus = new TreeMap<>();
    while (in.startsWith(CPU) && in.hasDigitIn(CPU.length())) {
      in.expect(CPU);
      int number = in.int32();
      cpus.put(number, CpuTimes.parse(in));
      endLine();
    }
    KeyedLines lines = KeyedLines.spaced(in);
    return new SystemStat(
        total,
        Collections.unmodifiableSortedMap(cpus),
        first(lines, "intr"),
        lines.number("ctxt"),
        lines.value(
            "btime",
            text -> Instant.ofEpochSecond(Integer.toUnsignedLong(Integer.parseUnsignedInt(text)))),
        lines.number("processes"),
        lines.number("procs_running"),
        lines.number("procs_blocked"),
        first(lines, "softirq"),
        lines.raw());
  }

  /** The sum, before the numbers of each kind. */
  private static OptionalLong first(KeyedLines lines, String key) {
    return KeyedLines.toLong(
        lines.optional(key, text -> Long.parseUnsignedLong(text.split(" ", 2)[0])));
  }

  /** A newer kernel may add columns. */
  private void endLine() {
    if (!in.at(' ')) {
      in.expect("\n");
      return;
    }
    in.latin1Until('\n');
    in.expect("\n");
  }
}
