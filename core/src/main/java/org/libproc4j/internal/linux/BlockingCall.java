package org.libproc4j.internal.linux;

import org.jspecify.annotations.Nullable;
import org.libproc4j.linux.linux_h;

/**
 * The system calls of x86-64 that the kernel does not resume after a stop, but ends with EINTR as
 * if a handler had run: signal(7), "Interruption of system calls and library functions by stop
 * signals". Each says where its time limit is, and what it returns when that is over.
 */
public enum BlockingCall {
  EPOLL_WAIT(linux_h.__NR_epoll_wait(), Limit.MILLIS, 3, 0),
  EPOLL_PWAIT(linux_h.__NR_epoll_pwait(), Limit.MILLIS, 3, 0),
  EPOLL_PWAIT2(linux_h.__NR_epoll_pwait2(), Limit.TIMESPEC, 3, 0),
  SEMOP(linux_h.__NR_semop()),
  SEMTIMEDOP(linux_h.__NR_semtimedop(), Limit.TIMESPEC, 3, -linux_h.EAGAIN()),
  SIGTIMEDWAIT(linux_h.__NR_rt_sigtimedwait(), Limit.TIMESPEC, 2, -linux_h.EAGAIN()),
  IO_GETEVENTS(linux_h.__NR_io_getevents(), Limit.TIMESPEC, 4, 0),
  IO_URING_ENTER(linux_h.__NR_io_uring_enter(), Limit.RING, 3, -linux_h.ETIME()),
  READ(linux_h.__NR_read(), Limit.RECEIVE),
  READV(linux_h.__NR_readv(), Limit.RECEIVE),
  PREADV2(linux_h.__NR_preadv2(), Limit.RECEIVE),
  RECVFROM(linux_h.__NR_recvfrom(), Limit.RECEIVE),
  RECVMSG(linux_h.__NR_recvmsg(), Limit.RECEIVE),
  RECVMMSG(linux_h.__NR_recvmmsg(), Limit.RECEIVE),
  ACCEPT(linux_h.__NR_accept(), Limit.RECEIVE),
  ACCEPT4(linux_h.__NR_accept4(), Limit.RECEIVE),
  WRITE(linux_h.__NR_write(), Limit.SEND),
  WRITEV(linux_h.__NR_writev(), Limit.SEND),
  PWRITEV2(linux_h.__NR_pwritev2(), Limit.SEND),
  SENDTO(linux_h.__NR_sendto(), Limit.SEND),
  SENDMSG(linux_h.__NR_sendmsg(), Limit.SEND),
  SENDMMSG(linux_h.__NR_sendmmsg(), Limit.SEND),
  SENDFILE(linux_h.__NR_sendfile(), Limit.SEND),
  /** Of a Unix domain socket: another's result depends on how often the call was entered. */
  CONNECT(linux_h.__NR_connect(), Limit.CONNECT),
  /** From a socket or to one. */
  SPLICE(linux_h.__NR_splice(), Limit.SPLICE);

  /** Where the time limit of a call is. */
  private enum Limit {
    NONE,
    MILLIS,
    TIMESPEC,
    RING,
    RECEIVE,
    SEND,
    CONNECT,
    SPLICE
  }

  private static final int SPLICE_TO = 2;
  private static final @Nullable BlockingCall[] BY_NUMBER = new BlockingCall[512];

  static {
    for (BlockingCall call : values()) {
      BY_NUMBER[call.number] = call;
    }
  }

  private final int number;
  private final Limit limit;
  private final int argument;
  private final int timedOut;

  BlockingCall(int number) {
    this(number, Limit.NONE, 0, 0);
  }

  /** On a socket that its first argument names. */
  BlockingCall(int number, Limit limit) {
    this(number, limit, 0, -linux_h.EAGAIN());
  }

  BlockingCall(int number, Limit limit, int argument, int timedOut) {
    this.number = number;
    this.limit = limit;
    this.argument = argument;
    this.timedOut = timedOut;
  }

  /** The call with this number; null for any other, of x32 too. */
  public static @Nullable BlockingCall of(long number) {
    return number >= 0 && number < BY_NUMBER.length ? BY_NUMBER[(int) number] : null;
  }

  /** What it returns when its time is over: a result or −errno. */
  public int timedOut() {
    return timedOut;
  }

  /** Whether a thread's call is one that ends with EINTR: of those that take any file, on which. */
  public boolean isInterrupted(Libc libc, int tid, Registers registers, TimeLimit limits) {
    return switch (this) {
      case READ, READV, PREADV2, WRITE, WRITEV, PWRITEV2, SENDFILE ->
          limits.isSocket(libc, tid, (int) registers.argument(0));
      case SPLICE ->
          limits.isSocket(libc, tid, (int) registers.argument(0))
              || limits.isSocket(libc, tid, (int) registers.argument(SPLICE_TO));
      default -> true;
    };
  }

  /** Whether it has written, and less than it was to. */
  public boolean isCutShort(Registers registers) {
    long result = registers.result();
    return switch (this) {
      case WRITE, SENDTO -> result > 0 && result < registers.argument(2);
      case SENDFILE -> result > 0 && result < registers.argument(3);
      default -> false;
    };
  }

  /** Whether it may have a time limit; asks nobody. */
  public boolean mayHaveLimit(Registers registers) {
    return switch (limit) {
      case NONE -> false;
      case MILLIS -> (int) registers.argument(argument) >= 0;
      case TIMESPEC -> registers.argument(argument) != 0;
      case RING, RECEIVE, SEND, CONNECT, SPLICE -> true;
    };
  }

  /** For how long it may block from its beginning, in nanoseconds; or {@link TimeLimit#NONE}. */
  public long limit(Libc libc, int pid, int tid, Registers registers, TimeLimit limits) {
    int fd = (int) registers.argument(0);
    return switch (limit) {
      case NONE -> TimeLimit.NONE;
      case MILLIS -> limits.ofMillis((int) registers.argument(argument));
      case TIMESPEC -> limits.ofTimespec(libc, tid, registers.argument(argument));
      case RING ->
          limits.ofRing(libc, tid, registers.argument(argument), registers.argument(argument + 1));
      case RECEIVE -> limits.ofSocket(libc, pid, fd, false);
      case SEND -> limits.ofSocket(libc, pid, fd, true);
      case CONNECT -> limits.ofConnect(libc, pid, fd);
      case SPLICE ->
          limits.isSocket(libc, tid, fd)
              ? limits.ofSocket(libc, pid, fd, false)
              : limits.ofSocket(libc, pid, (int) registers.argument(SPLICE_TO), true);
    };
  }
}
