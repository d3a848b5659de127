package org.libproc4j.procfs;

import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalLong;

/**
 * {@code /proc/meminfo}: proc_meminfo(5), in bytes. {@link #bytes(String)} finds the lines that
 * have no component here.
 *
 * @param memTotal memory that the kernel manages
 * @param memFree memory that nothing uses
 * @param memAvailable what new programs could have without swapping; empty before Linux 3.14
 * @param buffers the cache of raw disk blocks
 * @param cached the cache of files, shared memory included, {@code swapCached} excluded
 * @param swapCached memory that is also in the swap
 * @param active cache and anonymous memory that was used lately
 * @param inactive the same, not used lately
 * @param swapTotal swap
 * @param swapFree unused swap
 * @param dirty to be written to disk
 * @param writeback being written to disk
 * @param anonPages mapped memory without a file
 * @param mapped mapped files
 * @param shmem shared memory and tmpfs; empty before Linux 2.6.32
 * @param slab the kernel's data structures
 * @param sReclaimable the part of {@code slab} that can be freed; empty before Linux 2.6.19
 * @param sUnreclaim the part of {@code slab} that cannot; empty before Linux 2.6.19
 * @param kernelStack stacks in the kernel; empty before Linux 2.6.32
 * @param pageTables page tables; empty before Linux 2.6.18
 * @param commitLimit how much may be promised under strict overcommit; empty before Linux 2.6.10
 * @param committedAs how much has been promised
 * @param raw every line by its key, as the kernel writes its value
 */
public record MemInfo(
    long memTotal,
    long memFree,
    OptionalLong memAvailable,
    long buffers,
    long cached,
    long swapCached,
    long active,
    long inactive,
    long swapTotal,
    long swapFree,
    long dirty,
    long writeback,
    long anonPages,
    long mapped,
    OptionalLong shmem,
    long slab,
    OptionalLong sReclaimable,
    OptionalLong sUnreclaim,
    OptionalLong kernelStack,
    OptionalLong pageTables,
    OptionalLong commitLimit,
    long committedAs,
    Map<String, String> raw) {
  /**
   * Parses {@code meminfo}.
   *
   * @param source where the bytes come from, for an exception to name
   * @param bytes the file, from its start
   * @param length how many of the bytes belong to it
   * @return the record
   * @throws MalformedProcException if it is something else
   */
  public static MemInfo parse(Path source, byte[] bytes, int length) {
    Scanner in = new Scanner(source, bytes, length);
    in.requireLastNewline();
    KeyedLines lines = new KeyedLines(in);
    return new MemInfo(
        lines.bytes("MemTotal"),
        lines.bytes("MemFree"),
        lines.optionalBytes("MemAvailable"),
        lines.bytes("Buffers"),
        lines.bytes("Cached"),
        lines.bytes("SwapCached"),
        lines.bytes("Active"),
        lines.bytes("Inactive"),
        lines.bytes("SwapTotal"),
        lines.bytes("SwapFree"),
        lines.bytes("Dirty"),
        lines.bytes("Writeback"),
        lines.bytes("AnonPages"),
        lines.bytes("Mapped"),
        lines.optionalBytes("Shmem"),
        lines.bytes("Slab"),
        lines.optionalBytes("SReclaimable"),
        lines.optionalBytes("SUnreclaim"),
        lines.optionalBytes("KernelStack"),
        lines.optionalBytes("PageTables"),
        lines.optionalBytes("CommitLimit"),
        lines.bytes("Committed_AS"),
        lines.raw());
  }

  /**
   * The size in any line.
   *
   * @param key what the line begins with, {@code Hugepagesize} for example
   * @return its size in bytes; empty if there is no such line, or it holds no size
   */
  public OptionalLong bytes(String key) {
    return KeyedLines.bytesOf(raw.getOrDefault(key, ""));
  }
}
