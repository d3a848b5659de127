package org.libproc4j.internal.linux;

import static org.libproc4j.internal.linux.Downcall.call;
import static org.libproc4j.internal.linux.Downcall.callLong;
import static org.libproc4j.internal.linux.Downcall.capture;
import static org.libproc4j.internal.linux.Downcall.impossible;
import static org.libproc4j.internal.linux.Downcall.link;
import static org.libproc4j.internal.linux.Downcall.result;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.ref.Reference;
import org.libproc4j.linux.iovec;
import org.libproc4j.linux.linux_h;
import org.libproc4j.linux.pollfd;
import org.libproc4j.linux.sched_param;
import org.libproc4j.linux.statx;
import org.libproc4j.linux.timespec;
import org.libproc4j.procfs.internal.ProcCalls;

/**
 * The C functions of process control, each as "result or −errno".
 *
 * <p>An object rather than static methods, so that a test can put itself between the engine and the
 * kernel and fail or alter one call.
 */
public class Libc implements ProcCalls {
  /** The kernel itself. */
  public static final Libc SYSTEM = new Libc();

  private static final MethodHandle PTRACE = link("ptrace");
  private static final MethodHandle WAITID = link("waitid");
  private static final MethodHandle KILL = link("kill");
  private static final MethodHandle TGKILL = link("tgkill");
  private static final MethodHandle GETTID = link("gettid");
  private static final MethodHandle PIDFD_OPEN = link("pidfd_open");
  private static final MethodHandle PIDFD_SEND_SIGNAL = link("pidfd_send_signal");
  private static final MethodHandle OPEN = link("open");
  private static final MethodHandle CLOSE = link("close");
  private static final MethodHandle LSEEK = link("lseek");
  private static final MethodHandle GETDENTS64 = link("getdents64");
  private static final MethodHandle STATX = link("statx");
  private static final MethodHandle PPOLL = link("ppoll");
  private static final MethodHandle PIPE2 = link("pipe2");
  private static final MethodHandle WRITE = link("write");
  private static final MethodHandle READ = link("read");
  private static final MethodHandle MKFIFO = link("mkfifo");
  private static final MethodHandle POSIX_SPAWNP = link("posix_spawnp");
  private static final MethodHandle PTHREAD_SIGMASK = link("pthread_sigmask");
  private static final MethodHandle PRCTL = link("prctl");
  private static final MethodHandle SCHED_SETSCHEDULER = link("sched_setscheduler");
  private static final MethodHandle SETPRIORITY = link("setpriority");
  private static final MethodHandle TIMER_CREATE = link("timer_create");
  private static final MethodHandle TIMER_SETTIME = link("timer_settime");
  private static final MethodHandle TIMER_DELETE = link("timer_delete");
  private static final MethodHandle PROCESS_VM_READV = link("process_vm_readv");
  private static final MethodHandle READLINK = link("readlink");
  private static final MethodHandle PIDFD_GETFD = link("pidfd_getfd");
  private static final MethodHandle GETSOCKOPT = link("getsockopt");

  private static final int AT_FDCWD = linux_h.AT_FDCWD();
  private static final int AT_EMPTY_PATH = linux_h.AT_EMPTY_PATH();
  private static final int STATX_NLINK = linux_h.STATX_NLINK();
  private static final MemorySegment EMPTY_PATH = Arena.global().allocateFrom("");

  /** For subclasses, which are tests. */
  protected Libc() {}

  /**
   * {@code long ptrace(enum __ptrace_request request, pid_t pid, void *addr, void *data)}
   *
   * <p>Never used for the PEEK requests, for which glibc gives −1 a second meaning.
   */
  public long ptrace(int request, int tid, long addr, long data) {
    MemorySegment errno = capture();
    try {
      return result(
          (long) PTRACE.invokeExact(errno, (long) request, (long) tid, addr, data, 0L, 0L), errno);
    } catch (Throwable t) {
      throw impossible(t);
    }
  }

  /**
   * {@code int waitid(idtype_t idtype, id_t id, siginfo_t *infop, int options)}
   *
   * <p>EINTR is surfaced. With {@code WNOHANG} and nothing to report, {@code info.pid()} is 0.
   */
  public int waitid(int idType, int id, SigInfo info, int options) {
    MemorySegment errno = capture();
    info.clearPid();
    try {
      long r =
          (long)
              WAITID.invokeExact(
                  errno, (long) idType, (long) id, info.address(), (long) options, 0L, 0L);
      return result((int) r, errno);
    } catch (Throwable t) {
      throw impossible(t);
    } finally {
      Reference.reachabilityFence(info);
    }
  }

  /**
   * As {@link #ptrace}, and once more if that fails: for what the kernel has no reason to refuse.
   * ESRCH from a tracee that was killed stays ESRCH; a failure without a cause must not leave one
   * standing that nobody would look at again.
   */
  public final long insist(int request, int tid, long addr, long data) {
    long r = ptrace(request, tid, addr, data);
    return r < 0 ? ptrace(request, tid, addr, data) : r;
  }

  /**
   * As {@link #waitid} for one task, without blocking; where that fails, until it says the same
   * twice, or for the third time. ECHILD, that there is no such tracee, is an answer.
   */
  public final int waitidNow(int tid, SigInfo info, int options) {
    int first = waitid(Wait.P_PID, tid, info, options | Wait.WNOHANG);
    if (first >= 0) {
      return first;
    }
    int second = waitid(Wait.P_PID, tid, info, options | Wait.WNOHANG);
    return second >= 0 || second == first
        ? second
        : waitid(Wait.P_PID, tid, info, options | Wait.WNOHANG);
  }

  /** Any class of the generated bindings, to find the others by. */
  public static Class<?> bindings() {
    return linux_h.class;
  }

  /** {@code int kill(pid_t pid, int sig)} */
  public int kill(int pid, int signal) {
    return call(KILL, pid, signal);
  }

  /** {@code int tgkill(pid_t tgid, pid_t tid, int signal)} */
  public int tgkill(int tgid, int tid, int signal) {
    return call(TGKILL, tgid, tid, signal);
  }

  /** {@code pid_t gettid(void)} */
  public int gettid() {
    return call(GETTID);
  }

  /** {@code int pidfd_open(pid_t pid, unsigned int flags)}; the descriptor is close-on-exec. */
  public int pidfdOpen(int pid) {
    return call(PIDFD_OPEN, pid);
  }

  /** {@code int pidfd_send_signal(int pidfd, int sig, siginfo_t *info, unsigned int flags)} */
  public int pidfdSendSignal(int pidfd, int signal) {
    return call(PIDFD_SEND_SIGNAL, pidfd, signal);
  }

  /** {@code int open(const char *path, int flags, mode_t mode)}; EINTR is retried. */
  public final int open(String path, int flags, int mode) {
    try (Arena arena = Arena.ofConfined()) {
      return open(arena.allocateFrom(path), flags, mode);
    }
  }

  private int open(MemorySegment path, int flags, int mode) {
    int fd;
    do {
      fd = openOnce(path, flags, mode);
    } while (fd == -Err.EINTR);
    return fd;
  }

  int openOnce(MemorySegment path, int flags, int mode) {
    try {
      return call(OPEN, path.address(), flags, mode);
    } finally {
      Reference.reachabilityFence(path);
    }
  }

  @Override
  public final int openDirectory(MemorySegment path) {
    return open(path, Open.O_RDONLY | Open.O_DIRECTORY | Open.O_CLOEXEC, 0);
  }

  @Override
  public final int openFile(MemorySegment path) {
    return open(path, Open.O_RDONLY | Open.O_CLOEXEC, 0);
  }

  /** {@code int close(int fd)}; never retried: on Linux the descriptor is gone even after EINTR. */
  @Override
  public int close(int fd) {
    return call(CLOSE, fd);
  }

  /** {@code off_t lseek(int fd, off_t offset, int whence)}, here always to the start. */
  @Override
  public long rewind(int fd) {
    return callLong(LSEEK, fd, 0, linux_h.SEEK_SET());
  }

  /** {@code ssize_t getdents64(int fd, void *buffer, size_t length)} */
  @Override
  public long getdents64(int fd, MemorySegment buffer) {
    try {
      return callLong(GETDENTS64, fd, buffer.address(), buffer.byteSize());
    } finally {
      Reference.reachabilityFence(buffer);
    }
  }

  /**
   * {@code int statx(int dirfd, const char *path, int flags, unsigned int mask, struct statx
   * *buffer)} of the open file itself: its number of links.
   */
  @Override
  public int linkCount(int fd, MemorySegment buffer) {
    return linkCount(fd, EMPTY_PATH, AT_EMPTY_PATH, buffer);
  }

  /**
   * {@code int ppoll(struct pollfd *fds, nfds_t nfds, const struct timespec *timeout, const
   * sigset_t *sigmask)} on one descriptor; EINTR is surfaced.
   *
   * @param fd the descriptor, or −1 to sleep only
   * @param nanos how long at most; negative: for ever
   * @return the events that are there, 0 after the time limit, or −errno
   */
  public int poll(int fd, int events, long nanos) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment fds = pollfd.allocate(arena);
      pollfd.fd(fds, fd);
      pollfd.events(fds, (short) events);
      return ppoll(fds, 1, nanos, arena);
    }
  }

  /**
   * Whether a process has ended, by its pidfd: its state in {@code /proc} is its leader's, which
   * may be a zombie while other threads live.
   */
  public final boolean hasEnded(int pidfd) {
    int r = poll(pidfd, Wait.POLLIN, 0);
    return (r < 0 ? poll(pidfd, Wait.POLLIN, 0) : r) > 0;
  }

  /** As {@link #poll}, for reading from either of two descriptors; the result is of the first. */
  int pollFirst(int first, int second, long nanos) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment fds = pollfd.allocateArray(2, arena);
      for (int i = 0; i < 2; i++) {
        MemorySegment entry = pollfd.asSlice(fds, i);
        pollfd.fd(entry, i == 0 ? first : second);
        pollfd.events(entry, (short) linux_h.POLLIN());
      }
      return ppoll(fds, 2, nanos, arena);
    }
  }

  private static int ppoll(MemorySegment fds, long count, long nanos, Arena arena) {
    MemorySegment limit = MemorySegment.NULL;
    if (nanos >= 0) {
      limit = timespec.allocate(arena);
      timespec.tv_sec(limit, nanos / 1_000_000_000L);
      timespec.tv_nsec(limit, nanos % 1_000_000_000L);
    }
    int r = call(PPOLL, fds.address(), count, limit.address());
    return r <= 0 ? r : pollfd.revents(fds);
  }

  /** {@code int pipe2(int pipefd[2], int flags)}, close-on-exec: reading end, writing end. */
  public int pipe(int[] ends) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment pair = arena.allocate(ValueLayout.JAVA_INT, 2);
      int r = call(PIPE2, pair.address(), Open.O_CLOEXEC);
      ends[0] = pair.getAtIndex(ValueLayout.JAVA_INT, 0);
      ends[1] = pair.getAtIndex(ValueLayout.JAVA_INT, 1);
      return r;
    }
  }

  /** {@code ssize_t write(int fd, const void *buf, size_t count)} of one byte. */
  long writeByte(int fd) {
    try (Arena arena = Arena.ofConfined()) {
      return callLong(WRITE, fd, arena.allocate(1).address(), 1);
    }
  }

  /** As {@link #linkCount(int, MemorySegment)}, of a path. */
  @Override
  public int linkCount(MemorySegment path, MemorySegment buffer) {
    return linkCount(AT_FDCWD, path, 0, buffer);
  }

  private static int linkCount(int fd, MemorySegment path, int flags, MemorySegment buffer) {
    MemorySegment errno = capture();
    try {
      // At each stop: so that the compiler sees which function it is, and allocates nothing.
      long r =
          (long)
              STATX.invokeExact(
                  errno,
                  (long) fd,
                  path.address(),
                  (long) flags,
                  (long) STATX_NLINK,
                  buffer.address(),
                  0L);
      int done = result((int) r, errno);
      return done < 0 ? done : statx.stx_nlink(buffer);
    } catch (Throwable t) {
      throw impossible(t);
    } finally {
      Reference.reachabilityFence(path);
      Reference.reachabilityFence(buffer);
    }
  }

  /** {@code ssize_t read(int fd, void *buf, size_t count)}; EINTR is surfaced. */
  @Override
  public long read(int fd, MemorySegment buffer) {
    try {
      return callLong(READ, fd, buffer.address(), buffer.byteSize());
    } finally {
      Reference.reachabilityFence(buffer);
    }
  }

  /**
   * {@code ssize_t read(int fd, void *buf, size_t count)}: how many bytes there were, or −errno.
   */
  public long read(int fd, byte[] bytes) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment buffer = arena.allocate(bytes.length);
      long r = read(fd, buffer);
      if (r > 0) {
        MemorySegment.copy(buffer, ValueLayout.JAVA_BYTE, 0, bytes, 0, (int) r);
      }
      return r;
    }
  }

  /**
   * {@code ssize_t write(int fd, const void *buf, size_t count)}, repeated until all is written or
   * one fails: 0 or −errno.
   */
  public int write(int fd, byte[] bytes) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment rest = arena.allocateFrom(ValueLayout.JAVA_BYTE, bytes);
      while (rest.byteSize() > 0) {
        long r = callLong(WRITE, fd, rest.address(), rest.byteSize());
        if (r < 0 && r != -Err.EINTR) {
          return (int) r;
        }
        rest = rest.asSlice(Math.max(0, r));
      }
      return 0;
    }
  }

  /** {@code int mkfifo(const char *pathname, mode_t mode)}, for the owner alone. */
  public int mkfifo(String path) {
    try (Arena arena = Arena.ofConfined()) {
      return call(MKFIFO, arena.allocateFrom(path).address(), 0600);
    }
  }

  /**
   * {@code int posix_spawnp(pid_t *pid, const char *file, const posix_spawn_file_actions_t
   * *file_actions, const posix_spawnattr_t *attrp, char *const argv[], char *const envp[])}
   */
  int spawn(
      MemorySegment pid,
      MemorySegment file,
      MemorySegment actions,
      MemorySegment attributes,
      MemorySegment argv,
      MemorySegment envp) {
    return -call(
        POSIX_SPAWNP,
        pid.address(),
        file.address(),
        actions.address(),
        attributes.address(),
        argv.address(),
        envp.address());
  }

  /** {@code int pthread_sigmask(int how, const sigset_t *set, sigset_t *oldset)} */
  int sigmask(int how, MemorySegment set) {
    return -call(PTHREAD_SIGMASK, how, set.address());
  }

  /** {@code int prctl(int op, ...)} with one argument. */
  public int prctl(int operation, long argument) {
    return call(PRCTL, operation, argument);
  }

  /**
   * {@code int sched_setscheduler(pid_t pid, int policy, const struct sched_param *param)}
   *
   * @param tid the thread, 0 for the calling one
   */
  public int schedSetscheduler(int tid, int policy, int priority) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment param = arena.allocate(sched_param.layout());
      sched_param.sched_priority(param, priority);
      return call(SCHED_SETSCHEDULER, tid, policy, param.address());
    }
  }

  /** {@code int setpriority(int which, id_t who, int prio)} of a thread, 0 for the calling one. */
  public int setpriority(int tid, int nice) {
    return call(SETPRIORITY, linux_h.PRIO_PROCESS(), tid, nice);
  }

  /**
   * {@code int timer_create(clockid_t clockid, struct sigevent *sevp, timer_t *timerid)}, by
   * CLOCK_MONOTONIC
   */
  int timerCreate(MemorySegment event, MemorySegment id) {
    try {
      return call(TIMER_CREATE, linux_h.CLOCK_MONOTONIC(), event.address(), id.address());
    } finally {
      Reference.reachabilityFence(event);
    }
  }

  /**
   * {@code int timer_settime(timer_t timerid, int flags, const struct itimerspec *new_value, struct
   * itimerspec *old_value)}, from now on
   */
  int timerSettime(MemorySegment timer, MemorySegment spec) {
    try {
      return call(TIMER_SETTIME, timer.address(), 0, spec.address());
    } finally {
      Reference.reachabilityFence(spec);
    }
  }

  /** {@code int timer_delete(timer_t timerid)} */
  int timerDelete(MemorySegment timer) {
    return call(TIMER_DELETE, timer.address());
  }

  /**
   * {@code ssize_t process_vm_readv(pid_t pid, const struct iovec *local_iov, unsigned long
   * liovcnt, const struct iovec *remote_iov, unsigned long riovcnt, unsigned long flags)} of one
   * piece: 0 if all could be read, else −errno.
   *
   * @param vectors room for two {@code struct iovec}
   */
  public int readMemory(int tid, long address, MemorySegment into, MemorySegment vectors) {
    long length = into.byteSize();
    long theirs = iovec.layout().byteSize();
    try {
      vectors.set(ValueLayout.JAVA_LONG, iovec.iov_base$offset(), into.address());
      vectors.set(ValueLayout.JAVA_LONG, iovec.iov_len$offset(), length);
      vectors.set(ValueLayout.JAVA_LONG, theirs + iovec.iov_base$offset(), address);
      vectors.set(ValueLayout.JAVA_LONG, theirs + iovec.iov_len$offset(), length);
      long ours = vectors.address();
      long r = callLong(PROCESS_VM_READV, tid, ours, 1, ours + theirs, 1, 0);
      return r < 0 ? (int) r : r == length ? 0 : -Err.EIO;
    } finally {
      Reference.reachabilityFence(into);
      Reference.reachabilityFence(vectors);
    }
  }

  /** {@code ssize_t readlink(const char *path, char *buf, size_t bufsiz)} */
  long readlink(MemorySegment path, MemorySegment into) {
    try {
      return callLong(READLINK, path.address(), into.address(), into.byteSize());
    } finally {
      Reference.reachabilityFence(path);
      Reference.reachabilityFence(into);
    }
  }

  /** {@code int pidfd_getfd(int pidfd, int targetfd, unsigned int flags)} */
  int pidfdGetfd(int pidfd, int fd) {
    return call(PIDFD_GETFD, pidfd, fd);
  }

  /**
   * {@code int getsockopt(int sockfd, int level, int optname, void *optval, socklen_t *optlen)} of
   * the socket itself
   */
  int getsockopt(int fd, int option, MemorySegment value, MemorySegment length) {
    try {
      return call(GETSOCKOPT, fd, linux_h.SOL_SOCKET(), option, value.address(), length.address());
    } finally {
      Reference.reachabilityFence(value);
      Reference.reachabilityFence(length);
    }
  }

  /** {@code pid_t getpid(void)}, without a call: it never changes. */
  public int getpid() {
    return Pid.SELF;
  }

  private static final class Pid {
    static final int SELF = (int) java.lang.ProcessHandle.current().pid();
  }
}
