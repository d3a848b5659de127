package org.libproc4j.procfs;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * {@code /proc/PID/smaps_rollup}, or a thread's: the sums of proc_pid_smaps(5) over all mappings,
 * in bytes. To add them up, the kernel walks the page tables: this may take milliseconds.
 *
 * @param rss resident memory
 * @param pss resident memory, where what n processes share counts an n-th
 * @param pssDirty the part of {@code pss} that is dirty; empty before Linux 6.0
 * @param pssAnon the part of {@code pss} without a file; empty before Linux 5.4
 * @param pssFile the part of {@code pss} with a file behind it; empty before Linux 5.4
 * @param pssShmem the part of {@code pss} in shared memory and tmpfs; empty before Linux 5.4
 * @param sharedClean resident, also mapped elsewhere, as it is in its file
 * @param sharedDirty resident, also mapped elsewhere, changed
 * @param privateClean resident, mapped here only, as it is in its file
 * @param privateDirty resident, mapped here only, changed
 * @param referenced lately accessed
 * @param anonymous without a file, copies of changed pages of files included
 * @param ksm merged with equal pages; empty before Linux 6.7
 * @param lazyFree to be freed when memory gets short: {@code MADV_FREE}; empty before Linux 4.12
 * @param anonHugePages in transparent huge pages; empty on a kernel without them
 * @param shmemPmdMapped shared memory in huge pages; empty before Linux 4.8
 * @param filePmdMapped files in huge pages; empty before Linux 5.4
 * @param sharedHugetlb in huge pages of hugetlbfs, also mapped elsewhere; empty before Linux 4.4
 * @param privateHugetlb in huge pages of hugetlbfs, mapped here only; empty before Linux 4.4
 * @param swap swapped out
 * @param swapPss swapped out, where what n processes share counts an n-th; empty before Linux 4.3
 * @param locked locked in memory, as {@code pss} counts
 * @param raw every line by its key, as the kernel writes its value
 */
public record SmapsRollup(
    long rss,
    long pss,
    OptionalLong pssDirty,
    OptionalLong pssAnon,
    OptionalLong pssFile,
    OptionalLong pssShmem,
    long sharedClean,
    long sharedDirty,
    long privateClean,
    long privateDirty,
    long referenced,
    long anonymous,
    OptionalLong ksm,
    OptionalLong lazyFree,
    OptionalLong anonHugePages,
    OptionalLong shmemPmdMapped,
    OptionalLong filePmdMapped,
    OptionalLong sharedHugetlb,
    OptionalLong privateHugetlb,
    long swap,
    OptionalLong swapPss,
    long locked,
    Map<String, String> raw) {

  /**
   * Parses {@code smaps_rollup}.
   *
   * @param source where the bytes come from, for an exception to name
   * @param bytes the file, from its start
   * @param length how many of the bytes belong to it
   * @return the record; empty if the file is, because the task has no memory
   * @throws MalformedProcException if it is something else
   */
  public static Optional<SmapsRollup> parse(Path source, byte[] bytes, int length) {
    Scanner in = new Scanner(source, bytes, length);
    if (in.atEnd()) {
      return Optional.empty();
    }
    in.requireLastNewline();
    in.hex64();
    in.expect("-");
    in.hex64();
    in.latin1Until('\n');
    in.expect("\n");
    KeyedLines lines = new KeyedLines(in);
    return Optional.of(
        new SmapsRollup(
            lines.bytes("Rss"),
            lines.bytes("Pss"),
            lines.optionalBytes("Pss_Dirty"),
            lines.optionalBytes("Pss_Anon"),
            lines.optionalBytes("Pss_File"),
            lines.optionalBytes("Pss_Shmem"),
            lines.bytes("Shared_Clean"),
            lines.bytes("Shared_Dirty"),
            lines.bytes("Private_Clean"),
            lines.bytes("Private_Dirty"),
            lines.bytes("Referenced"),
            lines.bytes("Anonymous"),
            lines.optionalBytes("KSM"),
            lines.optionalBytes("LazyFree"),
            lines.optionalBytes("AnonHugePages"),
            lines.optionalBytes("ShmemPmdMapped"),
            lines.optionalBytes("FilePmdMapped"),
            lines.optionalBytes("Shared_Hugetlb"),
            lines.optionalBytes("Private_Hugetlb"),
            lines.bytes("Swap"),
            lines.optionalBytes("SwapPss"),
            lines.bytes("Locked"),
            lines.raw()));
  }
}
