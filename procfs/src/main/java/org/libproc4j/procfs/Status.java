package org.libproc4j.procfs;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * {@code /proc/PID/status}, or a thread's: proc_pid_status(5). In a signal mask, bit 0 is signal 1;
 * in a capability mask, bit 0 is {@code CAP_CHOWN}.
 *
 * @param name the name of the process or thread, unescaped
 * @param umask its umask(2); empty before Linux 4.7, and for a zombie
 * @param stateCode its state as the kernel's letter, which may be one that {@link TaskState} lacks
 * @param tgid the id of the process
 * @param ngid the id of its NUMA group, 0 if none; empty before Linux 3.13
 * @param pid the id of the thread; in a process's file, the same as {@code tgid}
 * @param ppid the id of the parent process
 * @param tracerPid the id of the thread that traces it; 0 if none does
 * @param uid the user ids
 * @param gid the group ids
 * @param fdSize for how many file descriptors it has room; 0 for a zombie
 * @param groups its supplementary group ids, each an unsigned number of 32 bits
 * @param nsTgid the id of the process in each PID namespace, from this procfs's inwards; empty
 *     before Linux 4.1
 * @param nsPid the same for the id of the thread
 * @param nsPgid the same for the id of the process group
 * @param nsSid the same for the id of the session
 * @param kthread whether it is a kernel thread; empty before Linux 6.8
 * @param memory its memory; empty for a kernel thread and for a zombie
 * @param threads threads in the process
 * @param sigQ the queued signals of its user
 * @param sigPnd the mask of signals pending for the thread
 * @param shdPnd the mask of signals pending for the process
 * @param sigBlk the mask of blocked signals
 * @param sigIgn the mask of ignored signals
 * @param sigCgt the mask of signals with a handler
 * @param capInh the mask of inheritable capabilities
 * @param capPrm the mask of permitted capabilities
 * @param capEff the mask of effective capabilities
 * @param capBnd the mask of capabilities that an exec may give; empty before Linux 2.6.26
 * @param capAmb the mask of ambient capabilities; empty before Linux 4.3
 * @param noNewPrivs whether an exec can give it no privileges; empty before Linux 4.10
 * @param seccomp 0 without seccomp, 1 in strict mode, 2 with a filter; empty on a kernel without it
 * @param seccompFilters how many filters it has; empty before Linux 5.9
 * @param voluntaryCtxtSwitches how often it gave up the processor; empty before Linux 2.6.23
 * @param nonvoluntaryCtxtSwitches how often the processor was taken from it; empty before Linux
 *     2.6.23
 * @param raw every line but the name by its key, without the white space around its value
 */
public record Status(
    Comm name,
    OptionalInt umask,
    char stateCode,
    int tgid,
    OptionalInt ngid,
    int pid,
    int ppid,
    int tracerPid,
    Ids uid,
    Ids gid,
    int fdSize,
    List<Long> groups,
    List<Integer> nsTgid,
    List<Integer> nsPid,
    List<Integer> nsPgid,
    List<Integer> nsSid,
    Optional<Boolean> kthread,
    Optional<Memory> memory,
    int threads,
    SigQ sigQ,
    long sigPnd,
    long shdPnd,
    long sigBlk,
    long sigIgn,
    long sigCgt,
    long capInh,
    long capPrm,
    long capEff,
    OptionalLong capBnd,
    OptionalLong capAmb,
    Optional<Boolean> noNewPrivs,
    OptionalInt seccomp,
    OptionalInt seccompFilters,
    OptionalLong voluntaryCtxtSwitches,
    OptionalLong nonvoluntaryCtxtSwitches,
    Map<String, String> raw) {

  /**
   * The four user or group ids of a task: credentials(7). Each is an unsigned number of 32 bits.
   *
   * @param real who started it
   * @param effective whose rights it has
   * @param saved whose rights it can take
   * @param fileSystem whose rights it has to files
   */
  public record Ids(long real, long effective, long saved, long fileSystem) {}

  /**
   * The memory of a process, in bytes. Resident sizes are only roughly right; {@link SmapsRollup}
   * counts exactly.
   *
   * @param vmPeak the most virtual memory that it ever had
   * @param vmSize virtual memory
   * @param vmLck locked in memory: mlock(2)
   * @param vmPin pinned by the kernel, which needs its place; empty before Linux 3.2
   * @param vmHwm the most resident memory that it ever had
   * @param vmRss resident memory
   * @param rssAnon the part of {@code vmRss} without a file; empty before Linux 4.5
   * @param rssFile the part of {@code vmRss} with a file behind it; empty before Linux 4.5
   * @param rssShmem the part of {@code vmRss} in shared memory and tmpfs; empty before Linux 4.5
   * @param vmData private and writable, without the stack
   * @param vmStk the stack
   * @param vmExe the program's code
   * @param vmLib the code of shared libraries
   * @param vmPte page tables; empty before Linux 2.6.10
   * @param vmSwap swapped out, shared memory excluded; empty before Linux 2.6.34
   * @param hugetlbPages in huge pages of hugetlbfs; empty before Linux 4.4
   */
  public record Memory(
      long vmPeak,
      long vmSize,
      long vmLck,
      OptionalLong vmPin,
      long vmHwm,
      long vmRss,
      OptionalLong rssAnon,
      OptionalLong rssFile,
      OptionalLong rssShmem,
      long vmData,
      long vmStk,
      long vmExe,
      long vmLib,
      OptionalLong vmPte,
      OptionalLong vmSwap,
      OptionalLong hugetlbPages) {}

  /**
   * How many signals wait for the processes of one real user id.
   *
   * @param queued signals
   * @param limit the task's limit, {@code RLIMIT_SIGPENDING}; unsigned
   */
  public record SigQ(long queued, long limit) {}

  /**
   * Parses {@code status}.
   *
   * @param source where the bytes come from, for an exception to name
   * @param bytes the file, from its start
   * @param length how many of the bytes belong to it
   * @return the record
   * @throws MalformedProcException if it is something else
   */
  public static Status parse(Path source, byte[] bytes, int length) {
    return new StatusParser(source, bytes, length).parse();
  }

  /**
   * Its state.
   *
   * @return what {@link #stateCode()} stands for
   */
  public TaskState state() {
    return TaskState.of(stateCode);
  }
}
