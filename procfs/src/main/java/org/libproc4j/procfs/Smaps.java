package org.libproc4j.procfs;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * One mapping of {@code /proc/PID/smaps}, or a thread's, and the memory that it has:
 * proc_pid_smaps(5). Sizes are in bytes.
 *
 * @param mapping the mapping
 * @param rss resident memory
 * @param pss resident memory, where what n processes share counts an n-th
 * @param sharedClean resident, also mapped elsewhere, as it is in its file
 * @param sharedDirty resident, also mapped elsewhere, changed
 * @param privateClean resident, mapped here only, as it is in its file
 * @param privateDirty resident, mapped here only, changed
 * @param referenced lately accessed
 * @param anonymous without a file, copies of changed pages of a file included
 * @param swap swapped out
 * @param swapPss swapped out, where what n processes share counts an n-th; empty before Linux 4.3
 * @param locked locked in memory, as {@code pss} counts
 * @param vmFlags the kernel's two-letter flags; none before Linux 3.8
 * @param raw every line but the first by its key, as the kernel writes its value
 */
public record Smaps(
    Mapping mapping,
    long rss,
    long pss,
    long sharedClean,
    long sharedDirty,
    long privateClean,
    long privateDirty,
    long referenced,
    long anonymous,
    long swap,
    OptionalLong swapPss,
    long locked,
    List<String> vmFlags,
    Map<String, String> raw) {

  /**
   * Parses {@code smaps}.
   *
   * @param source where the bytes come from, for an exception to name
   * @param bytes the file, from its start
   * @param length how many of the bytes belong to it
   * @return a record for each mapping, in ascending order of addresses
   * @throws MalformedProcException if it is something else
   */
  public static List<Smaps> parse(Path source, byte[] bytes, int length) {
    Scanner in = new Scanner(source, bytes, length);
    List<Smaps> all = new ArrayList<>();
    while (!in.atEnd()) {
      all.add(of(Mapping.line(in), KeyedLines.capitalised(in)));
    }
    return List.copyOf(all);
  }

  private static Smaps of(Mapping mapping, KeyedLines lines) {
    return new Smaps(
        mapping,
        lines.bytes("Rss"),
        lines.bytes("Pss"),
        lines.bytes("Shared_Clean"),
        lines.bytes("Shared_Dirty"),
        lines.bytes("Private_Clean"),
        lines.bytes("Private_Dirty"),
        lines.bytes("Referenced"),
        lines.bytes("Anonymous"),
        lines.bytes("Swap"),
        lines.optionalBytes("SwapPss"),
        lines.bytes("Locked"),
        lines.optional("VmFlags", Smaps::words).orElse(List.of()),
        lines.raw());
  }

  private static List<String> words(String text) {
    return text.isEmpty() ? List.of() : List.of(text.split(" "));
  }

  /**
   * What is not as it is in its file, and would have to be written somewhere.
   *
   * @return {@code sharedDirty} and {@code privateDirty}, in bytes
   */
  public long dirty() {
    return sharedDirty + privateDirty;
  }
}
