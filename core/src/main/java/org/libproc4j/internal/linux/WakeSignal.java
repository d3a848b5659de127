package org.libproc4j.internal.linux;

import static org.libproc4j.internal.linux.Downcall.capture;
import static org.libproc4j.internal.linux.Downcall.impossible;
import static org.libproc4j.internal.linux.Downcall.link;
import static org.libproc4j.internal.linux.Downcall.result;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import org.libproc4j.linux.linux_h;
import org.libproc4j.linux.sigaction;
import org.libproc4j.linux.sigset_t;

/**
 * The real-time signal that ends a blocked wait of ours with EINTR.
 *
 * <p>Its handler is libc's {@code abs}, which takes an {@code int} and touches nothing, so that no
 * code of ours runs in a signal handler. There is no SA_RESTART: being interrupted is the point.
 */
public final class WakeSignal {
  private static final MethodHandle SIGACTION =
      link(linux_h.sigaction$address(), linux_h.sigaction$descriptor());
  private static final MethodHandle SIGEMPTYSET =
      link(linux_h.sigemptyset$address(), linux_h.sigemptyset$descriptor());
  private static final MethodHandle SIGADDSET =
      link(linux_h.sigaddset$address(), linux_h.sigaddset$descriptor());

  /** Java's own channels use SIGRTMAX − 2, so we start below it. */
  private static final int FIRST_CANDIDATE = linux_h.__libc_current_sigrtmax() - 4;

  /** The signal's number in this process. */
  public static final int NUMBER = install();

  private WakeSignal() {}

  /** Lets the calling thread receive the signal: the mask that it inherited may block it. */
  public static void unblock(Libc libc) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment set = sigset_t.allocate(arena);
      check("sigemptyset", (int) SIGEMPTYSET.invokeExact(capture(), set));
      check("sigaddset", (int) SIGADDSET.invokeExact(capture(), set, NUMBER));
      check("pthread_sigmask", libc.sigmask(linux_h.SIG_UNBLOCK(), set));
    } catch (FailedCallException e) {
      throw e;
    } catch (Throwable t) {
      throw impossible(t);
    }
  }

  /** Takes the highest real-time signal that nobody in this process has a handler for. */
  private static int install() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment action = arena.allocate(sigaction.layout());
      for (int signal = FIRST_CANDIDATE; signal > linux_h.__libc_current_sigrtmin(); signal--) {
        action(signal, MemorySegment.NULL, action);
        MemorySegment current =
            sigaction.__sigaction_handler.sa_handler(sigaction.__sigaction_handler(action));
        if (current.address() != linux_h.SIG_DFL().address()) {
          continue;
        }
        action.fill((byte) 0);
        sigaction.__sigaction_handler.sa_handler(
            sigaction.__sigaction_handler(action), linux_h.abs$address());
        action(signal, action, MemorySegment.NULL);
        return signal;
      }
    }
    throw new IllegalStateException(
        "every real-time signal of this process has a handler: libproc4j needs one for itself");
  }

  private static void action(int signal, MemorySegment set, MemorySegment get) {
    MemorySegment errno = capture();
    try {
      check("sigaction", result((int) SIGACTION.invokeExact(errno, signal, set, get), errno));
    } catch (FailedCallException e) {
      throw e;
    } catch (Throwable t) {
      throw impossible(t);
    }
  }

  private static void check(String call, int returned) {
    if (returned != 0) {
      throw new FailedCallException(call, Math.abs(returned));
    }
  }
}
