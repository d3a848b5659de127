package org.libproc4j.internal.linux;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.libproc4j.linux.siginfo_t;

/**
 * The kernel, with a test in between that may fail a call, alter what it reports, or do something
 * just before it. Whatever it is told applies from then on, on whichever thread the call is made.
 */
public final class InterposedLibc extends Libc {
  /** The functions that can be interposed, by their names in C. */
  public enum Function {
    PTRACE,
    WAITID,
    TGKILL,
    PIDFD_OPEN,
    PIDFD_SEND_SIGNAL,
    OPEN,
    CLOSE,
    LSEEK,
    GETDENTS64,
    STATX,
    PPOLL,
    PIPE2,
    WRITE,
    MKFIFO,
    POSIX_SPAWNP,
    PTHREAD_SIGMASK,
    TIMER_CREATE,
    TIMER_SETTIME,
    TIMER_DELETE
  }

  /**
   * A call on its way to the kernel.
   *
   * @param function what is called
   * @param request the request of ptrace, the options of waitid, else 0
   * @param id the task, process or descriptor that it is about
   */
  public record Call(Function function, int request, int id, Object detail, LongSupplier kernel) {
    /** Lets it through to the kernel; "result or −errno". */
    public long proceed() {
      return kernel.getAsLong();
    }

    /** Whether it is that ptrace request. */
    public boolean isPtrace(int number) {
      return function == Function.PTRACE && request == number;
    }

    /** Whether it is a wait that may block. */
    public boolean isBlockingWait() {
      return function == Function.WAITID && (request & Wait.WNOHANG) == 0;
    }

    /** Whether it is a wait for any task. */
    public boolean isWaitForAny() {
      return function == Function.WAITID && id == 0;
    }

    /** Lets it through; a wait for any task as one for this task alone. */
    public long proceedFor(int tid) {
      return isWaitForAny() && detail instanceof SigInfo info
          ? Libc.SYSTEM.waitid(Wait.P_PID, tid, info, (request & ~Wait.WCLONE) | Wait.WALL)
          : proceed();
    }

    /** Whether this wait, which has been let through, has reported any tracee's stop. */
    public boolean hasReportedStop() {
      return detail instanceof SigInfo info && info.pid() != 0 && info.code() == Wait.CLD_TRAPPED;
    }

    /** Whether it has reported a stop of that thread. */
    public boolean hasReportedStopOf(int tid) {
      return detail instanceof SigInfo info && info.pid() == tid && hasReportedStop();
    }

    /** Whether it is a wait that takes what that thread has to report. */
    public boolean isTakingOf(int tid) {
      return function == Function.WAITID && id == tid && (request & Wait.WNOWAIT) == 0;
    }

    /** Makes the stop that this wait has reported look like another. */
    public void reportInstead(int status) {
      if (detail instanceof SigInfo info) {
        info.segment().set(ValueLayout.JAVA_INT, STATUS, status);
      }
    }
  }

  /** What is done instead of each call; it may {@link Call#proceed}. */
  @FunctionalInterface
  public interface Interposer {
    /** The result that the caller gets: "result or −errno". */
    long call(Call call);
  }

  private static final long STATUS =
      siginfo_t._sifields$offset()
          + siginfo_t._sifields._sigchld$offset()
          + siginfo_t._sifields._sigchld.si_status$offset();

  private volatile Interposer interposer = Call::proceed;

  /** Puts something in between; it replaces what was there. */
  public void interpose(Interposer next) {
    interposer = next;
  }

  /** Lets every call through again. */
  public void interposeNothing() {
    interposer = Call::proceed;
  }

  /** Fails the n-th of the calls that match, counted from 1 and from now. */
  public void fail(Predicate<Call> which, int n, int errno) {
    AtomicInteger seen = new AtomicInteger();
    interpose(call -> which.test(call) && seen.incrementAndGet() == n ? -errno : call.proceed());
  }

  /** Fails all calls that match, from now on. */
  public void failAll(Predicate<Call> which, int errno) {
    interpose(call -> which.test(call) ? -errno : call.proceed());
  }

  private long call(Function function, int request, int id, Object detail, LongSupplier kernel) {
    return interposer.call(new Call(function, request, id, detail, kernel));
  }

  @Override
  public long ptrace(int request, int tid, long addr, long data) {
    return call(Function.PTRACE, request, tid, "", () -> super.ptrace(request, tid, addr, data));
  }

  @Override
  public int waitid(int idType, int id, SigInfo info, int options) {
    return (int)
        call(Function.WAITID, options, id, info, () -> super.waitid(idType, id, info, options));
  }

  @Override
  public int tgkill(int tgid, int tid, int signal) {
    return (int) call(Function.TGKILL, 0, tid, "", () -> super.tgkill(tgid, tid, signal));
  }

  @Override
  public int pidfdOpen(int pid) {
    return (int) call(Function.PIDFD_OPEN, 0, pid, "", () -> super.pidfdOpen(pid));
  }

  @Override
  public int pidfdSendSignal(int pidfd, int signal) {
    return (int)
        call(Function.PIDFD_SEND_SIGNAL, 0, pidfd, "", () -> super.pidfdSendSignal(pidfd, signal));
  }

  @Override
  int openOnce(MemorySegment path, int flags, int mode) {
    String name = path.getString(0);
    return (int) call(Function.OPEN, 0, -1, name, () -> super.openOnce(path, flags, mode));
  }

  @Override
  public int close(int fd) {
    return (int) call(Function.CLOSE, 0, fd, "", () -> super.close(fd));
  }

  @Override
  public long rewind(int fd) {
    return call(Function.LSEEK, 0, fd, "", () -> super.rewind(fd));
  }

  @Override
  public long getdents64(int fd, MemorySegment buffer) {
    return call(Function.GETDENTS64, 0, fd, "", () -> super.getdents64(fd, buffer));
  }

  @Override
  public int linkCount(int fd, MemorySegment buffer) {
    return (int) call(Function.STATX, 0, fd, "", () -> super.linkCount(fd, buffer));
  }

  @Override
  public int poll(int fd, int events, long nanos) {
    return (int) call(Function.PPOLL, 0, fd, "", () -> super.poll(fd, events, nanos));
  }

  @Override
  int pollFirst(int first, int second, long nanos) {
    return (int) call(Function.PPOLL, 0, first, "", () -> super.pollFirst(first, second, nanos));
  }

  @Override
  public int pipe(int[] ends) {
    return (int) call(Function.PIPE2, 0, -1, "", () -> super.pipe(ends));
  }

  @Override
  long writeByte(int fd) {
    return call(Function.WRITE, 0, fd, "", () -> super.writeByte(fd));
  }

  @Override
  public int mkfifo(String path) {
    return (int) call(Function.MKFIFO, 0, -1, path, () -> super.mkfifo(path));
  }

  @Override
  int spawn(
      MemorySegment pid,
      MemorySegment file,
      MemorySegment actions,
      MemorySegment attributes,
      MemorySegment argv,
      MemorySegment envp) {
    return (int)
        call(
            Function.POSIX_SPAWNP,
            0,
            -1,
            "",
            () -> super.spawn(pid, file, actions, attributes, argv, envp));
  }

  @Override
  int sigmask(int how, MemorySegment set) {
    return (int) call(Function.PTHREAD_SIGMASK, 0, -1, "", () -> super.sigmask(how, set));
  }

  @Override
  int timerCreate(MemorySegment event, MemorySegment id) {
    return (int) call(Function.TIMER_CREATE, 0, -1, "", () -> super.timerCreate(event, id));
  }

  @Override
  int timerSettime(MemorySegment timer, MemorySegment spec) {
    return (int) call(Function.TIMER_SETTIME, 0, -1, "", () -> super.timerSettime(timer, spec));
  }

  @Override
  int timerDelete(MemorySegment timer) {
    return (int) call(Function.TIMER_DELETE, 0, -1, "", () -> super.timerDelete(timer));
  }
}
