package org.libproc4j;

import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.libproc4j.internal.ptrace.Cause;
import org.libproc4j.internal.ptrace.Disturbance;
import org.libproc4j.internal.ptrace.Engine;
import org.libproc4j.internal.ptrace.Fate;
import org.libproc4j.internal.ptrace.TracedProcess;
import org.libproc4j.internal.ptrace.Tracee;

/** From a tracer's table, or from {@code /proc}, to what a user sees. */
final class Statuses {
  private Statuses() {}

  /** On the tracer's thread. */
  static ProcessStatus of(TracedProcess process, Engine engine) {
    int lwps = engine.live(process).size();
    Tracee representative = process.representative();
    if (representative == null) {
      Errno why = process.fate() == Fate.LOST ? Errno.EAGAIN : Errno.ENOENT;
      throw new ErrnoException("status of process " + process.pid(), why);
    }
    Set<ProcessFlag> flags = EnumSet.noneOf(ProcessFlag.class);
    if (process.async()) {
      flags.add(ProcessFlag.ASYNC);
    }
    return new ProcessStatus(
        process.pid(),
        process.stopped() ? ProcessState.STOP : ProcessState.RUN,
        flags,
        lwps,
        of(representative, engine));
  }

  /** On the tracer's thread. */
  static LwpStatus of(Tracee t, Engine engine) {
    if (t.gone() || !t.stopped()) {
      return unstopped(t.tid(), t.gone() ? ProcessState.UNDEAD : ProcessState.RUN);
    }
    long[] registers = engine.registers(t);
    return new LwpStatus(
        t.tid(),
        ProcessState.STOP,
        reason(t.cause()),
        t.cause() == Cause.REQUESTED ? OptionalInt.empty() : OptionalInt.of(t.what()),
        t.currentSignal() == 0 ? OptionalInt.empty() : OptionalInt.of(t.currentSignal()),
        registers.length == 0 ? OptionalLong.empty() : OptionalLong.of(registers[0]),
        registers.length == 0 ? OptionalLong.empty() : OptionalLong.of(registers[1]),
        Optional.of(trace(t.disturbance())));
  }

  /** Without control. */
  static ProcessStatus of(int pid, Grip.ReadOnly grip) {
    grip.refresh();
    List<Integer> tids = grip.lwpIds();
    if (grip.state() == ProcessState.UNDEAD || tids.isEmpty()) {
      throw new ErrnoException("status of process " + pid, Errno.ENOENT);
    }
    List<LwpStatus> all = tids.stream().map(grip.onlooker::lwp).toList();
    LwpStatus representative =
        all.stream()
            .filter(l -> l.state() == ProcessState.RUN)
            .findFirst()
            .orElseGet(all::getFirst);
    return new ProcessStatus(pid, grip.state(), Set.of(), all.size(), representative);
  }

  /** A thread that is in no stop of which more is known. */
  static LwpStatus unstopped(int tid, ProcessState state) {
    return stoppedElsewhere(tid, state, Optional.empty());
  }

  /** A thread whose stop is somebody else's. */
  static LwpStatus stoppedElsewhere(int tid, ProcessState state, Optional<StopReason> reason) {
    return new LwpStatus(
        tid,
        state,
        reason,
        OptionalInt.empty(),
        OptionalInt.empty(),
        OptionalLong.empty(),
        OptionalLong.empty(),
        Optional.empty());
  }

  private static StopTrace trace(Disturbance disturbance) {
    return switch (disturbance) {
      case NONE -> StopTrace.INVISIBLE;
      case MENDED -> StopTrace.MENDED;
      case UNMENDED -> StopTrace.UNMENDED;
      case SHORT_WRITE -> StopTrace.SHORT_WRITE;
      case SECCOMP -> StopTrace.SECCOMP;
      case USER_DISPATCH -> StopTrace.USER_DISPATCH;
      case OTHER_ABI -> StopTrace.OTHER_ABI;
      case STEPPED -> StopTrace.STEPPED;
      case UNKNOWN -> StopTrace.UNKNOWN;
    };
  }

  private static Optional<StopReason> reason(Cause cause) {
    return switch (cause) {
      case REQUESTED -> Optional.of(StopReason.REQUESTED);
      case SIGNALLED -> Optional.of(StopReason.SIGNALLED);
      case SYSENTRY -> Optional.of(StopReason.SYSENTRY);
      case SYSEXIT -> Optional.of(StopReason.SYSEXIT);
      case FAULTED -> Optional.of(StopReason.FAULTED);
      case JOBCONTROL -> Optional.of(StopReason.JOBCONTROL);
      case EXEC -> Optional.of(StopReason.EXEC);
      case FORK -> Optional.of(StopReason.FORK);
      case VFORK -> Optional.of(StopReason.VFORK);
      case CLONE -> Optional.of(StopReason.CLONE);
      case EXIT -> Optional.of(StopReason.EXIT);
      case UNDOCUMENTED -> Optional.empty();
    };
  }
}
