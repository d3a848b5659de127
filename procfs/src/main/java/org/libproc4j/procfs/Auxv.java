package org.libproc4j.procfs;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * {@code /proc/PID/auxv}, or a thread's: what the kernel told the program when it started;
 * proc_pid_auxv(5), getauxval(3). Values are unsigned. Empty for a kernel thread and for a zombie.
 *
 * @param raw every value by its {@code AT_*} number
 */
public record Auxv(Map<Long, Long> raw) {
  private static final int WORD_64 = 8;
  private static final int WORD_32 = 4;
  private static final int MOST_TYPES = 1 << 16;

  /** The entries that getauxval(3) documents for every processor, with the kernel's numbers. */
  public enum Type {
    /** {@code AT_EXECFD}: a file descriptor of the program. */
    EXECFD(2),
    /** {@code AT_PHDR}: the address of the program headers. */
    PHDR(3),
    /** {@code AT_PHENT}: the size of a program header, in bytes. */
    PHENT(4),
    /** {@code AT_PHNUM}: how many program headers there are. */
    PHNUM(5),
    /** {@code AT_PAGESZ}: the size of a page, in bytes. */
    PAGESZ(6),
    /** {@code AT_BASE}: where the dynamic linker was loaded; 0 without one. */
    BASE(7),
    /** {@code AT_FLAGS}. */
    FLAGS(8),
    /** {@code AT_ENTRY}: the program's entry point. */
    ENTRY(9),
    /** {@code AT_UID}: the real user id. */
    UID(11),
    /** {@code AT_EUID}: the effective user id. */
    EUID(12),
    /** {@code AT_GID}: the real group id. */
    GID(13),
    /** {@code AT_EGID}: the effective group id. */
    EGID(14),
    /** {@code AT_PLATFORM}: the address of the processor's name. */
    PLATFORM(15),
    /** {@code AT_HWCAP}: the processor's abilities. */
    HWCAP(16),
    /** {@code AT_CLKTCK}: clock ticks a second. */
    CLKTCK(17),
    /** {@code AT_SECURE}: 1 if the exec gave privileges, else 0. */
    SECURE(23),
    /** {@code AT_RANDOM}: the address of 16 random bytes. */
    RANDOM(25),
    /** {@code AT_HWCAP2}: further abilities. */
    HWCAP2(26),
    /** {@code AT_EXECFN}: the address of the program's path. */
    EXECFN(31),
    /** {@code AT_SYSINFO_EHDR}: the address of the vDSO. */
    SYSINFO_EHDR(33),
    /** {@code AT_MINSIGSTKSZ}: the smallest stack for a signal handler, in bytes. */
    MINSIGSTKSZ(51);

    private final long code;

    Type(long code) {
      this.code = code;
    }

    /**
     * The kernel's number.
     *
     * @return its key in {@link Auxv#raw()}
     */
    public long code() {
      return code;
    }
  }

  /**
   * Parses {@code auxv} of a 64-bit or a 32-bit program on a little-endian machine.
   *
   * @param source where the bytes come from, for an exception to name
   * @param bytes the file, from its start
   * @param length how many of the bytes belong to it
   * @return the record
   * @throws MalformedProcException if it is something else
   */
  public static Auxv parse(Path source, byte[] bytes, int length) {
    Scanner in = new Scanner(source, bytes, length);
    if (in.atEnd()) {
      return new Auxv(Map.of());
    }
    return pairs(bytes, length, WORD_64)
        .or(() -> pairs(bytes, length, WORD_32))
        .orElseThrow(() -> in.malformed("no pairs that end with AT_NULL"));
  }

  /** Empty if these are no pairs of words of that size: a type is a small number. */
  private static Optional<Auxv> pairs(byte[] bytes, int length, int word) {
    Map<Long, Long> pairs = new LinkedHashMap<>();
    for (int at = 0; at + 2 * word <= length; at += 2 * word) {
      long type = littleEndian(bytes, at, word);
      if (type == 0) {
        return Optional.of(new Auxv(Collections.unmodifiableMap(pairs)));
      }
      if (type < 0 || type > MOST_TYPES) {
        return Optional.empty();
      }
      pairs.put(type, littleEndian(bytes, at + word, word));
    }
    return Optional.empty();
  }

  private static long littleEndian(byte[] bytes, int at, int word) {
    long value = 0;
    for (int i = word - 1; i >= 0; i--) {
      value = value << Byte.SIZE | Byte.toUnsignedLong(bytes[at + i]);
    }
    return value;
  }

  /**
   * The value of an entry.
   *
   * @param type the entry
   * @return its value; empty if there is none
   */
  public OptionalLong get(Type type) {
    return KeyedLines.toLong(Optional.ofNullable(raw.get(type.code())));
  }
}
