package org.libproc4j.internal.linux;

import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.libproc4j.internal.linux.InterposedLibc.Call;
import org.libproc4j.internal.linux.InterposedLibc.Function;
import org.libproc4j.linux.linux_h;

/** Which calls there are to fail, and how each of them may fail by its manual page. */
public final class Faults {
  private static final Map<Integer, String> REQUESTS =
      Map.of(
          Ptrace.SEIZE,
          "PTRACE_SEIZE",
          Ptrace.INTERRUPT,
          "PTRACE_INTERRUPT",
          Ptrace.LISTEN,
          "PTRACE_LISTEN",
          Ptrace.CONT,
          "PTRACE_CONT",
          Ptrace.DETACH,
          "PTRACE_DETACH",
          Ptrace.SETOPTIONS,
          "PTRACE_SETOPTIONS",
          Ptrace.GETSIGINFO,
          "PTRACE_GETSIGINFO",
          Ptrace.GETEVENTMSG,
          "PTRACE_GETEVENTMSG",
          Ptrace.PEEKSIGINFO,
          "PTRACE_PEEKSIGINFO",
          linux_h.PTRACE_GET_SYSCALL_INFO(),
          "PTRACE_GET_SYSCALL_INFO");

  private Faults() {}

  /**
   * Calls that are counted together.
   *
   * @param request the request of ptrace, the options of waitid, else 0
   */
  public record Kind(Function function, int request) implements Comparable<Kind> {
    /** Of this call. */
    public static Kind of(Call call) {
      boolean told = call.function() == Function.PTRACE || call.function() == Function.WAITID;
      return new Kind(call.function(), told ? call.request() : 0);
    }

    /** How it may fail, by its manual page. */
    public List<Integer> errnos() {
      return switch (function) {
        case PTRACE -> List.of(Err.ESRCH, Err.EPERM, Err.EIO, Err.EINVAL);
        case WAITID -> List.of(Err.EINTR, Err.ECHILD, Err.EINVAL, Err.EAGAIN, Err.ESRCH);
        case TGKILL -> List.of(Err.EAGAIN, Err.EINVAL, Err.EPERM, Err.ESRCH);
        case PIDFD_OPEN -> List.of(Err.EINVAL, Err.EMFILE, Err.ENFILE, Err.ENOMEM, Err.ESRCH);
        case PIDFD_SEND_SIGNAL -> List.of(Err.EINVAL, Err.EPERM, Err.ESRCH);
        case OPEN -> List.of(Err.EINTR, Err.EMFILE, Err.ENFILE, Err.ENOMEM, Err.EACCES, Err.EINVAL);
        case CLOSE -> List.of(Err.EINTR, Err.EIO);
        case LSEEK -> List.of(Err.EINVAL);
        case GETDENTS64 -> List.of(Err.EINVAL, Err.ENOENT);
        case STATX -> List.of(Err.EINVAL, Err.ENOMEM);
        case PPOLL -> List.of(Err.EINTR, Err.EINVAL, Err.ENOMEM);
        case PIPE2 -> List.of(Err.EINVAL, Err.EMFILE, Err.ENFILE);
        case WRITE -> List.of(Err.EAGAIN, Err.EINTR, Err.EINVAL, Err.EIO, Err.EPERM);
        case MKFIFO -> List.of(Err.EACCES, Err.ENOENT);
        case POSIX_SPAWNP ->
            List.of(Err.EAGAIN, Err.ENOMEM, Err.EPERM, Err.EIO, Err.EINVAL, Err.EMFILE, Err.ENFILE);
        case PTHREAD_SIGMASK -> List.of(Err.EINVAL);
        case TIMER_CREATE -> List.of(Err.EAGAIN, Err.EINVAL, Err.ENOMEM, Err.EPERM);
        case TIMER_SETTIME, TIMER_DELETE -> List.of(Err.EINVAL);
      };
    }

    /** Whether such a failure comes again with the next call: something has run out. */
    public boolean lasts(int errno) {
      boolean runOut =
          errno == Err.EMFILE || errno == Err.ENFILE || errno == Err.ENOMEM || errno == Err.EAGAIN;
      // waitid's EAGAIN means something else. Without a signal to wake a tracer with, callers wait
      // until there is one again.
      return runOut && function != Function.WAITID && function != Function.TGKILL;
    }

    /** Whether the kernel has done it even where it says that it failed. */
    boolean isDoneAllTheSame() {
      return function == Function.CLOSE || function == Function.TIMER_DELETE;
    }

    @Override
    public int compareTo(Kind other) {
      int byFunction = function.compareTo(other.function);
      return byFunction != 0 ? byFunction : Integer.compareUnsigned(request, other.request);
    }

    @Override
    public String toString() {
      return switch (function) {
        case PTRACE -> "ptrace(" + REQUESTS.getOrDefault(request, request + "") + ")";
        case WAITID ->
            "waitid("
                + ((request & Wait.WNOWAIT) != 0 ? "WNOWAIT" : "taking")
                + ((request & Wait.WNOHANG) != 0 ? ", WNOHANG" : "")
                + ((request & Wait.WNOTHREAD) != 0 ? ", for any" : "")
                + ")";
        default -> function.toString().toLowerCase(Locale.ROOT);
      };
    }
  }

  /** Counts the calls of each kind that are made from now on. */
  public static Map<Kind, Integer> count(InterposedLibc libc) {
    Map<Kind, Integer> counts = Collections.synchronizedMap(new TreeMap<>());
    libc.interpose(
        call -> {
          counts.merge(Kind.of(call), 1, Integer::sum);
          return call.proceed();
        });
    return counts;
  }

  /**
   * Fails the n-th call of a kind, counted from 1 and from now, and all later ones too if what is
   * wrong lasts.
   *
   * @return how many have been made
   */
  public static AtomicInteger fail(
      InterposedLibc libc, Kind kind, int n, int errno, boolean lasts) {
    var seen = new AtomicInteger();
    libc.interpose(
        call -> {
          int number = Kind.of(call).equals(kind) ? seen.incrementAndGet() : 0;
          if (lasts ? number < n : number != n) {
            return call.proceed();
          }
          if (kind.isDoneAllTheSame()) {
            call.proceed();
          }
          return -errno;
        });
    return seen;
  }
}
