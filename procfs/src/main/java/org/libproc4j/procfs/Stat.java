package org.libproc4j.procfs;

import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * {@code /proc/PID/stat}, or a thread's: proc_pid_stat(5). A clock tick is a hundredth of a second.
 * Times and faults in a process's file are the sums of its threads.
 *
 * @param pid the id of the process or thread
 * @param comm its name
 * @param stateCode its state as the kernel's letter, which may be one that {@link TaskState} lacks
 * @param ppid the id of the parent process; 0 if that is in no namespace that this procfs shows
 * @param pgrp the id of the process group; -1 for a task that is vanishing
 * @param session the id of the session; -1 for a task that is vanishing
 * @param ttyNr the device number of the controlling terminal; 0 without one
 * @param tpgid the id of that terminal's foreground process group; -1 without one
 * @param flags the kernel's {@code PF_*} bits
 * @param minflt page faults that needed no disk
 * @param cminflt those of waited-for children
 * @param majflt page faults that needed the disk
 * @param cmajflt those of waited-for children
 * @param utime time in user mode, in clock ticks
 * @param stime time in kernel mode, in clock ticks
 * @param cutime user time of waited-for children, in clock ticks
 * @param cstime kernel time of waited-for children, in clock ticks
 * @param priority the kernel's scheduling priority; for real-time policies, negative
 * @param nice 19 (low) to -20 (high)
 * @param numThreads threads in the process
 * @param startTime when it started, in clock ticks since boot
 * @param vsize virtual memory, in bytes
 * @param rss resident memory, in pages; only roughly right
 * @param rsslim the limit of resident memory, in bytes; unsigned
 * @param exitSignal the signal that tells the parent of its end; -1 for a thread that is no leader
 * @param processor the CPU that it last ran on
 * @param rtPriority 1 to 99 for a real-time policy, else 0
 * @param policy the scheduling policy: {@code SCHED_*} of sched.h
 * @param delayacctBlkioTicks delay by block I/O, in clock ticks; 0 unless delay accounting is on
 * @param guestTime time spent for a guest's virtual CPU, in clock ticks
 * @param cguestTime that of waited-for children, in clock ticks
 * @param exitCode its exit status as waitpid(2) shows it, 0 if the caller may not know; empty
 *     before Linux 3.5
 * @param raw what follows the name and its parenthesis, from field 3 on; {@link #field} finds in it
 *     those that have no component here
 */
public record Stat(
    int pid,
    Comm comm,
    char stateCode,
    int ppid,
    int pgrp,
    int session,
    int ttyNr,
    int tpgid,
    long flags,
    long minflt,
    long cminflt,
    long majflt,
    long cmajflt,
    long utime,
    long stime,
    long cutime,
    long cstime,
    int priority,
    int nice,
    int numThreads,
    long startTime,
    long vsize,
    long rss,
    long rsslim,
    int exitSignal,
    int processor,
    int rtPriority,
    int policy,
    OptionalLong delayacctBlkioTicks,
    OptionalLong guestTime,
    OptionalLong cguestTime,
    OptionalInt exitCode,
    String raw) {

  private static final int FIRST_FIELD_OF_RAW = 3;

  /** {@code PF_EXITING} of the kernel's sched.h. */
  private static final long EXITING = 0x4;

  /** {@code PF_IO_WORKER}. */
  private static final long IO_WORKER = 0x10;

  /** {@code PF_FORKNOEXEC}. */
  private static final long FORK_NO_EXEC = 0x40;

  /** {@code PF_KTHREAD}. */
  private static final long KERNEL_THREAD = 0x200000;

  /**
   * Parses {@code stat}.
   *
   * @param source where the bytes come from, for an exception to name
   * @param bytes the file, from its start
   * @param length how many of the bytes belong to it
   * @return the record
   * @throws MalformedProcException if it is something else
   */
  public static Stat parse(Path source, byte[] bytes, int length) {
    return new StatParser(source, bytes, length).parse();
  }

  /**
   * Its state.
   *
   * @return what {@link #stateCode()} stands for
   */
  public TaskState state() {
    return TaskState.of(stateCode);
  }

  /**
   * Whether it has no user space: nothing can trace it or stop it.
   *
   * @return true for a kernel thread
   */
  public boolean isKernelThread() {
    return (flags & KERNEL_THREAD) != 0;
  }

  /**
   * Whether it is a thread that the kernel made for the process, of io_uring for example. Such a
   * thread never runs in user space.
   *
   * @return true for a worker
   */
  public boolean isIoWorker() {
    return (flags & IO_WORKER) != 0;
  }

  /**
   * Whether it has not executed a program since it was forked.
   *
   * @return true for a fork without exec
   */
  public boolean isForkNoExec() {
    return (flags & FORK_NO_EXEC) != 0;
  }

  /**
   * Whether it has ended: a zombie, or about to vanish. A leader that ended before other threads of
   * its process is a zombie too, and its process lives: {@link #numThreads()} is then above 1.
   *
   * @return true for the states {@code Z} and {@code X}
   */
  public boolean isZombie() {
    return state() == TaskState.ZOMBIE || state() == TaskState.DEAD;
  }

  /** Whether it has no memory to show: it never had any, or gives it back now. */
  boolean isWithoutMemory() {
    return isKernelThread() || isEnding();
  }

  /** Whether the task has ended, or is about to and has given up what it had. */
  boolean isEnding() {
    return isZombie() || (flags & EXITING) != 0;
  }

  /**
   * Any field by its number in proc_pid_stat(5).
   *
   * @param number 3 or more; a kernel newer than this library may have more of them
   * @return the field as the kernel wrote it; empty if it wrote none
   */
  public Optional<String> field(int number) {
    String[] fields = raw.split(" ", -1);
    int index = number - FIRST_FIELD_OF_RAW;
    return index >= 0 && index < fields.length ? Optional.of(fields[index]) : Optional.empty();
  }

  /**
   * Which process this is, where this is a process's file.
   *
   * @return its identity
   */
  public ProcessId processId() {
    return new ProcessId(pid, startTime);
  }
}
