package org.libproc4j.procfs;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * {@code /proc/PID/status}, or a thread's: proc_pid_status(5). In a signal mask, bit 0 is signal 1.
 *
 * @param name the name of the process or thread, unescaped
 * @param stateCode its state as the kernel's letter, which may be one that {@link TaskState} lacks
 * @param tgid the id of the process
 * @param ngid the id of its NUMA group, 0 if none; empty before Linux 3.13
 * @param pid the id of the thread; in a process's file, the same as {@code tgid}
 * @param ppid the id of the parent process
 * @param tracerPid the id of the thread that traces it; 0 if none does
 * @param uid the user ids
 * @param gid the group ids
 * @param nsTgid the id of the process in each PID namespace, from this procfs's inwards; empty
 *     before Linux 4.1
 * @param nsPid the same for the id of the thread
 * @param threads threads in the process
 * @param sigQ the queued signals of its user
 * @param sigPnd the mask of signals pending for the thread
 * @param shdPnd the mask of signals pending for the process
 * @param sigBlk the mask of blocked signals
 * @param sigIgn the mask of ignored signals
 * @param sigCgt the mask of signals with a handler
 * @param capEff the mask of effective capabilities; bit 0 is {@code CAP_CHOWN}
 * @param noNewPrivs whether an exec can give it no privileges; empty before Linux 4.10
 * @param seccomp 0 without seccomp, 1 in strict mode, 2 with a filter; empty on a kernel without it
 * @param raw every line but the name by its key, without the white space around its value
 */
public record Status(
    Comm name,
    char stateCode,
    int tgid,
    OptionalInt ngid,
    int pid,
    int ppid,
    int tracerPid,
    Ids uid,
    Ids gid,
    List<Integer> nsTgid,
    List<Integer> nsPid,
    int threads,
    SigQ sigQ,
    long sigPnd,
    long shdPnd,
    long sigBlk,
    long sigIgn,
    long sigCgt,
    long capEff,
    Optional<Boolean> noNewPrivs,
    OptionalInt seccomp,
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
