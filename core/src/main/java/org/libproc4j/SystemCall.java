package org.libproc4j;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import org.libproc4j.internal.linux.SystemCallNumbers;

/**
 * The names and numbers of this architecture's system calls, for {@link
 * ProcessHandle#traceSysEntry}, {@link LwpStatus#what()} and {@code /proc/PID/syscall}.
 *
 * @see <a href="https://illumos.org/man/3PROC/proc_sysname">proc_sysname(3PROC)</a>
 * @see <a href="https://man7.org/linux/man-pages/man2/syscalls.2.html">syscalls(2)</a>
 */
public final class SystemCall {
  private static final Map<Integer, String> NAMES =
      SystemCallNumbers.BY_NAME.entrySet().stream()
          .collect(Collectors.toUnmodifiableMap(Map.Entry::getValue, Map.Entry::getKey));

  private SystemCall() {}

  /**
   * The name of a system call (proc_sysname).
   *
   * @param number its number
   * @return its name, "epoll_wait"; empty for a number that this library's headers do not know
   */
  public static Optional<String> name(int number) {
    return Optional.ofNullable(NAMES.get(number));
  }

  /**
   * The number of a system call (proc_str2sys).
   *
   * @param name its name
   * @return its number; empty for a name that this architecture does not have
   */
  public static OptionalInt number(String name) {
    Integer number = SystemCallNumbers.BY_NAME.get(name);
    return number == null ? OptionalInt.empty() : OptionalInt.of(number);
  }
}
